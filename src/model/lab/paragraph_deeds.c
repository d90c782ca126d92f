#include "config.h"
#include "model/lab/paragraph.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"

static bool
acts_on_shared(const struct snapshot *now)
{
	for (size_t i = 0; i < now->act_count; i++) {
		const struct process *process = snapshot_process(now, now->acts[i].process);

		if (process && page_is_shared(now, process, now->acts[i].page))
			return true;
	}
	return false;
}

static void
say_sync(struct paragraph *paragraph)
{
	if (!paragraph->now->act_count || paragraph->now->acts[0].verb != ACT_SYNC ||
	    paragraph->counts[EVENT_CLEANED] || paragraph->counts[EVENT_REFUSED])
		return;
	if (!acts_on_shared(paragraph->now))
		paragraph_say(paragraph,
		    _("msync wrote nothing: what is written through a private mapping never goes to the file."));
	else if (!kind_has_disk(paragraph->now->kind))
		paragraph_say(
		    paragraph, _("msync changed nothing: no file on a disk backs shared memory."));
	else
		paragraph_say(paragraph, _("msync left the pages as they were."));
}

/* A lab that has just begun and that nobody has touched. */
static bool
is_fresh_lab(const struct snapshot *now)
{
	if (!now->command ||
	    (strcmp(now->command, "reset") != 0 && strcmp(now->command, "lab") != 0 &&
		strncmp(now->command, "lab ", 4) != 0))
		return false;
	for (size_t i = 0; i < now->process_count; i++)
		for (uint32_t page = 0; page < now->page_count; page++)
			if (now->processes[i].pages[page].state != PAGE_ABSENT)
				return false;
	return true;
}

static void
say_mapping(struct paragraph *paragraph)
{
	bool fresh = is_fresh_lab(paragraph->now);

	if (paragraph->out->length || (!fresh && !paragraph->now->act_count))
		return;
	if (fresh || paragraph->now->acts[0].verb == ACT_MAP)
		paragraph_say(paragraph,
		    _("The mapping is there; a page table entry comes with the first touch."));
	else if (paragraph->now->acts[0].verb == ACT_UNMAP)
		paragraph_say(
		    paragraph, _("Nothing is mapped there now: a touch would be SIGSEGV."));
	if (fresh && !paragraph->now->one_vma && paragraph->now->kind != KIND_PRIVATE_ANON)
		paragraph_say(paragraph,
		    _("Each page is a VMA of its own: a touch maps it alone. In an ordinary program "
		      "fault-around may map its neighbours."));
}

/* "0-4" of one process, over all acts: they belong to one command. */
static void
say_advised(struct paragraph *paragraph, char process)
{
	const struct snapshot *now = paragraph->now;
	uint32_t *pages = mem_zero(now->act_count, sizeof(*pages));
	struct buf text = BUF_INIT;
	size_t count = 0;

	for (size_t i = 0; i < now->act_count; i++)
		if (now->acts[i].process == process && !now->acts[i].errnum)
			pages[count++] = now->acts[i].page;
	pages_of(&text, pages, count);
	if (count) {
		paragraph_next(paragraph);
		buf_addf(paragraph->out,
		    NP_("madvise told the kernel about page %1$s of %2$c: the page table entry stayed as it was.",
			"madvise told the kernel about pages %1$s of %2$c: the page table entries stayed as they were.",
			count),
		    buf_text(&text), process);
	}
	buf_free(&text);
	free(pages);
}

/* If there is nothing else to tell. */
static void
say_advice(struct paragraph *paragraph)
{
	const struct snapshot *now = paragraph->now;

	if (paragraph->out->length || !now->act_count || now->acts[0].verb != ACT_ADVISE)
		return;
	for (size_t i = 0; i < now->process_count; i++)
		say_advised(paragraph, now->processes[i].name);
}

static void
say_copies_of(struct paragraph *paragraph, char process)
{
	unsigned long long calls = 0, copied = 0, minor = 0, major = 0;
	size_t count = 0;

	for (size_t i = 0; i < paragraph->now->act_count; i++) {
		const struct act *act = &paragraph->now->acts[i];

		if (act->process != process || act->verb != ACT_COPY)
			continue;
		count++;
		calls += act->calls;
		copied += act->copied;
		minor += act->minor;
		major += act->major;
	}
	if (!count)
		return;
	paragraph_next(paragraph);
	buf_addf(paragraph->out,
	    NP_("%1$c: %2$llu system call copied %3$llu bytes between kernel and process; page faults: %4$llu minor, %5$llu major.",
		"%1$c: %2$llu system calls copied %3$llu bytes between kernel and process; page faults: %4$llu minor, %5$llu major.",
		calls),
	    process, calls, copied, minor, major);
}

void
paragraph_say_deeds(struct paragraph *paragraph)
{
	say_sync(paragraph);
	for (size_t i = 0; i < paragraph->now->process_count; i++)
		say_copies_of(paragraph, paragraph->now->processes[i].name);
	say_advice(paragraph);
	say_mapping(paragraph);
}
