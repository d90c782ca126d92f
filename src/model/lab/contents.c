#include "config.h"
#include "model/lab/contents.h"

#include "model/pagemap_bits.h"

static struct page *
page_of(const struct contents *work, size_t index)
{
	return &work->now->processes[index].pages[work->page];
}

/* NULL: not present, or the frame isn't known; the page of zeros has none yet. */
static const struct frame *
contents_frame_of(const struct snapshot *snapshot, const struct page *page)
{
	if (!pm_present(page->pagemap) || page->frame >= snapshot->frame_count)
		return NULL;
	return &snapshot->frames[page->frame];
}

/* Does its content belong to a frame, rather than to a file that can be read? */
static bool
follows_frame(const struct contents *work, size_t index)
{
	const struct frame *frame = contents_frame_of(work->now, page_of(work, index));

	return frame && (frame_is_anonymous(frame) || !kind_has_file(work->now->kind));
}

/* Is it a page of a memory object without a file, mapped now or not? */
static bool
is_of_object(const struct contents *work, uint64_t entry)
{
	if (work->now->kind == KIND_SHARED_ANON)
		return !pm_anonymous(entry);
	return !kind_has_file(work->now->kind) && pm_present(entry) && entry & PM_FILE;
}

/* Otherwise it may be a copy of the frame it is said to have: bit 56 says that no other process
 * shares it. */
static bool
is_sure(const struct snapshot *snapshot, const struct page *page)
{
	const struct frame *frame = contents_frame_of(snapshot, page);

	return !frame || !pm_exclusive(page->pagemap) || __builtin_popcount(frame->processes) == 1;
}

/* Do both show the same memory? Holds for a shared object even where one no longer maps it. */
static bool
same_memory(const struct contents *work, size_t one, size_t other)
{
	const struct page *page = page_of(work, one), *theirs = page_of(work, other);

	if (is_of_object(work, page->pagemap) && is_of_object(work, theirs->pagemap))
		return page->object == theirs->object;
	return one == other ||
	    (page->frame == theirs->frame && is_sure(work->now, page) &&
		is_sure(work->now, theirs));
}

static size_t
contents_index_of(const struct snapshot *snapshot, char name)
{
	size_t index = 0;

	while (index < snapshot->process_count && snapshot->processes[index].name != name)
		index++;
	return index;
}

/* Did the act leave the process with an anonymous frame, and is it the page's frame? */
static bool
contents_still_there(const struct contents *work, const struct act *act, size_t index)
{
	return pm_anonymous(act->after) && pm_anonymous(page_of(work, index)->pagemap);
}

/* Latest act first: earlier ones can't override what a later one tells about a memory. Returns the
 * processes whose pages are known. */
static uint16_t
follow_acts(const struct contents *work)
{
	uint16_t told = 0, left = 0; /* left: a later act moved the process to another frame */

	for (size_t k = work->act_count; k-- > 0;) {
		const struct act *act = work->acts[k];
		bool of_object = is_of_object(work, act->after);
		bool wrote = act->verb == ACT_WRITE && !act->signal && !act->errnum;
		size_t actor = contents_index_of(work->now, act->process);

		if (actor == work->now->process_count || left & 1u << actor)
			continue;
		if (!act->content.length && act->before != act->after && !of_object)
			left |= (uint16_t)(1u << actor);
		if (!act->content.length && !wrote)
			continue;
		if (!of_object && !contents_still_there(work, act, actor))
			continue;
		for (size_t i = 0; i < work->now->process_count; i++)
			if (!(told & 1u << i) && same_memory(work, i, actor)) {
				told |= (uint16_t)(1u << i);
				if (follows_frame(work, i) && !page_of(work, i)->content.length)
					page_of(work, i)->content = act->content;
			}
	}
	return told;
}

/* Did the process's own page have this frame? */
static const struct page *
old_page(const struct contents *work, size_t index, const struct frame *frame)
{
	const struct process *ancestor = work->ancestors[index];
	const struct page *page = ancestor ? &ancestor->pages[work->page] : NULL;
	const struct frame *old = page ? contents_frame_of(work->before, page) : NULL;

	return old && frame_same(old, frame) ? page : NULL;
}

static bool
acted(const struct contents *work, char name)
{
	for (size_t i = 0; i < work->act_count; i++)
		if (work->acts[i]->process == name)
			return true;
	return false;
}

/* Without PFNs: another sharer left the frame without an act. Either of the two may have the
 * copy. */
static bool
may_be_copy(const struct contents *work, size_t index)
{
	const struct page *page = page_of(work, index);

	if (pm_pfn(page->pagemap) || page->pagemap & PM_FILE)
		return false;
	for (size_t i = 0; i < work->now->process_count; i++) {
		const struct page *theirs = page_of(work, i);

		if (i != index && theirs->frame != page->frame && pm_anonymous(theirs->pagemap) &&
		    old_page(work, i, &work->now->frames[page->frame]) &&
		    !acted(work, work->now->processes[i].name))
			return true;
	}
	return false;
}

static const struct content *
old_content(const struct contents *work, size_t index)
{
	const struct page *page = page_of(work, index);
	const struct frame *frame = &work->now->frames[page->frame];
	const struct page *own = old_page(work, index, frame);
	bool sure = is_sure(work->now, page);

	if (own && own->content.length && (sure || !is_sure(work->before, own)))
		return &own->content;
	for (size_t i = 0; sure && i < work->before->process_count; i++) {
		const struct page *old = &work->before->processes[i].pages[work->page];
		const struct frame *theirs = contents_frame_of(work->before, old);

		if (theirs && old->content.length && is_sure(work->before, old) &&
		    frame_same(theirs, frame))
			return &old->content;
	}
	return NULL;
}

static void
follow_frame(const struct contents *work, size_t index)
{
	const struct content *old;

	if (page_of(work, index)->content.length || !work->before || may_be_copy(work, index))
		return;
	old = old_content(work, index);
	if (old)
		page_of(work, index)->content = *old;
}

/* The object with which all processes began is the one whose page cache file_pages shows. */
static void
lend_to_object(const struct contents *work, size_t index)
{
	struct file_page *file_page = &work->now->file_pages[work->page];
	const struct page *page = page_of(work, index);
	const struct frame *frame = contents_frame_of(work->now, page);

	if (frame && frame->birth == BIRTH_FILE && frame->generation == 0 &&
	    file_page->cached == TRI_YES && !file_page->content.length)
		file_page->content = page->content;
}

void
contents_follow(const struct contents *work)
{
	uint16_t told = follow_acts(work);

	for (size_t i = 0; i < work->now->process_count; i++) {
		if (page_of(work, i)->state == PAGE_ZERO)
			page_of(work, i)->content = (struct content){.length = CONTENT_MAX};
		else if (follows_frame(work, i) && !(told & 1u << i))
			follow_frame(work, i);
		if (work->now->kind == KIND_SHARED_ANON && work->now->file_pages)
			lend_to_object(work, i);
	}
}
