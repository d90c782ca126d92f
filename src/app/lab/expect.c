#include "config.h"
#include "app/lab/expect.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "model/pagemap_bits.h"

/* Where a fact is looked up. */
struct spot {
	const struct snapshot *now;
	const struct process *process; /* NULL: the file */
	uint32_t page;
	const struct measured *measured;
	bool memory;
	const struct page_range *ranges; /* named by the command */
	size_t range_count;
};

static const struct page *
expect_page_at(const struct spot *spot)
{
	return &spot->process->pages[spot->page];
}

static bool
content_is(const struct content *content, const char *text)
{
	size_t length = strlen(text);

	return length <= content->length && memcmp(content->bytes, text, length) == 0;
}

static bool
frame_is(const struct spot *spot, const char *wanted)
{
	char name[FRAME_NAME_MAX];

	return strcmp(snapshot_frame_name(spot->now, expect_page_at(spot)->frame, name), wanted) ==
	    0;
}

/* The process's last act on the page in this step. */
static const struct act *
act_at(const struct spot *spot)
{
	for (size_t i = spot->now->act_count; i-- > 0;) {
		const struct act *act = &spot->now->acts[i];

		if (act->process == spot->process->name && act->page == spot->page)
			return act;
	}
	return NULL;
}

static bool
is_named(const struct spot *spot, uint32_t page)
{
	for (size_t i = 0; i < spot->range_count; i++)
		if (page >= spot->ranges[i].first && page <= spot->ranges[i].last)
			return true;
	return false;
}

static uint64_t
counted(const struct spot *spot, enum fact_type type)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < spot->now->act_count; i++) {
		const struct act *act = &spot->now->acts[i];

		if (act->process == spot->process->name && is_named(spot, act->page))
			sum += type == FACT_MINOR ? act->minor
			    : type == FACT_MAJOR  ? act->major
			    : type == FACT_CALLS  ? act->calls
						  : act->copied;
	}
	return sum;
}

static int64_t
changed_by(const struct memory_change *is, enum fact_type type)
{
	switch (type) {
	case FACT_USED:
		return is->used;
	case FACT_CACHE:
		return is->cache;
	case FACT_SHMEM:
		return is->shared;
	case FACT_AVAILABLE:
		return is->available;
	case FACT_ANON:
		return is->anon;
	case FACT_UNWRITTEN:
		return is->dirty;
	default:
		return INT64_MIN;
	}
}

static uint64_t
allocated_by(const struct allocation *is, bool by_mmap)
{
	bool in_heap =
	    is->block < is->heap_after && is->block >= is->start && is->start < is->heap_after;

	if (!is->size)
		return COUNT_UNKNOWN;
	if (by_mmap)
		return in_heap ? 0 : is->end - is->start;
	return is->heap_after - is->heap_before;
}

static uint64_t
bytes_of(uint64_t kib)
{
	return kib == COUNT_UNKNOWN ? kib : kib * 1024;
}

/* The value of a numeric fact. COUNT_UNKNOWN: unknown. */
static uint64_t
number_at(const struct spot *spot, enum fact_type type)
{
	if (type == FACT_SIZE)
		return spot->now->file_bytes;
	if (type == FACT_LINKS)
		return spot->now->file_links;
	if (!spot->process)
		return COUNT_UNKNOWN;
	if (type >= FACT_USED)
		return COUNT_UNKNOWN;
	switch (type) {
	case FACT_MINOR:
	case FACT_MAJOR:
	case FACT_CALLS:
	case FACT_COPIED:
		return counted(spot, type);
	case FACT_STATUS:
		return spot->process->exit_status < 0 ? COUNT_UNKNOWN
						      : (uint64_t)spot->process->exit_status;
	case FACT_HEAP:
	case FACT_MMAP:
		return allocated_by(&spot->process->did.block, type == FACT_MMAP);
	case FACT_RSS:
		return bytes_of(spot->process->rss_kib);
	case FACT_PSS:
		return bytes_of(spot->process->pss_kib);
	default:
		return COUNT_UNKNOWN;
	}
}

static enum tri
memory_fact(const struct spot *spot, const struct fact *fact)
{
	const struct memory_change *is = spot->measured->weighed;
	int64_t wanted = (int64_t)fact->number * (fact->below_zero ? -1 : 1), kib;

	if (!is || fact->type < FACT_USED)
		return TRI_UNKNOWN;
	kib = changed_by(is, fact->type);
	if (kib == INT64_MIN)
		return TRI_UNKNOWN;
	if (fact->compare == COMPARE_EQUAL)
		return (enum tri)(kib * 1024 == wanted);
	return (enum tri)(
	    fact->compare == COMPARE_AT_LEAST ? kib * 1024 >= wanted : kib * 1024 <= wanted);
}

static bool
expect_is_number(enum fact_type type)
{
	return type >= FACT_MINOR;
}

static enum tri
number_fact(const struct spot *spot, const struct fact *fact)
{
	uint64_t is = number_at(spot, fact->type);
	uint64_t wanted = fact->number * (fact->in_pages ? spot->now->machine.page_size : 1);

	if (is == COUNT_UNKNOWN)
		return TRI_UNKNOWN;
	if (fact->compare == COMPARE_EQUAL)
		return (enum tri)(is == wanted);
	return (enum tri)(fact->compare == COMPARE_AT_LEAST ? is >= wanted : is <= wanted);
}

/* "ACCERR" or "SEGV_ACCERR" */
static bool
code_is(const struct act *act, const char *wanted)
{
	const char *name = signal_code_name(act->signal, act->code), *part = strchr(name, '_');

	return strcmp(name, wanted) == 0 || (part && strcmp(part + 1, wanted) == 0);
}

static enum tri
act_fact(const struct spot *spot, const struct fact *fact)
{
	const struct act *act = act_at(spot);

	if (fact->type == FACT_ERRNO)
		return act && !act->signal && act->errnum == fact->value;
	if (!act || !act->signal)
		return TRI_NO;
	return fact->type == FACT_CODE ? code_is(act, fact->text)
				       : !fact->value || act->signal == fact->value;
}

static bool
is_dead(const struct spot *spot)
{
	return spot->process->life == LIFE_DEAD;
}

static enum tri
state_fact(const struct spot *spot, const struct fact *fact)
{
	enum page_state state = (enum page_state)expect_page_at(spot)->state;

	if (state == PAGE_UNKNOWN && fact->value != PAGE_UNKNOWN && !is_dead(spot))
		return TRI_UNKNOWN;
	return (enum tri)((int)state == fact->value);
}

/* A process whose entry is unknown may map the frame too. */
static enum tri
mapped_by_fact(const struct spot *spot, const struct fact *fact)
{
	for (size_t i = 0; i < spot->now->process_count; i++) {
		const struct process *process = &spot->now->processes[i];

		if (process->life != LIFE_DEAD && !process->pages[spot->page].pagemap_known)
			return TRI_UNKNOWN;
	}
	return (enum tri)(expect_page_at(spot)->mapped_by == fact->value);
}

static enum tri
process_fact(const struct spot *spot, const struct fact *fact)
{
	const struct page *page = expect_page_at(spot);
	uint32_t number;

	switch (fact->type) {
	case FACT_STATE:
		return state_fact(spot, fact);
	case FACT_DIRTY:
		return (enum tri)page->dirty;
	case FACT_CLEAN:
		return page->dirty == TRI_UNKNOWN ? TRI_UNKNOWN : (enum tri) !page->dirty;
	case FACT_MAPPED:
		if (!page->pagemap_known)
			return is_dead(spot) ? TRI_NO : TRI_UNKNOWN;
		return (enum tri)pm_present(page->pagemap);
	case FACT_CACHED:
		number = page_file_page(spot->now, spot->process, spot->page);
		if (!spot->now->file_pages || number >= spot->now->page_count)
			return TRI_UNKNOWN;
		return (enum tri)spot->now->file_pages[number].cached;
	case FACT_ALIVE:
		return spot->process->life != LIFE_DEAD;
	case FACT_DEAD:
		return spot->process->life == LIFE_DEAD;
	case FACT_STOPPED:
		return spot->process->life == LIFE_STOPPED;
	case FACT_MAPPED_BY:
		return mapped_by_fact(spot, fact);
	case FACT_FRAME:
		if (page->state == PAGE_UNKNOWN && !is_dead(spot))
			return TRI_UNKNOWN;
		return frame_is(spot, fact->text);
	case FACT_CONTENT:
		return page->content.length ? (enum tri)content_is(&page->content, fact->text)
					    : TRI_UNKNOWN;
	case FACT_WAITING:
		return spot->process->life == LIFE_BUSY;
	case FACT_FAULTED:
	case FACT_CODE:
	case FACT_ERRNO:
		return act_fact(spot, fact);
	default:
		return number_fact(spot, fact);
	}
	return TRI_UNKNOWN;
}

static enum tri
file_fact(const struct spot *spot, const struct fact *fact)
{
	const struct file_page *page;

	if (expect_is_number(fact->type))
		return number_fact(spot, fact);
	if (!spot->now->file_pages)
		return TRI_UNKNOWN;
	page = &spot->now->file_pages[spot->page];
	switch (fact->type) {
	case FACT_DIRTY:
		return (enum tri)page->dirty;
	case FACT_CLEAN:
		return page->dirty == TRI_UNKNOWN ? TRI_UNKNOWN : (enum tri) !page->dirty;
	case FACT_CACHED:
		return (enum tri)page->cached;
	case FACT_CONTENT:
		return page->content.length ? (enum tri)content_is(&page->content, fact->text)
					    : TRI_UNKNOWN;
	default:
		return TRI_UNKNOWN;
	}
}

static bool
is_size(enum fact_type type)
{
	return type != FACT_MINOR && type != FACT_MAJOR && type != FACT_CALLS &&
	    type != FACT_LINKS && type != FACT_STATUS;
}

static void
describe_number(struct buf *out, const struct spot *spot, enum fact_type type)
{
	uint64_t is = number_at(spot, type);

	if (spot->process)
		buf_addf(out, "%c ", spot->process->name);
	if (is == COUNT_UNKNOWN)
		buf_addf(out, "%s=?", fact_name(type));
	else if (!is_size(type) || is % 1024)
		buf_addf(out, "%s=%llu", fact_name(type), (unsigned long long)is);
	else
		buf_addf(out, "%s=%lluK", fact_name(type), (unsigned long long)is / 1024);
}

static void
describe_act(struct buf *out, const struct spot *spot)
{
	const struct act *act = act_at(spot);

	if (!act)
		buf_addf(out, _("nothing was done to %1$c:%2$u"), spot->process->name, spot->page);
	else if (act->signal)
		buf_addf(out, "%c:%u faulted=%s code=%s", spot->process->name, spot->page,
		    signal_name(act->signal), signal_code_name(act->signal, act->code));
	else
		buf_addf(out, "%c:%u errno=%s", spot->process->name, spot->page,
		    act->errnum ? errno_name(act->errnum) : "0");
}

static bool
is_of_act(enum fact_type type)
{
	return type == FACT_FAULTED || type == FACT_CODE || type == FACT_ERRNO;
}

/* What is true instead, for the message. */
static void
describe_file_page(struct buf *out, const struct spot *spot)
{
	const struct file_page *page =
	    spot->now->file_pages ? &spot->now->file_pages[spot->page] : NULL;

	buf_addf(out, "file:%u", spot->page);
	if (!page)
		return;
	if (page->cached != TRI_UNKNOWN)
		buf_add(out, page->cached == TRI_YES ? " cached" : " not cached");
	if (page->cached == TRI_YES && page->dirty != TRI_UNKNOWN)
		buf_add(out, page->dirty == TRI_YES ? " dirty" : " clean");
}

static void
describe_page(struct buf *out, const struct spot *spot)
{
	const struct page *page;
	char name[FRAME_NAME_MAX];

	if (!spot->process) {
		describe_file_page(out, spot);
		return;
	}
	page = expect_page_at(spot);
	buf_addf(out, "%c:%u %s", spot->process->name, spot->page, page_state_word(page->state));
	if (page->frame != FRAME_NONE)
		buf_addf(out, " %s mapped_by=%u", snapshot_frame_name(spot->now, page->frame, name),
		    page->mapped_by);
	if (page->dirty == TRI_YES)
		buf_add(out, " dirty");
	if (spot->process->life == LIFE_DEAD)
		buf_add(out, " dead");
	if (spot->process->life == LIFE_BUSY)
		buf_add(out, " waiting");
}

static void
describe_memory(struct buf *out, const struct spot *spot, enum fact_type type)
{
	if (!spot->measured->weighed)
		buf_add(out, _("nothing was weighed"));
	else if (type < FACT_USED)
		buf_add(out, "memory");
	else
		buf_addf(out, "%s=%lldK", fact_name(type),
		    (long long)changed_by(spot->measured->weighed, type));
}

static void
expect_describe(struct buf *out, const struct spot *spot, enum fact_type type)
{
	if (spot->memory)
		describe_memory(out, spot, type);
	else if (expect_is_number(type))
		describe_number(out, spot, type);
	else if (spot->process && is_of_act(type))
		describe_act(out, spot);
	else
		describe_page(out, spot);
}

static void
fact_words(struct buf *out, const struct fact *fact)
{
	static const char *const relations[] = {"=", ">=", "<="};

	if (fact->negated)
		buf_add(out, "not ");
	if (fact->type == FACT_STATE)
		buf_add(out, page_state_word((enum page_state)fact->value));
	else if (fact->type == FACT_MAPPED_BY)
		buf_addf(out, "mapped_by=%d", fact->value);
	else if (fact->type == FACT_FRAME)
		buf_addf(out, "frame=%s", fact->text);
	else if (fact->type == FACT_CONTENT)
		buf_addf(out, "content=\"%s\"", fact->text);
	else if (fact->type == FACT_CODE)
		buf_addf(out, "code=%s", fact->text);
	else if (fact->type == FACT_ERRNO)
		buf_addf(out, "errno=%s", fact->value ? errno_name(fact->value) : "0");
	else
		buf_add(out, fact_name(fact->type));
	if (fact->type == FACT_FAULTED && fact->value)
		buf_addf(out, "=%s", signal_name(fact->value));
	if (expect_is_number(fact->type))
		buf_addf(out, "%s%s%llu%s", relations[fact->compare], fact->below_zero ? "-" : "",
		    (unsigned long long)fact->number, fact->in_pages ? "p" : "");
}

/* Does the lab have something that a fact about a file can be asked of? */
static bool
has_file_facts(const struct spot *spot, enum fact_type type)
{
	if (type == FACT_SIZE || type == FACT_LINKS)
		return kind_has_file(spot->now->kind);
	return spot->now->kind != KIND_PRIVATE_ANON;
}

static bool
expect_is_of_file(enum fact_type type)
{
	return type == FACT_DIRTY || type == FACT_CLEAN || type == FACT_CACHED ||
	    type == FACT_CONTENT || type == FACT_SIZE || type == FACT_LINKS;
}

/* Is there nothing, on any machine, that the fact could be asked of? */
static bool
is_moot(const struct spot *spot, enum fact_type type)
{
	if (spot->memory)
		return !spot->measured->weighed || type < FACT_USED;
	if (!spot->process)
		return !expect_is_of_file(type) || !has_file_facts(spot, type);
	switch (type) {
	case FACT_CACHED:
	case FACT_SIZE:
	case FACT_LINKS:
		return !has_file_facts(spot, type);
	case FACT_CONTENT:
		return is_dead(spot) || expect_page_at(spot)->state == PAGE_ABSENT;
	case FACT_RSS:
	case FACT_PSS:
		return is_dead(spot);
	case FACT_STATUS:
		return spot->process->exit_status < 0;
	case FACT_HEAP:
	case FACT_MMAP:
		return !spot->process->did.block.size;
	default:
		return false;
	}
}

static const char *
why_content_unknown(const struct spot *spot)
{
	if (spot->process && expect_page_at(spot)->state == PAGE_SWAPPED)
		return _("the page is in swap");
	if (spot->process && pm_present(expect_page_at(spot)->pagemap) &&
	    !(expect_page_at(spot)->pagemap & PM_FILE))
		return _("the memory of a process is not read, and what was done does not tell");
	return _(
	    "the page is not known to be in memory, and is not read from the disk to find out");
}

static const char *
why_unknown(const struct spot *spot, enum fact_type type)
{
	switch (type) {
	case FACT_CONTENT:
		return why_content_unknown(spot);
	case FACT_CACHED:
		return _("neither cachestat(2) nor mincore(2) tells here");
	case FACT_DIRTY:
	case FACT_CLEAN:
		return spot->process
		    ? _("neither smaps nor kpageflags tells here")
		    : _("cachestat(2) does not tell here, and no process maps the page");
	case FACT_STATE:
	case FACT_FRAME:
	case FACT_MAPPED_BY:
	case FACT_MAPPED:
		return expect_page_at(spot)->pagemap_known
		    ? _("page frame numbers are not shown, and without them the bits do not decide it")
		    : _("its pagemap cannot be read");
	case FACT_RSS:
	case FACT_PSS:
		return _("its smaps cannot be read");
	case FACT_ANON:
		return _("this kernel does not count it");
	default:
		return _("the kernel does not tell");
	}
}

static enum tri
fact_holds(const struct spot *spot, const struct fact *fact)
{
	if (is_moot(spot, fact->type))
		return fact->negated ? TRI_YES : TRI_NO;
	if (spot->memory)
		return memory_fact(spot, fact);
	return spot->process ? process_fact(spot, fact) : file_fact(spot, fact);
}

static void
say_why(struct buf *why, const struct spot *spot, const struct fact *fact, bool known)
{
	struct buf wanted = BUF_INIT, found = BUF_INIT;

	fact_words(&wanted, fact);
	expect_describe(&found, spot, fact->type);
	buf_clear(why);
	if (known)
		buf_addf(why, _("expected %1$s, but the kernel says: %2$s"), buf_text(&wanted),
		    buf_text(&found));
	else
		buf_addf(why, _("it is not known whether %1$s is %2$s: %3$s"), buf_text(&found),
		    buf_text(&wanted), why_unknown(spot, fact->type));
	buf_free(&wanted);
	buf_free(&found);
}

/* The result with one more fact. Reports the first false one, else the first unknown one. */
static enum tri
check_fact(const struct spot *spot, const struct fact *fact, enum tri before, struct buf *why)
{
	enum tri holds = fact_holds(spot, fact);

	if (holds == TRI_UNKNOWN && before == TRI_YES)
		say_why(why, spot, fact, false);
	if (holds == TRI_UNKNOWN)
		return TRI_UNKNOWN;
	if ((holds == TRI_YES) != fact->negated)
		return before;
	say_why(why, spot, fact, true);
	return TRI_NO;
}

static enum tri
expect_check_page(
    const struct spot *spot, const struct command *command, enum tri before, struct buf *why)
{
	for (size_t i = 0; i < command->fact_count && before != TRI_NO; i++)
		before = check_fact(spot, &command->facts[i], before, why);
	return before;
}

static enum tri
check_processes(struct spot *spot, const struct command *command, uint16_t processes,
    enum tri before, struct buf *why)
{
	for (size_t i = 0; i < spot->now->process_count; i++) {
		spot->process = &spot->now->processes[i];
		if (processes & 1u << (spot->process->name - 'a'))
			before = expect_check_page(spot, command, before, why);
	}
	return before;
}

enum tri
expect_holds(const struct snapshot *now, const struct measured *measured,
    const struct command *command, uint16_t processes, const struct page_range *ranges,
    size_t range_count, struct buf *why)
{
	struct spot spot = {
	    .now = now,
	    .measured = measured,
	    .ranges = ranges,
	    .range_count = range_count,
	};
	enum tri holds = TRI_YES;

	spot.memory = command->target.who == WHO_MEMORY;
	if (spot.memory)
		return expect_check_page(&spot, command, holds, why);
	for (size_t i = 0; i < range_count; i++)
		for (spot.page = ranges[i].first; spot.page <= ranges[i].last; spot.page++)
			holds = command->target.who == WHO_FILE
			    ? expect_check_page(&spot, command, holds, why)
			    : check_processes(&spot, command, processes, holds, why);
	return holds;
}
