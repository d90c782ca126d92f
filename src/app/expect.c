#include "config.h"
#include "app/expect.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "model/pagemap.h"

/* Where a fact is looked for. */
struct spot {
	const struct snapshot *now;
	const struct process *process; /* NULL: the file */
	uint32_t page;
};

static const struct page *
page_at(const struct spot *spot)
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

	return strcmp(snapshot_frame_name(spot->now, page_at(spot)->frame, name), wanted) == 0;
}

static const struct act *
fault_at(const struct spot *spot)
{
	for (size_t i = spot->now->act_count; i-- > 0;) {
		const struct act *act = &spot->now->acts[i];

		if (act->process == spot->process->name && act->page == spot->page)
			return act->signal ? act : NULL;
	}
	return NULL;
}

static enum tri
process_fact(const struct spot *spot, const struct fact *fact)
{
	const struct page *page = page_at(spot);
	const struct act *fault;
	uint32_t number;

	switch (fact->type) {
	case FACT_STATE:
		return page->state == fact->value;
	case FACT_DIRTY:
		return (enum tri)page->dirty;
	case FACT_CLEAN:
		return page->dirty == TRI_UNKNOWN ? TRI_UNKNOWN : (enum tri)!page->dirty;
	case FACT_MAPPED:
		return !page->pagemap_known ? TRI_UNKNOWN : (enum tri)pm_present(page->pagemap);
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
		return page->pagemap_known ? (enum tri)(page->mapped_by == fact->value) : TRI_UNKNOWN;
	case FACT_FRAME:
		return frame_is(spot, fact->text);
	case FACT_CONTENT:
		return page->content.length ? (enum tri)content_is(&page->content, fact->text) : TRI_UNKNOWN;
	case FACT_FAULTED:
		fault = fault_at(spot);
		return fault && (!fact->value || fault->signal == fact->value);
	}
	return TRI_UNKNOWN;
}

static enum tri
file_fact(const struct spot *spot, const struct fact *fact)
{
	const struct file_page *page;

	if (!spot->now->file_pages)
		return TRI_UNKNOWN;
	page = &spot->now->file_pages[spot->page];
	switch (fact->type) {
	case FACT_DIRTY:
		return (enum tri)page->dirty;
	case FACT_CLEAN:
		return page->dirty == TRI_UNKNOWN ? TRI_UNKNOWN : (enum tri)!page->dirty;
	case FACT_CACHED:
		return (enum tri)page->cached;
	case FACT_CONTENT:
		return page->content.length ? (enum tri)content_is(&page->content, fact->text) : TRI_UNKNOWN;
	default:
		return TRI_UNKNOWN;
	}
}

/* What is so instead, for the message. */
static void
describe(struct buf *out, const struct spot *spot)
{
	const struct page *page;
	char name[FRAME_NAME_MAX];

	if (!spot->process) {
		buf_addf(out, "file:%u", spot->page);
		return;
	}
	page = page_at(spot);
	buf_addf(out, "%c:%u %s", spot->process->name, spot->page, page_state_word(page->state));
	if (page->frame != FRAME_NONE)
		buf_addf(out, " %s mapped_by=%u", snapshot_frame_name(spot->now, page->frame, name), page->mapped_by);
	if (page->dirty == TRI_YES)
		buf_add(out, " dirty");
	if (spot->process->life == LIFE_DEAD)
		buf_add(out, " dead");
}

static void
fact_words(struct buf *out, const struct fact *fact)
{
	static const char *const words[] = {[FACT_DIRTY] = "dirty", [FACT_CLEAN] = "clean", [FACT_CACHED] = "cached",
	    [FACT_MAPPED] = "mapped", [FACT_ALIVE] = "alive", [FACT_DEAD] = "dead", [FACT_STOPPED] = "stopped",
	    [FACT_FAULTED] = "faulted"};

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
	else
		buf_add(out, words[fact->type]);
}

static bool
check(const struct spot *spot, const struct fact *fact, struct buf *why)
{
	enum tri holds = spot->process ? process_fact(spot, fact) : file_fact(spot, fact);
	struct buf wanted = BUF_INIT, found = BUF_INIT;

	if (holds != TRI_UNKNOWN && (holds == TRI_YES) != fact->negated)
		return true;
	fact_words(&wanted, fact);
	describe(&found, spot);
	if (holds == TRI_UNKNOWN)
		buf_addf(why, _("it is not known whether %1$s is %2$s"), buf_text(&found), buf_text(&wanted));
	else
		buf_addf(why, _("expected %1$s, but the kernel says: %2$s"), buf_text(&wanted), buf_text(&found));
	buf_free(&wanted);
	buf_free(&found);
	return false;
}

static bool
check_page(const struct spot *spot, const struct command *command, struct buf *why)
{
	for (size_t i = 0; i < command->fact_count; i++)
		if (!check(spot, &command->facts[i], why))
			return false;
	return true;
}

bool
expect_holds(const struct snapshot *now, const struct command *command, uint16_t processes,
    const struct page_range *ranges, size_t range_count, struct buf *why)
{
	struct spot spot = {.now = now};

	for (size_t i = 0; i < range_count; i++)
		for (spot.page = ranges[i].first; spot.page <= ranges[i].last; spot.page++) {
			if (command->target.who == WHO_FILE && !check_page(&spot, command, why))
				return false;
			for (size_t j = 0; j < now->process_count && command->target.who != WHO_FILE; j++) {
				spot.process = &now->processes[j];
				if (processes & 1u << (spot.process->name - 'a') && !check_page(&spot, command, why))
					return false;
			}
		}
	return true;
}
