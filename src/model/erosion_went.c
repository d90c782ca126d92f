/* What went between two samples: page by page where pages are known, and as events. */
#include "config.h"
#include "model/erosion_step.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define GAP_PAGES 16 /* ranges that are nearer than this are told as one */

uint64_t
strip_start(const struct family *family, const struct strip *strip)
{
	return strip->address + strip->first * family->page_size;
}

uint64_t
strip_stop(const struct family *family, const struct strip *strip)
{
	return strip->address + strip->end * family->page_size;
}

static uint64_t
overlap(const struct family *family, const struct strip *strip, uint64_t start, uint64_t end)
{
	uint64_t from = strip_start(family, strip), to = strip_stop(family, strip);

	from = from > start ? from : start;
	to = to < end ? to : end;
	return to > from ? to - from : 0;
}

const struct region *
region_over(const struct family *family, size_t kin, uint64_t start, uint64_t end, size_t guess)
{
	const struct region *best = NULL;
	const struct strip *guessed = guess < family->region_count ? region_strip(&family->regions[guess], kin) : NULL;
	uint64_t most = 0;

	if (guessed && overlap(family, guessed, start, end) == end - start)
		return &family->regions[guess];

	for (size_t i = 0; i < family->region_count; i++) {
		const struct strip *strip = region_strip(&family->regions[i], kin);
		uint64_t bytes = strip ? overlap(family, strip, start, end) : 0;

		if (bytes > most) {
			most = bytes;
			best = &family->regions[i];
		}
	}
	return best;
}

/* Where a process had an address in the sample before. */
struct before {
	const struct family *family;
	size_t kin;
	const struct region *region; /* NULL: not looked for yet, or none */
	size_t guess;                /* its index */
	const struct strip *strip;
};

static void
find_before(struct before *before, uint64_t address)
{
	uint64_t end = address + before->family->page_size;

	if (before->strip && overlap(before->family, before->strip, address, end))
		return;
	before->strip = before->region ? region_strip(before->region, before->kin) : NULL;
	if (before->strip && overlap(before->family, before->strip, address, end))
		return;
	before->region = region_over(before->family, before->kin, address, end, before->guess);
	before->strip = before->region ? region_strip(before->region, before->kin) : NULL;
}

static bool
went(uint8_t cell)
{
	return cell & CELL_WAS_SHARED && cell_state(cell) == PAGE_COPIED;
}

static bool
had_gone(struct before *before, uint64_t address)
{
	find_before(before, address);
	return before->strip && went(strip_cell(before->strip, (address - before->strip->address) / before->family->page_size));
}

static void
keep_range(struct ranges *ranges, const struct range *range)
{
	size_t least = 0;

	if (!range->copied)
		return;
	if (ranges->count < EVENTS_A_SAMPLE) {
		ranges->list[ranges->count++] = *range;
		return;
	}
	for (size_t i = 1; i < ranges->count; i++)
		if (ranges->list[i].copied < ranges->list[least].copied)
			least = i;
	if (ranges->list[least].copied < range->copied)
		ranges->list[least] = *range;
}

/* The same as in the sample before, so nothing of it went. */
static bool
is_kept(struct before *before, const struct strip *strip, const struct strip_part *part)
{
	uint64_t page = part->index * GRANULE_PAGES;

	find_before(before, strip->address + (page > strip->first ? page : strip->first) * before->family->page_size);
	return before->strip && before->strip->address == strip->address && strip_granule(before->strip, part->index) == part->granule;
}

/* Returns how many pages went. */
static uint64_t
compare_pages(struct before *before, struct range range, struct ranges *ranges)
{
	const struct strip *strip = range.strip;
	uint64_t pages = 0;

	for (size_t i = 0; i < strip->part_count; i++) {
		const struct strip_part *part = &strip->parts[i];
		uint64_t begin = part->index * GRANULE_PAGES;

		if (is_kept(before, strip, part))
			continue;
		for (uint64_t page = begin; page < begin + GRANULE_PAGES; page++) {
			if (!went(part->granule->cells[page - begin]) || had_gone(before, strip->address + page * before->family->page_size))
				continue;
			if (range.copied && page >= range.end + GAP_PAGES) {
				keep_range(ranges, &range);
				range.copied = 0;
			}
			range.first = range.copied++ ? range.first : page;
			range.end = page + 1;
			pages++;
		}
	}
	keep_range(ranges, &range);
	return pages;
}

/* Where only sums were saved. */
static uint64_t
compare_sums(const struct erosion_step *step, const struct strip *strip, size_t kin)
{
	const struct region *region = region_over(step->last, kin, strip_start(step->family, strip), strip_stop(step->family, strip), SIZE_MAX);
	uint64_t had = region ? region_strip(region, kin)->tally.went_copied : 0;

	return strip->tally.went_copied > had ? strip->tally.went_copied - had : 0;
}

void
step_compare(struct erosion_step *step, const struct region *region, struct ranges *ranges)
{
	struct before before = {.family = step->last, .guess = (size_t)(region - step->family->regions)};
	uint64_t kib = step->family->page_size / 1024;

	for (size_t i = 0; i < region->strip_count; i++) {
		const struct strip *strip = &region->strips[i];
		int kin = step->kin_last[strip->kin];

		step->went[i] = strip->tally.went_copied;
		if (step->went[i] && kin != KIN_NONE) {
			before.kin = (size_t)kin;
			before.strip = NULL;
			step->went[i] = strip->part_count
					    ? compare_pages(&before, (struct range){.region = region, .strip = strip}, ranges)
					    : compare_sums(step, strip, (size_t)kin);
		}
		step->went[i] *= kib;
		if (region->kind != REGION_DEVICE)
			step->kin_went[strip->kin] += step->went[i];
	}
}

static void
add_event(struct erosion *erosion, const struct family *family, const struct range *range)
{
	struct erosion_event *event;
	uint64_t kib = family->page_size / 1024;

	if (erosion->event_count == EROSION_EVENTS) {
		free(erosion->events[0].what);
		memmove(erosion->events, erosion->events + 1, (EROSION_EVENTS - 1) * sizeof(*erosion->events));
		erosion->event_count--;
	}
	event = &erosion->events[erosion->event_count++];
	*event = (struct erosion_event){.time_ns = family->time_ns,
	    .what = mem_string(*range->region->path ? range->region->path : region_kind_word(range->region->kind)),
	    .address = range->strip->address + range->first * family->page_size,
	    .copied_kib = range->copied * kib,
	    .range_kib = (range->end - range->first) * kib};
	memcpy(event->name, family->kin[range->strip->kin].name, sizeof(event->name));
}

static int
smaller_first(const void *one, const void *other)
{
	uint64_t a = ((const struct range *)one)->copied, b = ((const struct range *)other)->copied;

	return a < b ? -1 : a > b;
}

void
step_tell(struct erosion_step *step, struct ranges *ranges)
{
	qsort(ranges->list, ranges->count, sizeof(*ranges->list), smaller_first);
	for (size_t i = 0; i < ranges->count; i++)
		add_event(step->erosion, step->family, &ranges->list[i]);
}
