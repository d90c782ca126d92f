#include "config.h"
#include "model/lab/events_collect.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/mem.h"
#include "model/pagemap_bits.h"

static const char *const type_words[] = {EVENT_TYPES(WORD_OF)};

/* One page of one process, before and now. */
struct change {
	const struct process *process;
	uint32_t number;
	const struct page *old, *new;
	const struct frame *left, *come; /* NULL: none */
};

const char *
event_word(enum event_type type)
{
	return type_words[type];
}

void
events_free(struct events *events)
{
	free(events->list);
	*events = (struct events){NULL, 0};
}

struct event *
events_add(struct collector *collector, enum event_type type, char process, uint32_t page)
{
	struct events *events = collector->events;

	if (events->count == collector->room) {
		collector->room = collector->room ? collector->room * 2 : 16;
		events->list = mem_resize(events->list, collector->room, sizeof(*events->list));
	}
	events->list[events->count] =
	    (struct event){.type = type, .process = process, .page = page};
	return &events->list[events->count++];
}

static const struct frame *
frame_at(const struct snapshot *snapshot, const struct page *page)
{
	return page->frame < snapshot->frame_count ? &snapshot->frames[page->frame] : NULL;
}

static uint16_t
events_bit_of(char process)
{
	return (uint16_t)(1u << (process - 'a'));
}

/* The processes that map this frame in that snapshot, except one; none if the frame isn't known. */
static uint16_t
mappers(const struct snapshot *snapshot, const struct frame *frame, char except)
{
	const struct frame *found = frame ? snapshot_find_frame(snapshot, frame) : NULL;

	return found ? (uint16_t)(found->processes & ~events_bit_of(except)) : 0;
}

static void
add_move(struct collector *collector, const struct change *change, enum event_type type,
    const struct frame *from, const struct frame *to)
{
	struct event *event = events_add(collector, type, change->process->name, change->number);

	if (from)
		frame_name(from, event->from);
	if (to)
		frame_name(to, event->to);
	event->others = mappers(collector->now, from ? from : to, change->process->name);
}

static void
add_copied(struct collector *collector, const struct change *change)
{
	struct frame source = page_file_frame(collector->now, change->process, change->number);

	add_move(
	    collector, change, EVENT_COPIED, change->left ? change->left : &source, change->come);
}

static void
compare_frames(struct collector *collector, const struct change *change)
{
	const struct frame *left = change->left, *come = change->come;
	bool was = pm_present(change->old->pagemap), is = pm_present(change->new->pagemap);

	if (is && come && left && frame_same(left, come) && was)
		return;
	if (is && come && frame_is_anonymous(come) && change->old->pagemap & PM_SWAPPED) {
		add_move(collector, change, EVENT_SWAPPED_IN, NULL, come);
	} else if (is && come && frame_is_anonymous(come) && !(left && frame_same(left, come))) {
		if (come->birth == BIRTH_COPIED)
			add_copied(collector, change);
		else
			add_move(collector, change, EVENT_FILLED, left, come);
	} else if (is && come) {
		if (was && left)
			add_move(collector, change, EVENT_DROPPED, left, NULL);
		add_move(collector, change, EVENT_MAPPED, NULL, come);
	} else if (change->new->pagemap & PM_SWAPPED && !(change->old->pagemap & PM_SWAPPED)) {
		add_move(collector, change, EVENT_SWAPPED, left, NULL);
	} else if (!is && (was || change->old->pagemap & PM_SWAPPED) &&
	    !(change->new->pagemap &PM_SWAPPED)) {
		add_move(collector, change, EVENT_DROPPED, left, NULL);
	}
}

/* The page stayed where it was: did others join or leave? */
static void
compare_sharing(struct collector *collector, const struct change *change)
{
	char name = change->process->name;
	bool was_shared = change->old->state == PAGE_SHARED,
	     is_shared = change->new->state == PAGE_SHARED;
	bool was_alone = change->old->state == PAGE_PRIVATE || change->old->state == PAGE_COPIED;
	bool is_alone = change->new->state == PAGE_PRIVATE || change->new->state == PAGE_COPIED;
	uint16_t had, has;

	if (!change->left || !change->come || !frame_same(change->left, change->come))
		return;
	had = mappers(collector->before, change->left, name);
	has = mappers(collector->now, change->come, name);
	if (was_shared && is_alone) {
		add_move(collector, change, EVENT_BECAME_PRIVATE, NULL, change->come);
		collector->events->list[collector->events->count - 1].others =
		    (uint16_t)(had & ~has);
	} else if (was_alone && is_shared) {
		add_move(collector, change, EVENT_SHARED, NULL, change->come);
	}
}

static void
compare_page(struct collector *collector, const struct process *old, const struct process *new,
    uint32_t number)
{
	struct change change = {
	    .process = new,
	    .number = number,
	    .old = &old->pages[number],
	    .new = &new->pages[number],
	};

	events_of_protection(collector, old, new, number);
	if (!change.old->pagemap_known || !change.new->pagemap_known)
		return;
	change.left = frame_at(collector->before, change.old);
	change.come = frame_at(collector->now, change.new);
	compare_frames(collector, &change);
	compare_sharing(collector, &change);
}

static void
compare_life(struct collector *collector, const struct process *old, const struct process *new)
{
	struct event *event;

	if (new->life == LIFE_DEAD && old->life != LIFE_DEAD) {
		event = events_add(collector, EVENT_EXITED, new->name, EVENT_NO_PAGE);
		event->signal = new->exit_signal;
		event->code = new->exit_status;
	} else if (new->life == LIFE_STOPPED && old->life != LIFE_STOPPED) {
		events_add(collector, EVENT_STOPPED, new->name, EVENT_NO_PAGE);
	} else if (new->life != LIFE_STOPPED &&
	    old->life == LIFE_STOPPED &&new->life != LIFE_DEAD) {
		events_add(collector, EVENT_CONTINUED, new->name, EVENT_NO_PAGE);
	}
}

static void
compare_process(struct collector *collector, const struct process *new)
{
	const struct process *old = snapshot_process(collector->before, new->name);
	struct event *event;

	if (old && old->pid != new->pid) {
		if (old->life != LIFE_DEAD)
			events_add(collector, EVENT_EXITED, new->name, EVENT_NO_PAGE)->code = -1;
		old = NULL;
	}
	if (!old) {
		event = events_add(collector, EVENT_STARTED, new->name, EVENT_NO_PAGE);
		event->others = new->forked_from ? events_bit_of(new->forked_from) : 0;
		return;
	}
	compare_life(collector, old, new);
	events_of_doings(collector, old, new);
	for (uint32_t number = 0; number < collector->now->page_count; number++)
		compare_page(collector, old, new, number);
}

static void
events_add_acts(struct collector *collector)
{
	for (size_t i = 0; i < collector->now->act_count; i++) {
		const struct act *act = &collector->now->acts[i];
		struct event *event;

		events_of_lock(collector, act);
		if (!act->signal && !act->errnum)
			continue;
		event = events_add(collector, act->signal ? EVENT_FAULTED : EVENT_REFUSED,
		    act->process, act->page);
		event->signal = act->signal;
		event->code = act->signal ? act->code : act->verb;
		event->errnum = act->no_room ? ENOSPC : act->errnum;
		event->address = act->address;
	}
}

static void
see_page(struct seen *all, const struct snapshot *snapshot, const struct process *process,
    uint32_t number)
{
	const struct page *page = &process->pages[number];
	uint32_t file_page = page_file_page(snapshot, process, number);
	struct seen *seen = file_page < snapshot->page_count ? &all[file_page] : NULL;

	if (!seen || !page_is_of_file(page))
		return;
	seen->mapped = true;
	if (seen->dirty == TRI_UNKNOWN)
		seen->dirty = page->dirty;
}

static struct seen *
see_file(const struct snapshot *snapshot)
{
	struct seen *seen = mem_zero(snapshot->page_count, sizeof(*seen));

	for (uint32_t number = 0; number < snapshot->page_count; number++)
		seen[number].dirty = TRI_UNKNOWN;
	for (size_t i = 0; i < snapshot->process_count; i++)
		for (uint32_t number = 0; number < snapshot->page_count; number++)
			see_page(seen, snapshot, &snapshot->processes[i], number);
	return seen;
}

/* Is the file's page dirty, according to the page cache or else to any process that maps it? */
static enum tri
file_dirty(const struct snapshot *snapshot, const struct seen *seen, uint32_t number)
{
	if (snapshot->file_pages && snapshot->file_pages[number].dirty != TRI_UNKNOWN)
		return (enum tri)snapshot->file_pages[number].dirty;
	return (enum tri)seen[number].dirty;
}

/* The page of the file that the act wrote; FRAME_NONE: none. */
static uint32_t
page_written(const struct snapshot *now, const struct act *act)
{
	const struct process *process = snapshot_process(now, act->process);

	if (act->verb != ACT_WRITE || act->signal || !process || act->page >= now->page_count ||
	    !page_is_shared(now, process, act->page))
		return FRAME_NONE;
	return page_file_page(now, process, act->page);
}

static const struct act **
find_writers(const struct snapshot *now)
{
	const struct act **writers = mem_zero(now->page_count, sizeof(struct act *));

	for (size_t i = now->act_count; i-- > 0;) {
		uint32_t page = page_written(now, &now->acts[i]);

		if (page < now->page_count)
			writers[page] = &now->acts[i];
	}
	return writers;
}

static bool
content_changed(const struct content *old, const struct content *new)
{
	return old->length && new->length &&
	    (old->length != new->length || memcmp(old->bytes, new->bytes, new->length) != 0);
}

static void
compare_cached(struct collector *collector, uint32_t number)
{
	const struct file_page *old = &collector->before->file_pages[number];
	const struct file_page *new = &collector->now->file_pages[number];

	if (old->cached == TRI_NO && new->cached == TRI_YES && !collector->sees[number].mapped)
		events_add(collector, EVENT_CACHED, 0, number);
	if (old->cached == TRI_YES && new->cached == TRI_NO)
		events_add(collector, EVENT_EVICTED, 0, number);
	if (content_changed(&old->content, &new->content) && !collector->writers[number])
		events_add(collector, EVENT_CHANGED, 0, number);
}

/* Past the end of the file: what had not been written back is discarded. */
static bool
is_cut_off(const struct snapshot *now, uint32_t number)
{
	return now->file_bytes != COUNT_UNKNOWN &&
	    (uint64_t)number * now->machine.page_size >= now->file_bytes;
}

static void
compare_file(struct collector *collector)
{
	for (uint32_t number = 0; number < collector->now->page_count; number++) {
		enum tri was = file_dirty(collector->before, collector->saw, number);
		enum tri is = file_dirty(collector->now, collector->sees, number);
		const struct act *writer = collector->writers[number];

		if (collector->before->file_pages && collector->now->file_pages)
			compare_cached(collector, number);
		if (is == TRI_YES && was != TRI_YES)
			events_add(collector, EVENT_DIRTIED, writer ? writer->process : 0, number);
		else if (was == TRI_YES && is == TRI_NO && !is_cut_off(collector->now, number))
			events_add(collector, EVENT_CLEANED, 0, number);
	}
}

void
events_between(struct events *events, const struct snapshot *before, const struct snapshot *now)
{
	struct collector collector = {.events = events, .before = before, .now = now};
	struct seen *saw, *sees;

	*events = (struct events){NULL, 0};
	if (!before || before->lab != now->lab || before->page_count != now->page_count)
		return;
	saw = see_file(before);
	sees = see_file(now);
	collector.saw = saw;
	collector.sees = sees;
	collector.writers = find_writers(now);
	events_add_acts(&collector);
	for (size_t i = 0; i < now->process_count; i++)
		compare_process(&collector, &now->processes[i]);
	compare_file(&collector);
	events_of_file(&collector);
	free(collector.writers);
	free(saw);
	free(sees);
}
