#include "config.h"
#include "view/family/blame_view.h"
#include "view/family/family_draw.h"

#include <stdlib.h>

/* Moving about in each view. */

static size_t
moved(size_t at, int64_t by, size_t count)
{
	int64_t to = (int64_t)at + by, last = count ? (int64_t)count - 1 : 0;

	return (size_t)(to < 0 ? 0 : to > last ? last : to);
}

/* How far a place is, in rows; a screenful is `page`. 0: it is no such place. */
static int64_t
rows_of(enum place place, int64_t page)
{
	switch (place) {
	case PLACE_UP:
		return -1;
	case PLACE_DOWN:
		return 1;
	case PLACE_PAGE_UP:
		return -page;
	case PLACE_PAGE_DOWN:
		return page;
	case PLACE_FIRST:
		return -INT32_MAX;
	case PLACE_LAST:
		return INT32_MAX;
	default:
		return 0;
	}
}

static void
move_member(struct family_cursor *cursor, const struct family *family, enum place place)
{
	size_t count = family->member_count;

	if (!count)
		return;
	if (place == PLACE_NEXT || place == PLACE_PREVIOUS)
		cursor->member = (cursor->member + (place == PLACE_NEXT ? 1 : count - 1)) % count;
	else
		cursor->member = moved(cursor->member, place == PLACE_RIGHT ? 1 : -1, count);
}

static void
move_region(struct family_cursor *cursor, const struct family *family, int64_t by)
{
	size_t count, at = 0, *listed = family_listed(family, cursor, &count);

	while (at < count && listed[at] != cursor->region)
		at++;
	if (count) {
		cursor->region = listed[at < count ? moved(at, by, count) : 0];
		cursor->page = 0;
	}
	free(listed);
}

/* The strip above or below; after the last of a line, the first of the next. */
static void
move_strip(struct family_cursor *cursor, const struct map_layout *map, const struct region *region,
    bool down)
{
	size_t at = family_strip_at(region, cursor->member);
	uint64_t cell = axis_cell(&map->axis, cursor->page), line = (uint64_t)map->columns;
	bool gap, wraps = map->axis.cells > line;
	uint64_t end;

	if (down ? at + 1 < region->strip_count : at > 0) {
		cursor->member = region->strips[down ? at + 1 : at - 1].member;
	} else if (wraps && (down ? cell + line < map->axis.cells : cell >= line)) {
		cursor->member = region->strips[down ? 0 : region->strip_count - 1].member;
		axis_pages(&map->axis, down ? cell + line : cell - line, &cursor->page, &end, &gap);
	}
}

static void
move_in_map(struct family_cursor *cursor, const struct family_draw *draw, enum place place)
{
	const struct region *region = family_region(draw->scene);
	struct map_layout map;
	uint64_t end;
	int64_t by;
	bool gap;

	if (!region)
		return;
	map_layout(&map, draw, region);
	by = place == PLACE_LEFT ? -1 : place == PLACE_RIGHT ? 1 : 0;
	if (place != PLACE_UP && place != PLACE_DOWN && !by)
		by = rows_of(place, (int64_t)map.columns * map.lines);
	if (place == PLACE_UP || place == PLACE_DOWN)
		move_strip(cursor, &map, region, place == PLACE_DOWN);
	else if (map.axis.cells)
		axis_pages(&map.axis,
		    moved((size_t)axis_cell(&map.axis, cursor->page), by, (size_t)map.axis.cells),
		    &cursor->page, &end, &gap);
	axis_free(&map.axis);
}

static void
move_in_page(struct family_cursor *cursor, const struct family_scene *scene, enum place place)
{
	const struct region *region = family_region(scene);
	int64_t by = place == PLACE_LEFT ? -1
	    : place == PLACE_RIGHT       ? 1
					 : rows_of(place, GRANULE_PAGES);

	if (place == PLACE_UP || place == PLACE_DOWN)
		cursor->member = moved(cursor->member, by, scene->now->member_count);
	else if (region)
		cursor->page =
		    moved((size_t)cursor->page, by, (size_t)region_pages(scene->now, region));
}

void
family_move(struct family_cursor *cursor, const struct family_scene *scene, enum place place,
    int columns, int rows)
{
	struct family_draw draw;
	bool between = place == PLACE_NEXT || place == PLACE_PREVIOUS;

	family_layout(&draw, scene, columns, rows);
	if (scene->view == FAMILY_EROSION && scene->erosion)
		erosion_move(
		    cursor, scene, place, rows_of(place, draw.rows > 8 ? draw.rows - 6 : 1));
	else if (between)
		move_member(cursor, scene->now, place);
	else if (scene->view == FAMILY_BLAME)
		blame_view_move(cursor, scene, rows_of(place, draw.rows > 8 ? draw.rows - 6 : 1));
	else if (scene->view == FAMILY_MAP)
		move_in_map(cursor, &draw, place);
	else if (scene->view == FAMILY_PAGE)
		move_in_page(cursor, scene, place);
	else if (scene->view == FAMILY_MAPPINGS && place != PLACE_LEFT && place != PLACE_RIGHT)
		move_region(cursor, scene->now, rows_of(place, draw.rows > 3 ? draw.rows - 2 : 1));
	else if (place == PLACE_LEFT || place == PLACE_RIGHT)
		move_member(cursor, scene->now, place);
	else
		cursor->member = moved(cursor->member,
		    rows_of(place, draw.rows > 8 ? draw.rows - 6 : 1), scene->now->member_count);
}

void
family_zoom(struct family_cursor *cursor, const struct family_scene *scene, enum zoom zoom,
    int columns, int rows)
{
	const struct region *region = family_region(scene);
	struct family_draw draw;
	struct map_layout map;
	uint64_t now;

	if (!region)
		return;
	family_layout(&draw, scene, columns, rows);
	map_layout(&map, &draw, region);
	now = map.axis.zoom;
	axis_free(&map.axis);
	if (zoom == ZOOM_IN)
		cursor->zoom = now > 1 ? now / 2 : 1;
	else if (zoom == ZOOM_PAGE)
		cursor->zoom = 1;
	else if (zoom == ZOOM_ALL || now * 2 >= region_pages(scene->now, region))
		cursor->zoom = 0;
	else
		cursor->zoom = now * 2;
}

void
family_cell(const struct family_scene *scene, int columns, int rows, uint64_t *first, uint64_t *end)
{
	const struct region *region = family_region(scene);
	struct family_draw draw;
	struct map_layout map;
	bool gap;

	*first = *end = 0;
	if (!region)
		return;
	family_layout(&draw, scene, columns, rows);
	map_layout(&map, &draw, region);
	axis_pages(&map.axis, axis_cell(&map.axis, scene->cursor.page), first, end, &gap);
	axis_free(&map.axis);
}

static bool
is_listed(const struct family *family, const struct family_cursor *cursor, size_t *instead)
{
	size_t count, *listed = family_listed(family, cursor, &count);
	bool found = false;

	for (size_t i = 0; i < count && !found; i++)
		found = listed[i] == cursor->region;
	*instead = count ? listed[0] : 0;
	free(listed);
	return found;
}

void
family_settle(struct family_cursor *cursor, const struct family *family)
{
	size_t instead;
	uint64_t pages;

	if (cursor->member >= family->member_count)
		cursor->member = family->member_count ? family->member_count - 1 : 0;
	if (!is_listed(family, cursor, &instead)) {
		cursor->region = instead;
		cursor->page = 0;
	}
	if (cursor->region >= family->region_count)
		return;
	pages = region_pages(family, &family->regions[cursor->region]);
	if (cursor->page >= pages)
		cursor->page = pages ? pages - 1 : 0;
}
