#include "config.h"
#include "model/lab/events.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "model/pagemap_bits.h"

/* The words that fill a sentence, so that each sentence stays whole. */
struct sentence_words {
	char process[4];
	struct buf others;
	size_t other_count;
};

static struct sentence_words
sentence_words_of(const struct event *event)
{
	struct sentence_words words = {.process = {event->process ? event->process : '?', '\0'}};

	words.other_count = (size_t)__builtin_popcount(event->others);
	names_of(&words.others, event->others);
	return words;
}

static void
sentence_words_free(struct sentence_words *words)
{
	buf_free(&words->others);
}

void
names_of(struct buf *out, uint16_t processes)
{
	int left = __builtin_popcount(processes);

	for (char name = 'a'; name < PROCESS_NAME_END; name++) {
		if (!(processes & 1u << (name - 'a')))
			continue;
		buf_add_char(out, name);
		left--;
		if (left > 1)
			buf_add(out, ", ");
		else if (left == 1)
			buf_add(out, _(" and "));
	}
}

/* The end of the range of consecutive numbers that begins at first. */
static size_t
range_end(const uint32_t *pages, size_t count, size_t first)
{
	while (first + 1 < count && pages[first + 1] == pages[first] + 1)
		first++;
	return first;
}

void
pages_of(struct buf *out, const uint32_t *pages, size_t count)
{
	for (size_t i = 0; i < count;) {
		size_t last = range_end(pages, count, i);

		if (i)
			buf_add(out, last + 1 == count ? _(" and ") : ", ");
		buf_addf(out, "%u", pages[i]);
		if (last > i)
			buf_addf(out, "-%u", pages[last]);
		i = last + 1;
	}
}

/* Who still maps the frame that was left: the sentence after a copy. */
static void
sentence_still_shared(
    struct buf *out, const struct event *event, const struct sentence_words *words)
{
	if (words->other_count || event->from[0] == 'F')
		buf_add_char(out, ' ');
	if (words->other_count > 1)
		buf_addf(out, _("%1$s still share %2$s: they don't see the write."),
		    buf_text(&words->others), event->from);
	else if (words->other_count == 1)
		buf_addf(out, _("Only %1$s still maps %2$s and doesn't see the write."),
		    buf_text(&words->others), event->from);
	else if (event->from[0] == 'F')
		buf_addf(out,
		    _("No process maps %1$s now; the file's page in the page cache stays as it was."),
		    event->from);
}

static void
sentence_copied(struct buf *out, const struct event *event, const struct sentence_words *words)
{
	buf_addf(out,
	    _("The kernel copied %1$s into a new frame, %2$s; %3$s's page %4$u points there now."),
	    event->from, event->to, words->process, event->page);
	sentence_still_shared(out, event, words);
}

static void
filled_sentence(struct buf *out, const struct event *event, const struct sentence_words *words)
{
	if (event->from[0] == 'Z')
		buf_addf(out,
		    _("%1$s's page %2$u left the kernel's page of zeros and got a frame of its own, %3$s."),
		    words->process, event->page, event->to);
	else
		buf_addf(out,
		    _("%1$s's page %2$u got a fresh frame of zeros, %3$s: there was nothing to copy."),
		    words->process, event->page, event->to);
}

static void
mapped_sentence(struct buf *out, const struct event *event, const struct sentence_words *words)
{
	if (event->to[0] == 'Z')
		buf_addf(out,
		    _("%1$s's page %2$u points to the kernel's page of zeros: no memory was taken."),
		    words->process, event->page);
	else if (words->other_count)
		buf_addf(out,
		    NP_("%1$s's page %2$u points to %3$s now, the frame that %4$s maps too.",
			"%1$s's page %2$u points to %3$s now, the frame that %4$s map too.",
			words->other_count),
		    words->process, event->page, event->to, buf_text(&words->others));
	else
		buf_addf(out,
		    _("%1$s's page %2$u points to %3$s now; no other process of the lab does."),
		    words->process, event->page, event->to);
}

static void
dropped_sentence(struct buf *out, const struct event *event, const struct sentence_words *words)
{
	if (event->from[0] == 'F' || event->from[0] == '\0' || event->from[0] == 'Z')
		buf_addf(
		    out, _("%1$s's page %2$u points nowhere now."), words->process, event->page);
	else if (words->other_count)
		buf_addf(out,
		    NP_("%1$s's page %2$u points nowhere now; %3$s still maps %4$s.",
			"%1$s's page %2$u points nowhere now; %3$s still map %4$s.",
			words->other_count),
		    words->process, event->page, buf_text(&words->others), event->from);
	else
		buf_addf(out,
		    _("%1$s's page %2$u points nowhere now: its frame %3$s is gone, and what was written there."),
		    words->process, event->page, event->from);
}

static void
alone_sentence(struct buf *out, const struct event *event, const struct sentence_words *words)
{
	if (words->other_count)
		buf_addf(out, _("%1$s is alone on %2$s now: %3$s left it."), words->process,
		    event->to, buf_text(&words->others));
	else
		buf_addf(out, _("%1$s is alone on %2$s now: whoever else mapped it left."),
		    words->process, event->to);
}

/* Past the end of the file: SIGBUS at the right address can mean nothing else there. */
static bool
is_behind_end(const struct event *event, const struct snapshot *now)
{
	const struct process *process = snapshot_process(now, event->process);

	return process && event->page < now->page_count && now->file_bytes != COUNT_UNKNOWN &&
	    (uint64_t)page_file_page(now, process, event->page) * now->machine.page_size >=
	    now->file_bytes;
}

/* NULL: neither the signal's code nor anything else tells why. */
static const char *
why_bus(const struct event *event, const struct snapshot *now)
{
	if (event->code != BUS_ADRERR)
		return NULL;
	if (is_behind_end(event, now))
		return _("the file ends before this page");
	if (event->errnum == ENOSPC)
		return _(
		    "the file is long enough, but its file system has no room left for the page (ENOSPC)");
	if (kind_has_file(now->kind))
		return _(
		    "the file is long enough, but the page could not be had: no room (ENOSPC), a quota (EDQUOT) or a failing disk (EIO); SIGBUS does not say which");
	return NULL;
}

static const char *
why_segv(const struct event *event)
{
	return event->code == SEGV_MAPERR ? _("nothing is mapped there")
	    : event->code == SEGV_ACCERR  ? _("the page's protection does not allow it")
					  : NULL;
}

static void
faulted_sentence(struct buf *out, const struct event *event, const struct sentence_words *words,
    const struct snapshot *now)
{
	const char *why = event->signal == SIGBUS ? why_bus(event, now)
	    : event->signal == SIGSEGV            ? why_segv(event)
						  : NULL;
	char signal[32], code[32];

	strcpy(signal, signal_name(event->signal));
	strcpy(code, signal_code_name(event->signal, event->code));
	if (why)
		buf_addf(out,
		    _("%1$s got %2$s (%3$s) at 0x%4$llx, page %5$u: %6$s. It caught the signal and lives on."),
		    words->process, signal, code, (unsigned long long)event->address, event->page,
		    why);
	else
		buf_addf(out,
		    _("%1$s got %2$s (%3$s) at 0x%4$llx, page %5$u. It caught the signal and lives on."),
		    words->process, signal, code, (unsigned long long)event->address, event->page);
}

const char *
act_call(enum act_verb verb)
{
	static const char *const calls[] = {
	    [ACT_READ] = "read",
	    [ACT_WRITE] = "write",
	    [ACT_SYNC] = "msync",
	    [ACT_ADVISE] = "madvise",
	    [ACT_PROTECT] = "mprotect",
	    [ACT_UNMAP] = "munmap",
	    [ACT_MAP] = "mmap",
	    [ACT_LOCK] = "pthread_mutex_lock",
	    [ACT_UNLOCK] = "pthread_mutex_unlock",
	    [ACT_COPY] = "the call",
	};

	return calls[verb];
}

static void
refused_sentence(struct buf *out, const struct event *event, const struct sentence_words *words)
{
	if (event->code == ACT_LOCK && event->errnum == EOWNERDEAD) {
		buf_addf(out,
		    _("The holder of the lock in page %2$u died: pthread_mutex_lock gave it to %1$s and returned EOWNERDEAD, so that %1$s "
		      "can mend what was left half done."),
		    words->process, event->page);
		return;
	}
	buf_addf(out, _("The kernel refused %1$s for %2$s's page %3$u: %4$s (%5$s)."),
	    act_call((enum act_verb)event->code), words->process, event->page,
	    strerror(event->errnum), errno_name(event->errnum));
}

static void
exited_sentence(struct buf *out, const struct event *event, const struct sentence_words *words)
{
	if (event->signal)
		buf_addf(out, _("%1$s was ended by %2$s; its page table is gone with it."),
		    words->process, signal_name(event->signal));
	else if (event->code >= 0)
		buf_addf(out, _("%1$s exited with status %2$d; its page table is gone with it."),
		    words->process, event->code);
	else
		buf_addf(out, _("%1$s ended; its page table is gone with it."), words->process);
}

/* Pages that the parent has and the child lacks, though they are mapped there; the caller frees
 * it. */
static uint32_t *
pages_left_out(const struct snapshot *now, const struct process *parent,
    const struct process *child, size_t *count)
{
	uint32_t *pages = mem_zero(now->page_count, sizeof(*pages));

	*count = 0;
	for (uint32_t i = 0; i < now->page_count; i++) {
		const struct page *has = &parent->pages[i], *lacks = &child->pages[i];

		if (pm_present(has->pagemap) && lacks->state == PAGE_ABSENT && lacks->vma >= 0 &&
		    !page_is_shared(now, child, i))
			pages[(*count)++] = i;
	}
	return pages;
}

/* fork copies page tables by VMA, and our VMAs differ from other programs'. */
static void
say_left_out(struct buf *out, const struct snapshot *now, const struct process *parent,
    const struct process *child)
{
	struct buf pages = BUF_INIT;
	size_t count;
	uint32_t *left = pages_left_out(now, parent, child, &count);

	pages_of(&pages, left, count);
	if (count && now->one_vma)
		buf_addf(out,
		    NP_(" %2$c has no entry at page %3$s yet: %1$c has written nothing, and fork does not copy an entry that a touch finds again.",
			" %2$c has no entries at pages %3$s yet: %1$c has written nothing, and fork does not copy an entry that a touch finds again.",
			count),
		    parent->name, child->name, buf_text(&pages));
	else if (count)
		buf_addf(out,
		    NP_(" %1$c has no entry at page %2$s yet: fork leaves out a VMA in which nothing was written, and here each page is one. An "
			"ordinary program has one VMA for all: its child has it, once any page was written.",
			" %1$c has no entries at pages %2$s yet: fork leaves out a VMA in which nothing was written, and here each page is one. An "
			"ordinary program has one VMA for all: its child has them, once any page was written.",
			count),
		    child->name, buf_text(&pages));
	buf_free(&pages);
	free(left);
}

static void
started_sentence(struct buf *out, const struct event *event, const struct sentence_words *words,
    const struct snapshot *now)
{
	const struct process *child = snapshot_process(now, event->process), *parent;

	if (!words->other_count) {
		buf_addf(out, _("%s started and has touched no page yet."), words->process);
		return;
	}
	buf_addf(out, _("%1$s forked %2$s."), buf_text(&words->others), words->process);
	parent = snapshot_process(now, (char)('a' + __builtin_ctz(event->others)));
	if (parent && child)
		say_left_out(out, now, parent, child);
}

static void
dirtied_sentence(struct buf *out, const struct event *event, const struct snapshot *now)
{
	if (!kind_has_disk(now->kind))
		buf_addf(out,
		    _("Page %1$u of the shared memory is dirty, and stays so: it has no file on a disk to be written to."),
		    event->page);
	else
		buf_addf(out,
		    _("Page %1$u of the file is dirty: changed in memory, not yet written back."),
		    event->page);
}

static void
resized_sentence(struct buf *out, const struct event *event)
{
	unsigned long long was = event->was, is = event->is;

	if (is < was)
		buf_addf(out,
		    _("The file has %1$llu bytes now and had %2$llu: a touch of a page beyond its end is SIGBUS."),
		    is, was);
	else
		buf_addf(out,
		    _("The file has %1$llu bytes now and had %2$llu: the new pages can be touched."),
		    is, was);
}

static void
named_sentence(struct buf *out, const struct event *event, const struct snapshot *now)
{
	bool more = event->is > event->was, shm = now->kind == KIND_POSIX_SHM;

	if (more)
		buf_add(out,
		    shm ? _("The object has a name in /dev/shm now, by which it can be opened.")
			: _("The file has a name in a directory now, by which it can be opened."));
	else if (event->is)
		buf_add(out, _("One of the file's names is gone."));
	else
		buf_add(out,
		    _("The name is gone: nobody can open it any more. It stays as long as somebody has it open or mapped."));
}

static void
protected_sentence(struct buf *out, const struct event *event, const struct sentence_words *words)
{
	const char *then = event->new_perms[0] != 'r' ? _("a touch is SIGSEGV")
	    : event->new_perms[1] != 'w'              ? _("a write is SIGSEGV")
						      : _("it may be read and written");

	buf_addf(out, _("%1$s's page %2$u is mapped %3$.3s now and was %4$.3s: %5$s."),
	    words->process, event->page, event->new_perms, event->old_perms, then);
}

static void
allocated_sentence(struct buf *out, const struct event *event, const struct snapshot *now)
{
	const struct process *process = snapshot_process(now, event->process);
	const struct allocation *is = process ? &process->did.block : NULL;
	bool in_heap = is && is->block < is->heap_after && is->start < is->heap_after;
	unsigned long long grown = is ? is->heap_after - is->heap_before : 0;

	if (!is || !is->size)
		buf_addf(out, _("malloc gave %c a block."), event->process);
	else if (in_heap && grown)
		buf_addf(out,
		    _("malloc(%1$llu) of %2$c came from the heap, which brk extended by %3$llu bytes."),
		    (unsigned long long)is->size, event->process, grown);
	else if (in_heap)
		buf_addf(out,
		    _("malloc(%1$llu) of %2$c came from the heap, which had room: no system call."),
		    (unsigned long long)is->size, event->process);
	else
		buf_addf(out,
		    _("malloc(%1$llu) of %2$c came from mmap: private anonymous memory, %3$llu bytes at 0x%4$llx; "
		      "the heap stayed as it was."),
		    (unsigned long long)is->size, event->process,
		    (unsigned long long)(is->end - is->start), (unsigned long long)is->start);
}

static void
opened_sentence(struct buf *out, const struct sentence_words *words, const struct snapshot *now)
{
	buf_addf(out,
	    now->kind == KIND_POSIX_SHM ? _("%s opened the object by its name, with shm_open.")
					: _("%s opened the file by its name."),
	    words->process);
}

static void
shared_sentence(struct buf *out, const struct event *event, const struct sentence_words *words)
{
	buf_addf(out,
	    words->other_count ? _("%1$s shares %2$s with %3$s now.")
			       : _("%1$s shares %2$s with a process outside the lab now."),
	    words->process, event->to, buf_text(&words->others));
}

/* Fixed sentences, about a process (%1$s), its page (%2$u) and the frame (%3$s). */
static const char *const sentences_of_process[EVENT_TYPE_COUNT] = {
    [EVENT_STOPPED] = N_("%1$s was stopped by a signal: it answers when it is continued."),
    [EVENT_CONTINUED] = N_("%1$s was continued."),
    [EVENT_SWAPPED] = N_("%1$s's page %2$u was swapped out."),
    [EVENT_SWAPPED_IN] = N_("%1$s's page %2$u came back from swap, into a frame of its own, %3$s."),
    [EVENT_CLOSED] = N_("%s closed its descriptor of the file: what is mapped stays mapped."),
    [EVENT_EXECUTED] =
	N_("%s called execve: the same process, another program, and nothing of the old memory."),
    [EVENT_WAITING] = N_("%s waits for a lock that another process has."),
    [EVENT_LOCKED] = N_("%1$s has the lock in page %2$u."),
    [EVENT_UNLOCKED] = N_("%1$s released the lock in page %2$u."),
};

/* The same about a page of the file. */
static const char *const sentences_of_file[EVENT_TYPE_COUNT] = {
    [EVENT_CHANGED] = N_("Page %1$u of the file holds other bytes now."),
    [EVENT_CLEANED] = N_("Page %1$u of the file is clean: memory and disk hold the same."),
    [EVENT_CACHED] = N_("Page %1$u of the file is in the page cache now."),
    [EVENT_EVICTED] = N_("Page %1$u of the file left the page cache."),
};

/* Sentences that depend on what was there before, or on who else is. */
static void
sentence_by_facts(struct buf *out, const struct event *event, const struct sentence_words *words,
    const struct snapshot *now)
{
	switch (event->type) {
	case EVENT_STARTED:
		started_sentence(out, event, words, now);
		break;
	case EVENT_EXITED:
		exited_sentence(out, event, words);
		break;
	case EVENT_FAULTED:
		faulted_sentence(out, event, words, now);
		break;
	case EVENT_REFUSED:
		refused_sentence(out, event, words);
		break;
	case EVENT_COPIED:
		sentence_copied(out, event, words);
		break;
	case EVENT_FILLED:
		filled_sentence(out, event, words);
		break;
	case EVENT_MAPPED:
		mapped_sentence(out, event, words);
		break;
	case EVENT_DROPPED:
		dropped_sentence(out, event, words);
		break;
	case EVENT_SHARED:
		shared_sentence(out, event, words);
		break;
	case EVENT_BECAME_PRIVATE:
		alone_sentence(out, event, words);
		break;
	case EVENT_DIRTIED:
		dirtied_sentence(out, event, now);
		break;
	case EVENT_RESIZED:
		resized_sentence(out, event);
		break;
	case EVENT_NAMED:
		named_sentence(out, event, now);
		break;
	case EVENT_PROTECTED:
		protected_sentence(out, event, words);
		break;
	case EVENT_OPENED:
		opened_sentence(out, words, now);
		break;
	case EVENT_ALLOCATED:
		allocated_sentence(out, event, now);
		break;
	default:
		break;
	}
}

void
event_sentence(struct buf *out, const struct event *event, const struct snapshot *now)
{
	struct sentence_words words = sentence_words_of(event);

	if (sentences_of_process[event->type])
		buf_addf(out, _(sentences_of_process[event->type]), words.process, event->page,
		    event->to);
	else if (sentences_of_file[event->type])
		buf_addf(out, _(sentences_of_file[event->type]), event->page);
	else
		sentence_by_facts(out, event, &words, now);
	sentence_words_free(&words);
}
