#include "config.h"
#include "view/family/family_draw.h"

#include <stdlib.h>

#include "base/mem.h"

/* The axis of a map: only mapped ranges take cells. */

#define GAP_CELLS 2 /* a range without pages is condensed from this many cells on */

static int
axis_compare(const void *one, const void *other)
{
	uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;

	return a < b ? -1 : a > b;
}

/* The granules in which some process has a page, ascending, possibly with repetitions. */
static uint64_t *
granules_of(const struct region *region, size_t *count)
{
	size_t most = 0, at = 0;
	uint64_t *granules;

	for (size_t i = 0; i < region->strip_count; i++)
		most += region->strips[i].part_count;
	granules = mem_zero(most + 1, sizeof(*granules));
	for (size_t i = 0; i < region->strip_count; i++)
		for (size_t part = 0; part < region->strips[i].part_count; part++)
			granules[at++] = region->strips[i].parts[part].index;
	qsort(granules, at, sizeof(*granules), axis_compare);
	*count = at;
	return granules;
}

static void
axis_add_part(struct axis *axis, uint64_t first, uint64_t end, bool gap)
{
	if (first >= end)
		return;
	if (axis->count % 64 == 0)
		axis->parts = mem_resize(axis->parts, axis->count + 64, sizeof(*axis->parts));
	axis->parts[axis->count++] = (struct axis_part){first, end, axis->cells, gap};
	axis->cells += gap ? 1 : (end - first + axis->zoom - 1) / axis->zoom;
}

static void
axis_build(struct axis *axis, const uint64_t *granules, size_t count, uint64_t pages)
{
	uint64_t first = 0, end = 0, zoom = axis->zoom;

	axis->cells = axis->count = 0;
	for (size_t i = 0; i < count; i++) {
		uint64_t from = granules[i] * GRANULE_PAGES / zoom * zoom;
		uint64_t to = ((granules[i] + 1) * GRANULE_PAGES + zoom - 1) / zoom * zoom;

		if (from >= end + GAP_CELLS * zoom) {
			axis_add_part(axis, first, end, false);
			axis_add_part(axis, end, from, true);
			first = from;
		}
		end = to > end ? to : end;
	}
	if (end + GAP_CELLS * zoom >= pages)
		end = pages;
	axis_add_part(axis, first, end, false);
	axis_add_part(axis, end, pages, true);
}

/* zoom 0 with `room` cells: the finest that fits. */
static void
axis_fit(struct axis *axis, const struct family *family, const struct region *region, uint64_t zoom,
    uint64_t room)
{
	uint64_t pages = region_pages(family, region);
	size_t count;
	uint64_t *granules = granules_of(region, &count);

	*axis = (struct axis){.zoom = zoom ? zoom : 1};
	axis_build(axis, granules, count, pages);
	while (!zoom && axis->cells > room && axis->zoom < pages) {
		axis->zoom *= 2;
		axis_build(axis, granules, count, pages);
	}
	free(granules);
}

void
axis_free(struct axis *axis)
{
	free(axis->parts);
	*axis = (struct axis){.zoom = 1};
}

/* The last part that begins at or before it. */
static const struct axis_part *
part_before(const struct axis *axis, uint64_t value, bool of_pages)
{
	size_t low = 0, high = axis->count;

	while (low + 1 < high) {
		size_t middle = low + (high - low) / 2;

		if ((of_pages ? axis->parts[middle].first : axis->parts[middle].cell) <= value)
			low = middle;
		else
			high = middle;
	}
	return &axis->parts[low];
}

const struct axis_part *
axis_part(const struct axis *axis, uint64_t cell)
{
	return part_before(axis, cell, false);
}

uint64_t
axis_cell(const struct axis *axis, uint64_t page)
{
	const struct axis_part *part;

	if (!axis->count)
		return 0;
	part = part_before(axis, page, true);
	return part->gap || page < part->first ? part->cell
					       : part->cell + (page - part->first) / axis->zoom;
}

void
axis_pages(const struct axis *axis, uint64_t cell, uint64_t *first, uint64_t *end, bool *gap)
{
	const struct axis_part *part;

	*first = *end = 0;
	*gap = true;
	if (!axis->count)
		return;
	part = axis_part(axis, cell);
	*gap = part->gap;
	*first = part->gap ? part->first : part->first + (cell - part->cell) * axis->zoom;
	*end = part->gap || *first + axis->zoom > part->end ? part->end : *first + axis->zoom;
}

#define HEAD 1 /* the region */
#define FOOT 3 /* the cell under the cursor, the legend */

void
map_layout(struct map_layout *map, const struct family_draw *draw, const struct region *region)
{
	const struct family_cursor *cursor = &draw->scene->cursor;
	int rows = draw->rows - (draw->rows >= 4) * HEAD -
	    (draw->rows >= 9          ? FOOT
		    : draw->rows >= 6 ? 1
				      : 0);
	int strips = (int)region->strip_count, axis = rows >= 2, block;
	uint64_t sight;

	*map = (struct map_layout){.label = draw->right - draw->margin >= 12 ? 4 : 0};
	map->columns = draw->right - draw->margin - map->label;
	map->columns = map->columns > 0 ? map->columns : 1;
	map->strips = strips < rows - axis ? strips : rows - axis;
	map->strips = map->strips > 0 ? map->strips : 1;
	block = map->strips + axis;
	map->lines = rows / block > 0 ? rows / block : 1;
	map->first_strip = family_first(
	    region->strip_count, family_strip_at(region, cursor->member), (size_t)map->strips);
	sight = (uint64_t)map->columns * (uint64_t)map->lines;
	axis_fit(&map->axis, draw->now, region, cursor->zoom, sight);
	map->first = axis_cell(&map->axis, cursor->page) / sight * sight;
}
