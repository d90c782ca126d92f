#include "config.h"
#include "model/lab/frames.h"

#include <stdlib.h>

#include "base/mem.h"
#include "model/pagemap_bits.h"

struct frame_place {
	uint32_t page, index; /* of a frame */
};

uint32_t
frames_enter(struct snapshot *now, const struct frame *frame, size_t from)
{
	struct frame *new;

	for (size_t i = from; i < now->frame_count; i++)
		if (frame_same(&now->frames[i], frame)) {
			now->frames[i].loose |= frame->loose;
			return (uint32_t)i;
		}
	new = &now->frames[now->frame_count];
	*new = *frame;
	new->mapped_by = 0;
	new->processes = 0;
	new->pfn = 0;
	return (uint32_t)now->frame_count++;
}

static int
by_page(const void *one, const void *other)
{
	const struct frame_place *left = one, *right = other;

	if (left->page != right->page)
		return left->page < right->page ? -1 : 1;
	return (left->index > right->index) - (left->index < right->index);
}

static struct frame_place *
ordered_places(const struct snapshot *now)
{
	struct frame_place *places = mem_zero(now->frame_count, sizeof(*places));

	for (uint32_t i = 0; i < now->frame_count; i++)
		places[i] = (struct frame_place){now->frames[i].page, i};
	qsort(places, now->frame_count, sizeof(*places), by_page);
	return places;
}

static void
renumber(struct snapshot *now, const uint32_t *numbers)
{
	for (size_t i = 0; i < now->process_count; i++)
		for (uint32_t number = 0; number < now->page_count; number++) {
			struct page *page = &now->processes[i].pages[number];

			if (page->frame != FRAME_NONE)
				page->frame = numbers[page->frame];
		}
}

/* A page of the file that is mapped at another page number was entered out of order, and maybe
 * twice. */
static void
frames_order(struct snapshot *now)
{
	size_t count = now->frame_count, from = 0;
	struct frame *old = now->frames;
	struct frame_place *places = ordered_places(now);
	uint32_t *numbers = mem_zero(count, sizeof(*numbers));

	now->frames = mem_zero(count + 1, sizeof(*now->frames));
	now->frame_count = 0;
	for (size_t i = 0; i < count; i++) {
		const struct frame *frame = &old[places[i].index];
		uint32_t index;

		if (i && places[i].page != places[i - 1].page)
			from = now->frame_count;
		index = frames_enter(now, frame, from);
		now->frames[index].processes |= frame->processes;
		if (frame->pfn)
			now->frames[index].pfn = frame->pfn;
		numbers[places[i].index] = index;
	}
	renumber(now, numbers);
	free(numbers);
	free(places);
	free(old);
}

static uint16_t
frames_bit_of(const struct process *process)
{
	return (uint16_t)(1u << (process->name - 'a'));
}

static void
enter_zero(struct snapshot *now)
{
	struct frame zero = {.owner = 'Z', .birth = BIRTH_ZERO};
	uint32_t index = FRAME_NONE;

	for (size_t i = 0; i < now->process_count; i++)
		for (uint32_t number = 0; number < now->page_count; number++) {
			struct page *page = &now->processes[i].pages[number];

			if (page->state != PAGE_ZERO)
				continue;
			if (index == FRAME_NONE)
				index = frames_enter(now, &zero, now->frame_count);
			page->frame = index;
			now->frames[index].processes |= frames_bit_of(&now->processes[i]);
			now->frames[index].pfn = pm_pfn(page->pagemap);
		}
}

static void
frames_count_mappers(struct snapshot *now)
{
	for (size_t i = 0; i < now->frame_count; i++)
		now->frames[i].mapped_by = (uint8_t)__builtin_popcount(now->frames[i].processes);
	for (size_t i = 0; i < now->process_count; i++)
		for (uint32_t number = 0; number < now->page_count; number++) {
			struct page *page = &now->processes[i].pages[number];

			page->mapped_by = page->frame != FRAME_NONE && pm_present(page->pagemap)
			    ? now->frames[page->frame].mapped_by
			    : 0;
		}
}

static uint32_t *
count_mappings(const struct snapshot *now)
{
	uint32_t *counts = mem_zero(now->frame_count, sizeof(*counts));

	for (size_t i = 0; i < now->process_count; i++)
		for (uint32_t number = 0; number < now->page_count; number++)
			if (now->processes[i].pages[number].mapped_by)
				counts[now->processes[i].pages[number].frame]++;
	return counts;
}

/* Bit 56 is also off for a page that its only process maps twice. Pss, the page divided among its
 * mappings, would be lower if someone outside the lab had it too. */
static bool
frames_is_alone(
    const struct snapshot *now, const struct process *process, uint32_t number, uint32_t mappings)
{
	const struct smaps *smaps = page_smaps(process, number);
	uint32_t page_size = now->machine.page_size;

	if (mappings < 2 || process->pages[number].mapped_by != 1)
		return false;
	if (!smaps || !smaps_is_single(smaps, page_size))
		return true;
	return smaps->pss >= page_size / 1024 / mappings;
}

static void
find_alone(struct snapshot *now)
{
	uint32_t *mappings = count_mappings(now);

	for (size_t i = 0; i < now->process_count; i++)
		for (uint32_t number = 0; number < now->page_count; number++) {
			struct page *page = &now->processes[i].pages[number];

			if (page->state != PAGE_SHARED || page->frame == FRAME_NONE ||
			    !frames_is_alone(
				now, &now->processes[i], number, mappings[page->frame]))
				continue;
			page->state = PAGE_PRIVATE;
			page->inferred = true;
		}
	free(mappings);
}

/* smaps describes one page table's entry; without kpageflags or a disk below, only the writer's
 * entry says that the frame is dirty. */
static void
frames_share_dirty(struct snapshot *now)
{
	bool *dirty = mem_zero(now->frame_count + 1, sizeof(*dirty));

	for (size_t i = 0; i < now->process_count; i++)
		for (uint32_t number = 0; number < now->page_count; number++) {
			const struct page *page = &now->processes[i].pages[number];

			if (page->mapped_by && page->dirty == TRI_YES)
				dirty[page->frame] = true;
		}
	for (size_t i = 0; i < now->process_count; i++)
		for (uint32_t number = 0; number < now->page_count; number++) {
			struct page *page = &now->processes[i].pages[number];

			if (page->mapped_by && page_is_of_file(page) && dirty[page->frame])
				page->dirty = TRI_YES;
		}
	free(dirty);
}

static bool
maps_elsewhere(const struct snapshot *now)
{
	for (size_t i = 0; i < now->process_count; i++)
		for (uint32_t number = 0; number < now->page_count; number++) {
			uint32_t frame = now->processes[i].pages[number].frame;

			if (frame != FRAME_NONE && now->frames[frame].page != number)
				return true;
		}
	return false;
}

void
frames_finish(struct snapshot *now)
{
	bool elsewhere = maps_elsewhere(now);

	if (elsewhere)
		frames_order(now);
	enter_zero(now);
	frames_count_mappers(now);
	frames_share_dirty(now);
	if (elsewhere)
		find_alone(now);
	now->frames = mem_resize(now->frames, now->frame_count + 1, sizeof(*now->frames));
}
