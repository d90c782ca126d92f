#include "config.h"
#include "model/erosion.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define MINUTE_NS UINT64_C(60000000000)
#define GAP_PAGES 16 /* ranges that are nearer than this are told as one */
#define EVENTS_A_SAMPLE 8

struct erosion *
erosion_new(void)
{
	return mem_zero(1, sizeof(struct erosion));
}

void
erosion_free(struct erosion *erosion)
{
	if (!erosion)
		return;
	for (size_t i = 0; i < erosion->line_count; i++)
		free(erosion->lines[i]);
	for (size_t i = 0; i < erosion->event_count; i++)
		free(erosion->events[i].what);
	free(erosion->lines);
	family_free(erosion->last);
	free(erosion);
}

/* Every second point goes; the newest becomes the last of those that stay. */
static void
thin(struct erosion *erosion)
{
	size_t half = EROSION_POINTS / 2;

	for (size_t i = 1; i < half; i++) {
		size_t from = i + 1 < half ? 2 * i : EROSION_POINTS - 1;

		erosion->times_ns[i] = erosion->times_ns[from];
		erosion->whole[i] = erosion->whole[from];
		for (size_t line = 0; line < erosion->line_count; line++)
			erosion->lines[line]->points[i] = erosion->lines[line]->points[from];
	}
	for (size_t i = 0; i < erosion->line_count; i++) {
		struct erosion_line *line = erosion->lines[i];

		line->first = line->first + 1 < EROSION_POINTS ? (line->first + 1) / 2 : half - 1;
		memset(&line->points[half], 0, (EROSION_POINTS - half) * sizeof(*line->points));
	}
	erosion->count = half;
}

static struct erosion_point
point_of(const struct family *family, const struct tally *tally)
{
	uint64_t kib = family->page_size / 1024;

	return (struct erosion_point){tally->was_shared * kib, tally->still_shared * kib, tally->went_copied * kib};
}

static struct erosion_line *
line_of(struct erosion *erosion, const struct kin *kin)
{
	struct erosion_line *line = (struct erosion_line *)(uintptr_t)erosion_line(erosion, kin->name);

	if (line)
		return line;
	line = mem_zero(1, sizeof(*line));
	memcpy(line->name, kin->name, sizeof(line->name));
	line->first = erosion->count;
	erosion->lines = mem_resize(erosion->lines, erosion->line_count + 1, sizeof(struct erosion_line *));
	erosion->lines[erosion->line_count++] = line;
	return line;
}

static void
add_event(struct erosion *erosion, const struct family *family, const struct region *region, const struct strip *strip,
    uint64_t first, uint64_t end, uint64_t copied)
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
	    .what = mem_string(*region->path ? region->path : region_kind_word(region->kind)),
	    .address = strip->address + first * family->page_size,
	    .copied_kib = copied * kib,
	    .range_kib = (end - first) * kib};
	memcpy(event->name, family->kin[strip->kin].name, sizeof(event->name));
}

/* The largest ranges of a sample, so that a thousand single pages do not push out what matters. */
struct range {
	const struct region *region;
	const struct strip *strip;
	uint64_t first, end, copied;
};

struct ranges {
	struct range list[EVENTS_A_SAMPLE];
	size_t count;
};

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

static bool
went(uint8_t cell)
{
	return cell & CELL_WAS_SHARED && cell_state(cell) == PAGE_COPIED;
}

/* `by` is how far the old strip's pages lie behind the new one's. */
static void
compare_strips(struct ranges *ranges, struct range range, const struct strip *before, uint64_t by)
{
	const struct strip *strip = range.strip;

	for (size_t i = 0; i < strip->part_count; i++) {
		const struct strip_part *part = &strip->parts[i];
		uint64_t begin = part->index * GRANULE_PAGES;

		if (by == 0 && strip_granule(before, part->index) == part->granule)
			continue;
		for (uint64_t page = begin; page < begin + GRANULE_PAGES; page++) {
			if (!went(part->granule->cells[page - begin]) || went(strip_cell(before, page + by)))
				continue;
			if (range.copied && page >= range.end + GAP_PAGES) {
				keep_range(ranges, &range);
				range.copied = 0;
			}
			range.first = range.copied++ ? range.first : page;
			range.end = page + 1;
		}
	}
	keep_range(ranges, &range);
}

static void
compare_region(struct ranges *ranges, const struct family *last, const struct family *family, const struct region *region)
{
	for (size_t i = 0; i < region->strip_count; i++) {
		const struct strip *strip = &region->strips[i], *old;
		const struct kin *kin = family_kin(last, family->kin[strip->kin].name);
		uint64_t start = strip->address + strip->first * family->page_size;
		const struct region *before =
		    kin && strip->tally.went_copied ? family_region_at(last, (size_t)(kin - last->kin), start) : NULL;

		if (!before)
			continue;
		old = region_strip(before, (size_t)(kin - last->kin));
		compare_strips(ranges, (struct range){.region = region, .strip = strip}, old,
		    (strip->address - old->address) / family->page_size);
	}
}

static int
smaller_first(const void *one, const void *other)
{
	uint64_t a = ((const struct range *)one)->copied, b = ((const struct range *)other)->copied;

	return a < b ? -1 : a > b;
}

static void
add_events(struct erosion *erosion, const struct family *family)
{
	struct ranges ranges = {.count = 0};

	for (size_t i = 0; i < family->region_count; i++)
		if (family->regions[i].tally.went_copied)
			compare_region(&ranges, erosion->last, family, &family->regions[i]);
	qsort(ranges.list, ranges.count, sizeof(*ranges.list), smaller_first);
	for (size_t i = 0; i < ranges.count; i++) {
		const struct range *range = &ranges.list[i];

		add_event(erosion, family, range->region, range->strip, range->first, range->end, range->copied);
	}
}

void
erosion_add(struct erosion *erosion, const struct family *family)
{
	if (!family->whole || !family->baseline_ns)
		return;
	if (erosion->count == EROSION_POINTS)
		thin(erosion);
	for (size_t i = 0; i < family->kin_count; i++)
		if (family->kin[i].life != KIN_GONE)
			line_of(erosion, &family->kin[i])->points[erosion->count] = point_of(family, &family->kin[i].tally);
	erosion->times_ns[erosion->count] = family->time_ns;
	erosion->whole[erosion->count++] = point_of(family, &family->tally);
	if (erosion->last)
		add_events(erosion, family);
	family_free(erosion->last);
	erosion->last = family_hold(family);
}

const struct erosion_line *
erosion_line(const struct erosion *erosion, const char *name)
{
	for (size_t i = 0; i < erosion->line_count; i++)
		if (strcmp(erosion->lines[i]->name, name) == 0)
			return erosion->lines[i];
	return NULL;
}

uint64_t
erosion_rate(const struct erosion *erosion, const struct erosion_line *line)
{
	const struct erosion_point *points = line ? line->points : erosion->whole;
	size_t from = line ? line->first : 0, to = erosion->count;
	uint64_t grown, ns;

	while (from + 2 < to && erosion->times_ns[to - 1] - erosion->times_ns[from] > MINUTE_NS)
		from++;
	if (from + 1 >= to)
		return 0;
	ns = erosion->times_ns[to - 1] - erosion->times_ns[from];
	grown = points[to - 1].copied_kib > points[from].copied_kib ? points[to - 1].copied_kib - points[from].copied_kib : 0;
	return ns ? (uint64_t)((double)grown * (double)MINUTE_NS / (double)ns) : 0;
}
