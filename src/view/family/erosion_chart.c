#include "config.h"
#include "view/canvas/glyph.h"
#include "view/canvas/wording.h"
#include "view/family/costs_words.h"
#include "view/family/family_draw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"

/* What was shared when watching began and no longer is: a band for each process or mapping over
 * time, and what was lost. */

#define BAND_MOST 5 /* rows of a process */
#define BAND_MOST_MAPPING 3

struct erosion_band {
	const struct erosion_line *line;
	bool still; /* what is still shared; else what was copied */
};

/* Left of the bands: where each column ends; -1: not shown. */
struct columns {
	int name, still, copied, rate, band;
};

/* The last point within a column's time; before the first: COUNT_UNKNOWN. */
static uint64_t
value_at(const struct erosion *erosion, const struct erosion_band *band, int column, int columns)
{
	uint64_t from = erosion->times_ns[0], whole = erosion->times_ns[erosion->count - 1] - from;
	uint64_t until = from + (uint64_t)((double)whole * (column + 1) / columns);
	size_t low = 0, high = erosion->count;

	while (low + 1 < high) {
		size_t middle = low + (high - low) / 2;

		if (erosion->times_ns[middle] <= until)
			low = middle;
		else
			high = middle;
	}
	if (low < band->line->first || low >= band->line->end)
		return COUNT_UNKNOWN;
	return band->still ? band->line->points[low].still_kib
			   : point_went_kib(&band->line->points[low]);
}

/* A column of eighths, from the bottom; any value above zero shows at least one. */
static void
draw_column(
    const struct family_draw *draw, int column, int row, int rows, double share, enum role role)
{
	static const char *const eighths[] = {"", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	int height = (int)(share * rows * 8 + 0.5);

	height = height < 1 && share > 0 ? 1 : height > rows * 8 ? rows * 8 : height;
	for (int i = 0; i < rows && height > i * 8; i++) {
		int part = height - i * 8 < 8 ? height - i * 8 : 8;
		struct pen pen = family_pen(draw, column, row + rows - 1 - i, role);

		pen_glyph(&pen, eighths[part],
		    part == 8       ? "#"
			: part >= 5 ? "+"
			: part >= 3 ? "-"
				    : "_");
	}
}

static void
draw_band(const struct family_draw *draw, const struct erosion_band *band, int column, int row,
    int rows, uint64_t top)
{
	const struct erosion *erosion = draw->scene->erosion;
	int columns = draw->right - column;

	for (int i = 0; i < columns; i++) {
		uint64_t value = value_at(erosion, band, i, columns);

		if (value != COUNT_UNKNOWN)
			draw_column(draw, column + i, row, rows, (double)value / (double)top,
			    band->still ? ROLE_CACHED : ROLE_EMPHASIS);
	}
}

static bool
of_processes(const struct family_draw *draw)
{
	return draw->scene->cursor.erosion == EROSION_OF_PROCESSES;
}

static struct columns
columns_of(const struct family_draw *draw)
{
	int left = draw->margin, width = draw->right - left;

	if (of_processes(draw))
		return width >= 52 ? (struct columns){left + 4, -1, left + 11, left + 24, left + 26}
				   : (struct columns){left + 4, -1, left + 11, -1, left + 12};
	if (width >= 100)
		return (struct columns){left + 40, left + 47, left + 54, left + 64, left + 66};
	if (width >= 70)
		return (struct columns){left + 24, left + 31, left + 38, left + 48, left + 50};
	if (width >= 54)
		return (struct columns){left + 23, left + 29, left + 36, left + 45, left + 46};
	return (struct columns){left + 14, -1, left + 20, left + 29, left + 30};
}

/* Its last values, even for a mapping that isn't followed in this process. */
static struct erosion_point
numbers_of(const struct family_draw *draw, const struct erosion_row *row)
{
	uint64_t kib = draw->now->page_size / 1024;
	const struct strip *strip = !row->line && row->at != SIZE_MAX
	    ? region_strip(&draw->now->regions[row->at], draw->scene->cursor.member)
	    : NULL;

	if (row->line || !strip)
		return row->line ? row->line->last : (struct erosion_point){.was_kib = 0};
	return (struct erosion_point){
	    .was_kib = strip->tally.was_shared * kib,
	    .still_kib = strip->tally.still_shared * kib,
	    .copied_kib = strip->tally.went_copied * kib,
	    .parted_kib = strip->tally.went_parted * kib,
	    .alone_kib = strip->tally.left_alone * kib,
	};
}

static void
draw_size(const struct family_draw *draw, int end, int row, enum role role, uint64_t kib)
{
	struct buf size = BUF_INIT;

	size_text(&size, kib);
	if (end >= 0)
		draw_right(draw, end - 6, end, row, role, buf_text(&size));
	buf_free(&size);
}

static void
draw_rate(const struct family_draw *draw, const struct columns *columns,
    const struct erosion_row *row, int line)
{
	const struct erosion *erosion = draw->scene->erosion;
	uint64_t rate = row->line ? erosion_went_rate(erosion, row->line) : COUNT_UNKNOWN;
	struct buf text = BUF_INIT;

	if (row->line && !erosion_is_there(erosion, row->line))
		buf_add(&text, row->mapping ? _("gone") : _("left"));
	else
		erosion_rate_text(&text, rate, row->mapping ? "+%s" : _("+%s/min"));
	if (columns->rate >= 0)
		draw_right(draw, columns->copied + 1, columns->rate, line,
		    rate && rate != COUNT_UNKNOWN ? ROLE_PLAIN : ROLE_DIM, buf_text(&text));
	buf_free(&text);
}

/* Copied, if any of it is known to be. */
static enum role
went_role(const struct erosion_point *point)
{
	return point->copied_kib ? ROLE_COPIED : point->parted_kib ? ROLE_PARTED : ROLE_DIM;
}

/* "b    95M   +12M/min", or "[heap]   812M   95M   +12M" */
static void
draw_label(const struct family_draw *draw, const struct columns *columns,
    const struct erosion_row *row, int line, bool selected)
{
	struct pen pen = family_pen(draw, draw->margin, line,
	    selected           ? ROLE_EMPHASIS
		: row->mapping ? ROLE_PLAIN
			       : ROLE_TITLE);
	struct erosion_point numbers = numbers_of(draw, row);
	bool there = !row->line || erosion_is_there(draw->scene->erosion, row->line);
	struct buf name = BUF_INIT;

	pen.limit = columns->name;
	pen_text(&pen, selected ? ">" : " ");
	if (row->mapping)
		erosion_place(&name, draw, row->mapping, pen.limit - pen.column);
	else
		buf_add(&name, row->line->name);
	pen_text(&pen, buf_text(&name));
	draw_size(draw, columns->still, line, there ? ROLE_PLAIN : ROLE_DIM, numbers.still_kib);
	draw_size(draw, columns->copied, line, there ? went_role(&numbers) : ROLE_DIM,
	    point_went_kib(&numbers));
	draw_rate(draw, columns, row, line);
	if (selected) {
		draw->canvas->cursor_column = draw->margin;
		draw->canvas->cursor_row = line;
	}
	buf_free(&name);
}

/* The scale of all bands: the maximum of any row. */
static uint64_t
erosion_top_of(const struct erosion_row *rows, size_t count)
{
	uint64_t top = 1;

	for (size_t i = 0; i < count; i++)
		for (size_t at = rows[i].line ? rows[i].line->first : 0;
		     rows[i].line && at < rows[i].line->end; at++)
			if (point_went_kib(&rows[i].line->points[at]) > top)
				top = point_went_kib(&rows[i].line->points[at]);
	return top;
}

struct list {
	struct erosion_row *rows;
	size_t count, at;
	size_t first, shown;
	int tall; /* screen rows each */
};

static bool
erosion_has_more(const struct family_draw *draw)
{
	return draw->scene->cursor.erosion == EROSION_OF_ALL && draw->scene->erosion->more_count;
}

static void
list_layout(struct list *list, const struct family_draw *draw, int room)
{
	int count = (int)list->count + erosion_has_more(draw),
	    most = of_processes(draw) ? BAND_MOST : BAND_MOST_MAPPING;

	room = room > 0 ? room : 0;
	list->tall = count ? room / count : 1;
	list->tall = list->tall < 1 ? 1 : list->tall > most ? most : list->tall;
	list->shown = (size_t)(room / list->tall);
	list->first = family_first(list->count + erosion_has_more(draw), list->at, list->shown);
}

/* Below the last: mappings that aren't followed. */
static void
draw_more(const struct family_draw *draw, int row)
{
	const struct erosion *erosion = draw->scene->erosion;
	struct pen pen = family_pen(draw, draw->margin + 1, row, ROLE_DIM);
	struct buf size = BUF_INIT;

	size_text(&size, erosion->more_kib);
	pen_printf(&pen,
	    NP_("and %1$zu mapping more, copied %2$s: not followed",
		"and %1$zu mappings more, copied %2$s: not followed", erosion->more_count),
	    erosion->more_count, buf_text(&size));
	buf_free(&size);
}

static void
draw_list(const struct family_draw *draw, const struct list *list, int row)
{
	struct columns columns = columns_of(draw);
	uint64_t top = erosion_top_of(list->rows, list->count);

	for (size_t i = list->first; i < list->first + list->shown && i < list->count;
	     i++, row += list->tall) {
		struct erosion_band band = {list->rows[i].line, false};

		if (band.line)
			draw_band(draw, &band, columns.band, row, list->tall, top);
		draw_label(draw, &columns, &list->rows[i], row + list->tall - 1, i == list->at);
	}
	if (erosion_has_more(draw) && list->first + list->shown > list->count)
		draw_more(draw, row + list->tall - 1);
	if (!list->count && !of_processes(draw)) {
		struct pen pen = family_pen(draw, draw->margin + 1, row, ROLE_DIM);

		pen_text(&pen, _("no mapping was shared when watching began"));
	}
}

/* What the rows are, and which of them are in sight if not all are. */
static void
draw_head_words(const struct family_draw *draw, const struct columns *columns, int row)
{
	struct pen pen = family_pen(draw, draw->margin + 1, row, ROLE_DIM);
	const struct member *member = family_selected(draw->scene);

	pen.limit = columns->name;
	if (of_processes(draw))
		pen_text(&pen, _("who"));
	else if (draw->scene->cursor.erosion == EROSION_OF_ONE && member)
		pen_printf(&pen, _("mapping in %s"), member->name);
	else
		pen_text(&pen, _("mapping"));
	if (columns->still >= 0)
		draw_right(
		    draw, columns->name, columns->still, row, state_role(PAGE_SHARED), _("still"));
	draw_right(draw, columns->copied - 7, columns->copied, row, state_role(PAGE_COPIED),
	    page_state_word(PAGE_COPIED));
	if (columns->rate >= 0)
		draw_right(draw, columns->copied + 1, columns->rate, row, ROLE_DIM, _("a minute"));
}

/* What the height of the bands means, in the longest wording that fits. */
static void
draw_height(const struct family_draw *draw, const struct list *list, int column, int right, int row)
{
	const char *const formats[] = {
	    _("copied over time; full height: %s"), _("full height: %s"), "%s", ""};
	uint64_t top = erosion_top_of(list->rows, list->count);
	struct pen pen = pen_at(draw->canvas, column, row, right, ROLE_DIM);
	struct buf size = BUF_INIT, text = BUF_INIT;

	size_text(&size, top);
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		buf_clear(&text);
		buf_addf(&text, formats[i], buf_text(&size));
		if (column + canvas_width(draw->canvas, buf_text(&text)) <= right)
			break;
	}
	if (top > 1)
		pen_text(&pen, buf_text(&text));
	buf_free(&size);
	buf_free(&text);
}

static void
erosion_draw_heads(const struct family_draw *draw, const struct list *list, int row)
{
	struct columns columns = columns_of(draw);
	struct buf text = BUF_INIT;
	int right;

	if (list->shown < list->count)
		family_position(&text, list->first, list->shown, list->count);
	right = draw->right - (text.length ? canvas_width(draw->canvas, buf_text(&text)) + 1 : 0);
	draw_head_words(draw, &columns, row);
	draw_height(draw, list, columns.band, right, row);
	draw_right(draw, columns.band, draw->right, row, ROLE_DIM, buf_text(&text));
	buf_free(&text);
}

/* Since when, briefly if there is no more room. */
static void
since_text(struct buf *out, const struct erosion *erosion, bool brief)
{
	struct buf span = BUF_INIT;

	age_text(&span, erosion->times_ns[0], erosion->times_ns[erosion->count - 1]);
	buf_addf(out,
	    brief                     ? _("%s ago")
		: erosion->saved_base ? _("the saved baseline, %s ago")
				      : _("watching began %s ago"),
	    buf_text(&span));
	buf_free(&span);
}

/* The time that the bands cover, from left to right. */
static void
draw_scale(const struct family_draw *draw, int row)
{
	const char *now = draw->scene->saved ? "" : _("now");
	int band = columns_of(draw).band, right = draw->right - canvas_width(draw->canvas, now) - 1;
	struct pen pen = family_pen(draw, band, row, ROLE_DIM);
	struct buf since = BUF_INIT;

	since_text(&since, draw->scene->erosion, false);
	pen_glyph(&pen, "└", "+");
	if (band + 2 + canvas_width(draw->canvas, buf_text(&since)) > right &&
	    canvas_width(draw->canvas, buf_text(&since)) + 1 < band - draw->margin) {
		draw_right(draw, draw->margin, band - 1, row, ROLE_DIM, buf_text(&since));
	} else {
		pen.limit = right;
		pen_part(&pen, " %s", buf_text(&since));
		buf_clear(&since);
		since_text(&since, draw->scene->erosion, true);
		if (pen.column == band + 1)
			pen_part(&pen, " %s", buf_text(&since));
	}
	if (right > pen.column)
		draw_right(draw, pen.column, draw->right, row, ROLE_DIM, now);
	buf_free(&since);
}

/* How much of what was shared still is: the height of the band. */
static int
draw_whole(const struct family_draw *draw, int row, int rows)
{
	struct erosion_band band = {erosion_subject(draw), true};
	struct columns columns = columns_of(draw);
	struct pen pen = family_pen(draw, draw->margin + 1, row + rows - 1, ROLE_PLAIN);
	struct buf size = BUF_INIT;

	pen.limit = columns.band - 1;
	pen_text(&pen, _("still shared"));
	if (!band.line)
		return row + rows;
	size_text(&size, band.line->last.still_kib);
	draw_right(draw, pen.column, columns.band - 2, row + rows - 1, ROLE_PLAIN, buf_text(&size));
	buf_clear(&size);
	size_text(&size, band.line->last.was_kib);
	if (erosion_sum_of(draw, band.line).was_kib == band.line->last.was_kib)
		draw_right(draw, draw->margin, columns.band - 1, row, ROLE_DIM, buf_text(&size));
	draw_band(draw, &band, columns.band, row, rows,
	    band.line->last.was_kib ? band.line->last.was_kib : 1);
	buf_free(&size);
	return row + rows;
}

/* Why there is nothing to draw; NULL: there is. */
static const char *
no_erosion(const struct erosion *erosion)
{
	if (!erosion || !erosion->count)
		return _(
		    "Nothing is known of before: the first whole sample is the baseline, from then on it shows what goes.");
	if (!erosion->whole.end)
		return _(
		    "None of the processes may be read: what they share, and what goes, is not known.");
	return NULL;
}

/* The rows in between: headings, one row or more for each item, the time scale. */
static void
erosion_draw_rows(const struct family_draw *draw, struct list *list, int row, int end)
{
	bool scale = draw->rows >= 6;

	list_layout(list, draw, end - row - 2 * scale);
	if (scale)
		erosion_draw_heads(draw, list, row);
	else
		family_draw_position(
		    draw, draw->margin, draw->body, list->first, list->shown, list->count);
	draw_list(draw, list, row + scale);
	if (scale)
		draw_scale(draw, end - 1);
}

void
family_draw_erosion(const struct family_draw *draw)
{
	const char *nothing = no_erosion(draw->scene->erosion);
	bool parts = !of_processes(draw) && draw->rows >= 12;
	int row = draw->body, end = draw->body + draw->rows,
	    costs = !of_processes(draw) ? 0
	    : draw->rows >= 12          ? 2
					: draw->rows >= 9,
	    below = draw->rows >= 18 ? 5
	    : draw->rows >= 12       ? 3 + (costs > 0)
	    : draw->rows >= 9        ? 1 + costs
				     : 0;
	struct list list;

	if (nothing) {
		canvas_wrap(draw->canvas, draw->margin, row, draw->right, end, ROLE_DIM, nothing);
		return;
	}
	list.rows = erosion_rows(draw->scene, &list.count, &list.at);
	erosion_draw_summary(draw, row++);
	if (draw->rows >= 7)
		row += erosion_draw_sum(draw, row, row + 1 + (draw->rows >= 9));
	if (draw->rows >= 14)
		row = draw_whole(draw, row, draw->rows >= 20 ? 3 : 2);
	end -= below;
	erosion_draw_rows(draw, &list, row, end);
	costs_draw(draw, end, costs);
	if (parts)
		erosion_draw_parts(draw, list.count ? list.rows[list.at].mapping : NULL, end);
	erosion_draw_events(draw, end + parts + costs, end + below);
	free(list.rows);
}
