/* What was lost between two samples: page by page where pages are known, and as events. */
#include "config.h"
#include "model/family/erosion_step.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define GAP_PAGES 16 /* ranges closer than this are reported as one */

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
region_over(const struct family *family, size_t member, uint64_t start, uint64_t end, size_t guess)
{
	const struct region *best = NULL;
	const struct strip *guessed =
	    guess < family->region_count ? region_strip(&family->regions[guess], member) : NULL;
	uint64_t most = 0;

	if (guessed && overlap(family, guessed, start, end) == end - start)
		return &family->regions[guess];

	for (size_t i = 0; i < family->region_count; i++) {
		const struct strip *strip = region_strip(&family->regions[i], member);
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
	size_t member;
	const struct region *region; /* NULL: not searched yet, or none */
	size_t guess;                /* its index */
	const struct strip *strip;
};

static void
find_before(struct before *before, uint64_t address)
{
	uint64_t end = address + before->family->page_size;

	if (before->strip && overlap(before->family, before->strip, address, end))
		return;
	before->strip = before->region ? region_strip(before->region, before->member) : NULL;
	if (before->strip && overlap(before->family, before->strip, address, end))
		return;
	before->region = region_over(before->family, before->member, address, end, before->guess);
	before->strip = before->region ? region_strip(before->region, before->member) : NULL;
}

/* For a cell: what it lost that is counted; PAGE_ABSENT: nothing. */
static enum page_state
went(uint8_t cell)
{
	if (!(cell & CELL_WAS_SHARED))
		return PAGE_ABSENT;
	return cell_state(cell) == PAGE_COPIED || cell_counted(cell) ? cell_state(cell)
								     : PAGE_ABSENT;
}

static bool
is_parted(uint8_t cell)
{
	return cell & CELL_WAS_SHARED && cell_state(cell) == PAGE_PARTED;
}

static uint8_t
cell_before(struct before *before, uint64_t address)
{
	if (!before->family)
		return 0;
	find_before(before, address);
	return before->strip ? strip_cell(before->strip,
				   (address - before->strip->address) / before->family->page_size)
			     : 0;
}

static void
keep_range(struct erosion_ranges *ranges, const struct erosion_range *range)
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

/* The same as in the sample before, so nothing was lost. */
static bool
erosion_is_kept(struct before *before, const struct strip *strip, const struct strip_part *part)
{
	uint64_t page = part->index * GRANULE_PAGES;

	if (!before->family)
		return false;
	find_before(before,
	    strip->address +
		(page > strip->first ? page : strip->first) * before->family->page_size);
	return before->strip && before->strip->address == strip->address &&
	    strip_granule(before->strip, part->index) == part->granule;
}

static void
extend_range(struct erosion_range *range, uint64_t page, bool parted, struct erosion_ranges *ranges)
{
	if (range->copied && (page >= range->end + GAP_PAGES || range->parted != parted)) {
		keep_range(ranges, range);
		range->copied = 0;
	}
	range->first = range->copied++ ? range->first : page;
	range->end = page + 1;
	range->parted = parted;
}

/* Pages, not KiB. before->family NULL: it was not there. */
static struct went
compare_pages(struct before *before, const struct family *family, struct erosion_range range,
    struct erosion_ranges *ranges)
{
	const struct strip *strip = range.strip;
	struct went sum = {0};

	for (size_t i = 0; i < strip->part_count; i++) {
		const struct strip_part *part = &strip->parts[i];
		uint64_t begin = part->index * GRANULE_PAGES;

		if (erosion_is_kept(before, strip, part))
			continue;
		for (uint64_t page = begin; page < begin + GRANULE_PAGES; page++) {
			uint8_t cell = part->granule->cells[page - begin], was;
			enum page_state state = went(cell);

			if (state == PAGE_ABSENT && !is_parted(cell))
				continue;
			was = cell_before(before, strip->address + page * family->page_size);
			sum.parted += is_parted(cell) && !is_parted(was);
			if (state == PAGE_ABSENT || went(was) != PAGE_ABSENT)
				continue;
			sum.copied += state == PAGE_COPIED;
			sum.counted += state == PAGE_PARTED;
			extend_range(&range, page, state == PAGE_PARTED, ranges);
		}
	}
	keep_range(ranges, &range);
	return sum;
}

static uint64_t
more_than(uint32_t now, uint32_t before)
{
	return now > before ? now - before : 0;
}

/* If only sums were saved. */
static struct went
compare_sums(const struct erosion_step *step, const struct strip *strip, int member)
{
	const struct region *region = member == MEMBER_NONE
	    ? NULL
	    : region_over(step->last, (size_t)member, strip_start(step->family, strip),
		  strip_stop(step->family, strip), SIZE_MAX);
	const struct tally none = {.moved = 0},
			   *had = region ? &region_strip(region, (size_t)member)->tally : &none;

	return (struct went){
	    .copied = more_than(strip->tally.went_copied, had->went_copied),
	    .parted = more_than(strip->tally.went_parted, had->went_parted),
	    .counted = more_than(strip->tally.counted, had->counted),
	};
}

void
step_compare(struct erosion_step *step, const struct region *region, struct erosion_ranges *ranges)
{
	uint64_t kib = step->family->page_size / 1024;

	for (size_t i = 0; i < region->strip_count; i++) {
		const struct strip *strip = &region->strips[i];
		int member = step->member_last[strip->member];
		struct before before = {
		    .family = member == MEMBER_NONE ? NULL : step->last,
		    .member = member == MEMBER_NONE ? 0 : (size_t)member,
		    .guess = (size_t)(region - step->family->regions),
		};
		struct went *went = &step->went[i];

		*went = (struct went){0};
		if (tally_went(&strip->tally))
			*went = strip->part_count
			    ? compare_pages(&before, step->family,
				  (struct erosion_range){.region = region, .strip = strip}, ranges)
			    : compare_sums(step, strip, member);
		*went = (struct went){went->copied * kib, went->parted * kib, went->counted * kib};
		if (region->kind != REGION_DEVICE)
			went_add(&step->member_went[strip->member], went);
	}
}

static void
erosion_add_event(
    struct erosion *erosion, const struct family *family, const struct erosion_range *range)
{
	struct erosion_event *event;
	uint64_t kib = family->page_size / 1024;

	if (erosion->event_count == EROSION_EVENTS) {
		free(erosion->events[0].what);
		memmove(erosion->events, erosion->events + 1,
		    (EROSION_EVENTS - 1) * sizeof(*erosion->events));
		erosion->event_count--;
	}
	event = &erosion->events[erosion->event_count++];
	*event = (struct erosion_event){
	    .time_ns = family->time_ns,
	    .what = mem_string(
		*range->region->path ? range->region->path : region_kind_word(range->region->kind)),
	    .address = range->strip->address + range->first * family->page_size,
	    .parted = range->parted,
	    .copied_kib = range->copied * kib,
	    .range_kib = (range->end - range->first) * kib,
	};
	memcpy(event->name, family->members[range->strip->member].name, sizeof(event->name));
}

/* Among equal sizes, lower addresses first. */
static int
smaller_first(const void *one, const void *other)
{
	const struct erosion_range *a = one, *b = other;

	if (a->copied != b->copied)
		return a->copied < b->copied ? -1 : 1;
	if (a->strip->address != b->strip->address)
		return a->strip->address < b->strip->address ? -1 : 1;
	if (a->strip->member != b->strip->member)
		return a->strip->member < b->strip->member ? -1 : 1;
	return a->first < b->first ? -1 : a->first > b->first;
}

void
step_tell(struct erosion_step *step, struct erosion_ranges *ranges)
{
	qsort(ranges->list, ranges->count, sizeof(*ranges->list), smaller_first);
	for (size_t i = 0; i < ranges->count; i++)
		erosion_add_event(step->erosion, step->family, &ranges->list[i]);
}
