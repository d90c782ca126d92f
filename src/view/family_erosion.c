#include "config.h"
#include "view/family_draw.h"

#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "view/explain.h"
#include "view/scene.h"

/* What was shared when watching began and is no longer: a band for each process over time, and what went. */

#define LABEL 26 /* cells beside a band */
#define BAND_MOST 5

struct band {
	const struct erosion_point *points;
	size_t first;
	bool still; /* what is still shared, else what was copied */
};

/* The last point of a column's time; before the first: COUNT_UNKNOWN. */
static uint64_t
value_at(const struct erosion *erosion, const struct band *band, int column, int columns)
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
	if (low < band->first)
		return COUNT_UNKNOWN;
	return band->still ? band->points[low].still_kib : band->points[low].copied_kib;
}

/* A column of eighths, from the bottom; what is there has at least one. */
static void
draw_column(const struct family_draw *draw, int column, int row, int rows, double share, enum role role)
{
	static const char *const eighths[] = {"", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	int height = (int)(share * rows * 8 + 0.5);

	height = height < 1 && share > 0 ? 1 : height > rows * 8 ? rows * 8 : height;
	for (int i = 0; i < rows && height > i * 8; i++) {
		int part = height - i * 8 < 8 ? height - i * 8 : 8;
		struct pen pen = family_pen(draw, column, row + rows - 1 - i, role);

		pen_glyph(&pen, eighths[part], part == 8 ? "#" : part >= 5 ? "+" : part >= 3 ? "-" : "_");
	}
}

static void
draw_band(const struct family_draw *draw, const struct band *band, int column, int row, int rows, uint64_t top)
{
	const struct erosion *erosion = draw->scene->erosion;
	int columns = draw->right - column;

	for (int i = 0; i < columns; i++) {
		uint64_t value = value_at(erosion, band, i, columns);

		if (value != COUNT_UNKNOWN)
			draw_column(draw, column + i, row, rows, (double)value / (double)top, band->still ? ROLE_CACHED : ROLE_EMPHASIS);
	}
}

static const struct erosion_point *
last_of(const struct erosion *erosion, const struct erosion_point *points)
{
	return &points[erosion->count - 1];
}

/* "b    95M   +12M/min" */
static void
draw_label(const struct family_draw *draw, const struct erosion_line *line, bool with_rate, int row, bool selected)
{
	struct pen pen = family_pen(draw, draw->margin, row, selected ? ROLE_EMPHASIS : ROLE_TITLE);
	struct buf size = BUF_INIT, speed = BUF_INIT, text = BUF_INIT;
	uint64_t kib = last_of(draw->scene->erosion, line->points)->copied_kib, rate = erosion_rate(draw->scene->erosion, line);

	pen_printf(&pen, "%s%s", selected ? ">" : " ", line->name);
	size_text(&size, kib);
	size_text(&speed, rate);
	draw_right(draw, draw->margin + 4, draw->margin + 11, row, kib ? ROLE_COPIED : ROLE_DIM, buf_text(&size));
	buf_addf(&text, _("+%s/min"), buf_text(&speed));
	if (with_rate)
		draw_right(draw, draw->margin + 12, draw->margin + LABEL - 2, row, rate ? ROLE_PLAIN : ROLE_DIM, buf_text(&text));
	if (selected) {
		draw->canvas->cursor_column = draw->margin;
		draw->canvas->cursor_row = row;
	}
	buf_free(&size);
	buf_free(&speed);
	buf_free(&text);
}

static void
draw_summary(const struct family_draw *draw, int row)
{
	const struct erosion *erosion = draw->scene->erosion;
	const struct erosion_point *last = last_of(erosion, erosion->whole.points);
	struct buf was = BUF_INIT, still = BUF_INIT, copied = BUF_INIT, speed = BUF_INIT, text = BUF_INIT;

	size_text(&was, last->was_kib);
	size_text(&still, last->still_kib);
	size_text(&copied, last->copied_kib);
	size_text(&speed, erosion_rate(erosion, NULL));
	buf_addf(&text, draw->right >= 76 ? _("Shared when watching began: %1$s. Still: %2$s. Copied: %3$s, %4$s a minute.")
	    : draw->right >= 56                    ? _("shared then %1$s, still %2$s, copied %3$s, +%4$s/min")
						   : _("still shared: %2$s of %1$s"),
	    buf_text(&was), buf_text(&still), buf_text(&copied), buf_text(&speed));
	canvas_wrap(draw->canvas, draw->margin, row, draw->right, row + 1, ROLE_TEXT, buf_text(&text));
	buf_free(&was);
	buf_free(&still);
	buf_free(&copied);
	buf_free(&speed);
	buf_free(&text);
}

static void
draw_event(const struct family_draw *draw, const struct erosion_event *event, int row)
{
	struct pen pen = family_pen(draw, draw->margin, row, ROLE_DIM);
	struct buf when = BUF_INIT, size = BUF_INIT, range = BUF_INIT;

	age_text(&when, draw->scene->erosion->times_ns[0], event->time_ns);
	size_text(&size, event->copied_kib);
	size_text(&range, event->range_kib);
	pen_printf(&pen, _("at %s: "), buf_text(&when));
	pen.role = ROLE_TEXT;
	pen_printf(&pen, _("%1$s copied %2$s of %3$s at 0x%4$llx, %5$s"), event->name, buf_text(&size), buf_text(&range),
	    (unsigned long long)event->address, event->what);
	buf_free(&when);
	buf_free(&size);
	buf_free(&range);
}

static void
draw_events(const struct family_draw *draw, int row, int row_limit)
{
	const struct erosion *erosion = draw->scene->erosion;
	size_t shown = (size_t)(row_limit - row);

	shown = shown < erosion->event_count ? shown : erosion->event_count;
	for (size_t i = 0; i < shown; i++)
		draw_event(draw, &erosion->events[erosion->event_count - 1 - i], row++);
}

static uint64_t
top_of(const struct erosion *erosion)
{
	uint64_t top = 1;

	for (size_t i = 0; i < erosion->line_count; i++)
		for (size_t at = erosion->lines[i]->first; at < erosion->count; at++)
			if (erosion->lines[i]->points[at].copied_kib > top)
				top = erosion->lines[i]->points[at].copied_kib;
	return top;
}

static void
draw_lines(const struct family_draw *draw, int row, int row_limit)
{
	const struct erosion *erosion = draw->scene->erosion;
	const struct kin *selected = family_selected(draw->scene);
	int label = draw->right - draw->margin >= 2 * LABEL ? LABEL : 12, room = row_limit - row;
	size_t at = 0, first, shown;
	int tall = erosion->line_count ? room / (int)erosion->line_count : 1;

	tall = tall < 1 ? 1 : tall > BAND_MOST ? BAND_MOST : tall;
	shown = room > 0 ? (size_t)(room / tall) : 0;
	for (size_t i = 0; i < erosion->line_count; i++)
		at = selected && strcmp(erosion->lines[i]->name, selected->name) == 0 ? i : at;
	first = family_first(erosion->line_count, at, shown);
	for (size_t i = first; i < erosion->line_count && i < first + shown; i++, row += tall) {
		const struct erosion_line *line = erosion->lines[i];
		struct band band = {line->points, line->first, false};

		draw_band(draw, &band, draw->margin + label, row, tall, top_of(erosion));
		draw_label(draw, line, label == LABEL, row + tall - 1, i == at);
	}
}

/* The time that the bands cover, and their scale. */
static void
draw_scale(const struct family_draw *draw, int row)
{
	const struct erosion *erosion = draw->scene->erosion;
	int label = draw->right - draw->margin >= 2 * LABEL ? LABEL : 12;
	struct buf span = BUF_INIT, top = BUF_INIT, text = BUF_INIT;
	struct pen pen = family_pen(draw, draw->margin + label, row, ROLE_DIM);

	age_text(&span, erosion->times_ns[0], erosion->times_ns[erosion->count - 1]);
	size_text(&top, top_of(erosion));
	pen_glyph(&pen, "└", "+");
	if (top_of(erosion) > 1)
		pen_printf(&pen, _(" copied, up to %s"), buf_text(&top));
	buf_addf(&text, _("%s since watching began"), buf_text(&span));
	if (draw->right - pen.column > canvas_width(draw->canvas, buf_text(&text)) + 2)
		draw_right(draw, pen.column, draw->right, row, ROLE_DIM, buf_text(&text));
	buf_free(&span);
	buf_free(&top);
	buf_free(&text);
}

/* The family's: what is still shared of what was. */
static int
draw_whole(const struct family_draw *draw, int row, int rows)
{
	const struct erosion *erosion = draw->scene->erosion;
	struct band band = {erosion->whole.points, 0, true};
	int label = draw->right - draw->margin >= 2 * LABEL ? LABEL : 12;
	uint64_t was = last_of(erosion, erosion->whole.points)->was_kib;
	struct pen pen = family_pen(draw, draw->margin + 1, row + rows - 1, ROLE_PLAIN);

	pen.limit = draw->margin + label - 1;
	pen_text(&pen, _("still shared"));
	draw_band(draw, &band, draw->margin + label, row, rows, was ? was : 1);
	return row + rows;
}

void
family_draw_erosion(const struct family_draw *draw)
{
	const struct erosion *erosion = draw->scene->erosion;
	int row = draw->body, end = draw->body + draw->rows, events = draw->rows >= 18 ? 5 : draw->rows >= 12 ? 3 : draw->rows >= 8;

	if (!erosion || !erosion->count) {
		canvas_wrap(draw->canvas, draw->margin, row, draw->right, end, ROLE_DIM,
		    _("Nothing is known of before: the first whole sample is the baseline, from then on it shows what goes."));
		return;
	}
	draw_summary(draw, row++);
	if (draw->rows >= 14)
		row = draw_whole(draw, row, draw->rows >= 20 ? 3 : 2);
	end -= events;
	if (draw->rows >= 6)
		draw_scale(draw, --end);
	draw_lines(draw, row, end);
	draw_events(draw, end + (draw->rows >= 6), end + (draw->rows >= 6) + events);
}
