#include "config.h"
#include "view/canvas/glyph.h"
#include "view/family/family_draw.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"

/* The map of one mapping: a strip for each process, the same offsets above one another. */

#define TICK_CELLS 16

struct map {
	const struct family_draw *draw;
	const struct region *region;
	struct map_layout layout;
	uint64_t cursor; /* cell */
};

static void
scale_text(struct buf *out, const struct map *map)
{
	uint64_t zoom = map->layout.axis.zoom;
	struct buf cell = BUF_INIT;

	pages_text(&cell, map->draw->now, zoom);
	if (zoom == 1)
		buf_add(out, _("a cell a page"));
	else if (map->draw->right < 56)
		buf_addf(out, _("a cell %s"), buf_text(&cell));
	else
		buf_addf(out, _("a cell %1$llu pages (%2$s)"), (unsigned long long)zoom,
		    buf_text(&cell));
	buf_free(&cell);
}

/* What has room of it, the name first. */
static void
map_draw_region(const struct map *map, int row)
{
	const struct family_draw *draw = map->draw;
	const struct region *region = map->region;
	struct pen pen = family_pen(draw, draw->margin, row, ROLE_TITLE);
	struct buf size = BUF_INIT, scale = BUF_INIT, name = BUF_INIT, range = BUF_INIT;
	int room;

	scale_text(&scale, map);
	buf_add(&size, "  ");
	pages_text(&size, draw->now, region_pages(draw->now, region));
	if ((size_t)map->layout.strips < region->strip_count) {
		buf_add(&scale, "  ");
		family_position(&scale, map->layout.first_strip, (size_t)map->layout.strips,
		    region->strip_count);
	}
	pen.limit = draw->right - (int)utf8_width(buf_text(&scale)) - 1;
	room = pen.limit - pen.column - (int)size.length;
	region_name_fit(&name, region, room > 0 ? (size_t)room : 0, draw->canvas->ascii);
	pen_text(&pen, buf_text(&name));
	pen.role = ROLE_PLAIN;
	pen_text(&pen, buf_text(&size));
	pen.role = ROLE_DIM;
	pen_part(&pen, "  %s", region->perms);
	buf_addf(&range, "  %llx-%llx", (unsigned long long)region->start,
	    (unsigned long long)region->end);
	pen_part(&pen, "%s", buf_text(&range));
	draw_right(draw, draw->margin, draw->right, row, ROLE_DIM, buf_text(&scale));
	buf_free(&size);
	buf_free(&scale);
	buf_free(&name);
	buf_free(&range);
}

static bool
holds_cursor(const struct map *map, uint64_t first)
{
	return map->cursor >= first && map->cursor < first + (uint64_t)map->layout.columns;
}

/* Offsets from the region's start, and a mark above the cursor. */
static void
draw_axis(const struct map *map, uint64_t line_first, int row)
{
	const struct map_layout *layout = &map->layout;
	int start = map->draw->margin + layout->label;

	for (int i = 0; i < layout->columns && line_first + (uint64_t)i < layout->axis.cells;
	     i += TICK_CELLS) {
		struct pen pen =
		    pen_at(map->draw->canvas, start + i, row, start + i + TICK_CELLS - 1, ROLE_DIM);
		struct buf size = BUF_INIT;
		uint64_t first, end;
		bool gap;

		if (pen.limit > map->draw->right)
			pen.limit = map->draw->right;
		axis_pages(&layout->axis, line_first + (uint64_t)i, &first, &end, &gap);
		if (first)
			pages_text(&size, map->draw->now, first);
		pen_glyph(&pen, "│", "|");
		pen_part(&pen, "+%s", first ? buf_text(&size) : "0");
		buf_free(&size);
	}
	if (holds_cursor(map, line_first)) {
		struct pen pen = pen_at(map->draw->canvas, start + (int)(map->cursor - line_first),
		    row, map->draw->right, ROLE_EMPHASIS);

		pen_text(&pen, "v");
	}
}

static void
map_draw_cell(const struct map *map, struct pen *pen, const struct strip *strip, uint64_t cell)
{
	struct tally tally = {.moved = 0};
	struct family_glyph glyph;
	uint64_t first, end;
	bool gap;

	axis_pages(&map->layout.axis, cell, &first, &end, &gap);
	pen->role = ROLE_DIM;
	if (gap) {
		pen_glyph(pen, "┊", ":");
		return;
	}
	first = first < strip->first ? strip->first : first;
	end = end > strip->end ? strip->end : end;
	if (first >= end) {
		pen_text(pen, " ");
		return;
	}
	strip_tally(strip, first, end, &tally);
	glyph = family_glyph_of(&tally, end - first);
	pen->role = state_role(strip->unread ? PAGE_UNKNOWN : glyph.state);
	if ((uint64_t)tally.moved * 2 > tally_present(&tally))
		pen_glyph(pen, "≈", "~");
	else
		pen_text(pen, strip->unread ? "?" : family_glyph_text(glyph, pen->canvas->ascii));
}

static void
map_draw_strip(const struct map *map, const struct strip *strip, uint64_t line_first, int row)
{
	const struct family_draw *draw = map->draw;
	const struct member *member = &draw->now->members[strip->member];
	bool selected = member == family_selected(draw->scene),
	     here = selected && holds_cursor(map, line_first);
	struct pen pen = family_pen(draw, draw->margin, row, selected ? ROLE_EMPHASIS : ROLE_TITLE);

	if (map->layout.label)
		pen_printf(&pen, "%s%s", here ? ">" : " ", member->name);
	pen.column = draw->margin + map->layout.label;
	for (int i = 0;
	     i < map->layout.columns && line_first + (uint64_t)i < map->layout.axis.cells; i++) {
		uint64_t cell = line_first + (uint64_t)i;

		pen.marks = here && cell == map->cursor ? MARK_CURSOR : 0;
		if (pen.marks) {
			draw->canvas->cursor_column = pen.column;
			draw->canvas->cursor_row = row;
		}
		map_draw_cell(map, &pen, strip, cell);
	}
}

static int
draw_lines(const struct map *map, int row, int row_limit)
{
	const struct map_layout *layout = &map->layout;
	const struct region *region = map->region;
	bool axis = row_limit - row >= 2;

	for (int line = 0; line < layout->lines; line++) {
		uint64_t first = layout->first + (uint64_t)line * (uint64_t)layout->columns;

		if (first >= layout->axis.cells && line)
			break;
		if (axis)
			draw_axis(map, first, row++);
		for (int i = 0;
		     i < layout->strips && layout->first_strip + (size_t)i < region->strip_count;
		     i++)
			if (row < row_limit)
				map_draw_strip(map,
				    &region->strips[layout->first_strip + (size_t)i], first, row++);
	}
	return row;
}

static void
add_counts(struct buf *out, const struct tally *tally, uint64_t pages)
{
	uint64_t counted = 0;

	for (int i = 0; i < FAMILY_STATES; i++)
		counted += tally->counts[family_states[i]];
	for (int i = 0; i < FAMILY_STATES; i++)
		if (tally->counts[family_states[i]])
			buf_addf(out, "%u %s, ", tally->counts[family_states[i]],
			    page_state_word(family_states[i]));
	if (counted < pages)
		buf_addf(out, "%llu %s, ", (unsigned long long)(pages - counted),
		    page_state_word(PAGE_ABSENT));
	if (tally->was_shared)
		buf_addf(out, _("%u shared when watching began, "), tally->was_shared);
	if (tally->moved)
		buf_addf(out, _("%u moved while they were read, "), tally->moved);
	if (tally->huge)
		buf_addf(out, _("%u in huge pages, "), tally->huge);
	if (out->length > 2)
		out->data[out->length -= 2] = '\0';
}

/* What is under the cursor, in words. */
static void
cursor_text(struct buf *out, const struct map *map)
{
	const struct family *family = map->draw->now;
	size_t member = map->draw->scene->cursor.member;
	const struct strip *strip = region_strip(map->region, member);
	struct tally tally = {.moved = 0};
	struct buf size = BUF_INIT, counts = BUF_INIT;
	uint64_t first, end;
	bool gap;

	axis_pages(&map->layout.axis, map->cursor, &first, &end, &gap);
	pages_text(&size, family, gap ? end - first : first);
	if (gap) {
		buf_addf(out, _("%s in which no process has a page"), buf_text(&size));
	} else if (!strip || first >= strip->end || end <= strip->first) {
		buf_addf(out, _("%s maps nothing here"), family->members[member].name);
	} else {
		strip_tally(strip, first, end, &tally);
		add_counts(&counts, &tally, end - first);
		buf_addf(out, _("%1$s 0x%2$llx (+%3$s): %4$s"), family->members[member].name,
		    (unsigned long long)(strip->address + first * family->page_size),
		    buf_text(&size), buf_text(&counts));
	}
	buf_free(&size);
	buf_free(&counts);
}

static void
draw_legend(const struct map *map, int row)
{
	const struct family_draw *draw = map->draw;
	struct pen pen = family_pen(draw, draw->margin, row, ROLE_DIM);
	static const enum page_state legend[] = {PAGE_COPIED, PAGE_SHARED, PAGE_PRIVATE,
	    PAGE_ABSENT, PAGE_PARTED, PAGE_ZERO, PAGE_SWAPPED, PAGE_UNKNOWN};

	for (size_t i = 0; i < sizeof(legend) / sizeof(legend[0]); i++) {
		const char *word = page_state_word(legend[i]);

		if (pen.column + (int)strlen(word) + 2 > pen.limit ||
		    (i >= 4 && !map->region->tally.counts[legend[i]]))
			continue;
		pen.role = state_role(legend[i]);
		pen_text(&pen, state_glyph(legend[i], draw->canvas->ascii));
		pen.role = ROLE_DIM;
		pen_printf(&pen, " %s  ", word);
	}
	if (map->layout.axis.zoom > 1 && pen.limit - pen.column >= 30)
		pen_text(&pen,
		    draw->canvas->ascii ? _("@ all  C most  c fewer than half")
					: _("◆ all  ◈ most  ◇ fewer than half"));
}

static void
draw_foot(const struct map *map, int row, int row_limit)
{
	const struct family_draw *draw = map->draw;
	struct buf text = BUF_INIT;
	int words = row_limit - row - (row_limit - row >= 3);

	cursor_text(&text, map);
	canvas_wrap(draw->canvas, draw->margin, row, draw->right, row + (words > 0 ? words : 1),
	    ROLE_TEXT, buf_text(&text));
	if (row_limit - row >= 3)
		draw_legend(map, row_limit - 1);
	buf_free(&text);
}

void
family_draw_map(const struct family_draw *draw)
{
	struct map map = {.draw = draw, .region = family_region(draw->scene)};
	int row = draw->body, end = draw->body + draw->rows,
	    foot = draw->rows >= 9 ? 3
	    : draw->rows >= 6      ? 1
				   : 0;

	if (!map.region) {
		struct pen pen = family_pen(draw, draw->margin, row, ROLE_DIM);

		pen_text(&pen, _("there is no mapping to look at"));
		return;
	}
	if (!region_has_cells(map.region)) {
		draw_no_cells(draw);
		return;
	}
	map_layout(&map.layout, draw, map.region);
	map.cursor = axis_cell(&map.layout.axis, draw->scene->cursor.page);
	if (draw->rows >= 4)
		map_draw_region(&map, row++);
	draw_lines(&map, row, end - foot);
	if (foot)
		draw_foot(&map, end - foot, end);
	axis_free(&map.layout.axis);
}
