#include "config.h"
#include "view/canvas/glyph.h"
#include "view/canvas/wording.h"
#include "view/family/family_draw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"

/* What was shared when watching began and is no longer: a band for each process or mapping over
 * time, and what went. */

#define BAND_MOST 5 /* rows of a process */
#define BAND_MOST_MAPPING 3

struct erosion_band {
	const struct erosion_line *line;
	bool still; /* what is still shared, else what was copied */
};

/* Left of the bands: where each column ends; -1: it is not shown. */
struct columns {
	int name, still, copied, rate, band;
};

/* The last point of a column's time; before the first: COUNT_UNKNOWN. */
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

/* A column of eighths, from the bottom; what is there has at least one. */
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

/* Who the top of the screen is about: all, or the process whose mappings are listed; NULL: nothing
 * is known of it. */
static const struct erosion_line *
erosion_subject_of(const struct family_draw *draw)
{
	const struct member *member = family_selected(draw->scene);

	if (draw->scene->cursor.erosion != EROSION_OF_ONE || !member)
		return &draw->scene->erosion->whole;
	return erosion_line(draw->scene->erosion, member->name);
}

/* "+12M/min", by the format; an unknown rate has no unit. */
__attribute__((format(printf, 3, 0))) static void
rate_text(struct buf *out, uint64_t rate, const char *format)
{
	struct buf size = BUF_INIT;

	size_text(&size, rate);
	if (rate == COUNT_UNKNOWN)
		buf_add(out, buf_text(&size));
	else
		buf_addf(out, format, buf_text(&size));
	buf_free(&size);
}

/* As it was last, also of a mapping that is not followed in this process. */
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

/* The path, or its end where it is too long, or the kind, and the address where there is room. */
static void
place_text(struct buf *out, const struct family_draw *draw, const struct erosion_mapping *mapping,
    int room)
{
	const char *slash = strrchr(mapping->path, '/');

	if (*mapping->path && room >= 36)
		buf_addf(out, "%s %llx",
		    slash && canvas_width(draw->canvas, mapping->path) + 13 > room ? slash + 1
										   : mapping->path,
		    (unsigned long long)mapping->start);
	else if (*mapping->path)
		buf_add(out,
		    slash && canvas_width(draw->canvas, mapping->path) > room ? slash + 1
									      : mapping->path);
	else if (room >= 22)
		buf_addf(out, "%s %llx", region_kind_word(mapping->kind),
		    (unsigned long long)mapping->start);
	else
		buf_addf(out, "%llx", (unsigned long long)mapping->start);
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
		rate_text(&text, rate, row->mapping ? "+%s" : _("+%s/min"));
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
		place_text(&name, draw, row->mapping, pen.limit - pen.column);
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

/* Whether it is about all, also those that left: then sums, else a process's numbers. */
static struct erosion_sum
erosion_sum_of(const struct family_draw *draw, const struct erosion_line *line)
{
	const struct erosion_point *last = &line->last;
	uint64_t told = last->still_kib + point_went_kib(last) + last->alone_kib;

	if (line == &draw->scene->erosion->whole)
		return erosion_sum(draw->scene->erosion);
	return (struct erosion_sum){
	    .was_kib = last->was_kib,
	    .still_kib = last->still_kib,
	    .copied_kib = last->copied_kib,
	    .parted_kib = last->parted_kib,
	    .alone_kib = last->alone_kib,
	    .let_go_kib = last->was_kib > told ? last->was_kib - told : 0,
	};
}

static const char *
summary_format(const struct family_draw *draw)
{
	if (draw->right < 56)
		return _("still shared: %2$s of %1$s");
	if (draw->right < 76)
		return _("was %1$s, still %2$s, copied %3$s, %4$s/min over %5$s");
	return draw->scene->erosion->saved_base
	    ? _("In the baseline: %1$s. Still: %2$s. Ever copied: %3$s, %4$s a minute over %5$s.")
	    : _("Was shared: %1$s. Still: %2$s. Ever copied: %3$s, %4$s a minute over %5$s.");
}

/* Was, still, ever copied and the rate. */
__attribute__((format(printf, 3, 0))) static void
summary_text(struct buf *out, const struct family_draw *draw, const char *format,
    const struct erosion_line *line)
{
	const struct erosion_sum sum = erosion_sum_of(draw, line);
	struct buf was = BUF_INIT, still = BUF_INIT, ever = BUF_INIT, speed = BUF_INIT,
		   window = BUF_INIT;

	age_text(&window, 1, 1 + erosion_window_ns(draw->scene->erosion, line));
	size_text(&was, sum.was_kib);
	size_text(&still, sum.still_kib);
	size_text(&ever, line->last.ever_kib + (*line->name ? line->last.ever_parted_kib : 0));
	size_text(&speed, erosion_went_rate(draw->scene->erosion, line));
	buf_addf(out, format, buf_text(&was), buf_text(&still), buf_text(&ever), buf_text(&speed),
	    buf_text(&window));
	buf_free(&window);
	buf_free(&was);
	buf_free(&still);
	buf_free(&ever);
	buf_free(&speed);
}

static void
erosion_draw_summary(const struct family_draw *draw, int row)
{
	const struct erosion_line *line = erosion_subject_of(draw);
	struct pen pen = family_pen(draw, draw->margin, row, ROLE_TITLE);
	struct buf text = BUF_INIT;

	if (draw->scene->cursor.erosion == EROSION_OF_ONE && family_selected(draw->scene))
		pen_printf(&pen, "%s  ", family_selected(draw->scene)->name);
	if (line)
		summary_text(&text, draw, summary_format(draw), line);
	canvas_wrap(
	    draw->canvas, pen.column, row, draw->right, row + 1, ROLE_TEXT, buf_text(&text));
	buf_free(&text);
}

static void
draw_part(struct pen *pen, enum page_state state, const char *word, uint64_t kib)
{
	struct buf size = BUF_INIT;

	if (!kib && pen->limit < 76)
		return;
	size_text(&size, kib);
	pen_text(pen, " ");
	if (state != PAGE_ABSENT) {
		pen->role = state_role(state);
		pen_text(pen, state_glyph(state, pen->canvas->ascii));
	}
	pen->role = ROLE_DIM;
	pen_printf(pen, "%s ", word);
	pen->role = kib ? ROLE_TEXT : ROLE_DIM;
	pen_text(pen, buf_text(&size));
	buf_free(&size);
}

/* What became of what is no longer shared: the parts make up the whole, of which those that are
 * nothing are told where there is room. */
static void
draw_sum(const struct family_draw *draw, int row)
{
	const struct erosion_line *line = erosion_subject_of(draw);
	struct pen pen = family_pen(draw, draw->margin, row, ROLE_DIM);
	struct buf text = BUF_INIT;
	struct erosion_sum sum;

	if (!line)
		return;
	sum = erosion_sum_of(draw, line);
	size_text(&text, sum.was_kib - sum.still_kib);
	pen_printf(&pen, _("No longer %s:"), buf_text(&text));
	draw_part(&pen, PAGE_COPIED, _("copied"), sum.copied_kib);
	draw_part(&pen, PAGE_PARTED, _("parted"), sum.parted_kib);
	draw_part(&pen, PAGE_PRIVATE, _("left"), sum.alone_kib);
	draw_part(&pen, PAGE_ABSENT, _("let go"), sum.let_go_kib);
	draw_part(&pen, PAGE_ABSENT, _("ended"), sum.left_kib);
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
	pen_printf(&pen,
	    event->parted ? _("%1$s parted %2$s of %3$s at 0x%4$llx, %5$s")
			  : _("%1$s copied %2$s of %3$s at 0x%4$llx, %5$s"),
	    event->name, buf_text(&size), buf_text(&range), (unsigned long long)event->address,
	    event->what);
	buf_free(&when);
	buf_free(&size);
	buf_free(&range);
}

static void
draw_events(const struct family_draw *draw, int row, int row_limit)
{
	const struct erosion *erosion = draw->scene->erosion;
	size_t shown = row_limit > row ? (size_t)(row_limit - row) : 0;

	shown = shown < erosion->event_count ? shown : erosion->event_count;
	for (size_t i = 0; i < shown; i++)
		draw_event(draw, &erosion->events[erosion->event_count - 1 - i], row++);
}

/* The scale of all bands: the most that any row had. */
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

/* Under the last: mappings that are not followed. */
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

/* Over the mappings; which of them are in sight, if not all. */
static void
erosion_draw_heads(const struct family_draw *draw, const struct list *list, int row)
{
	struct columns columns = columns_of(draw);
	struct pen pen = family_pen(draw, draw->margin + 1, row, ROLE_DIM);
	struct buf text = BUF_INIT;

	pen.limit = columns.name;
	if (draw->scene->cursor.erosion == EROSION_OF_ONE && family_selected(draw->scene))
		pen_printf(&pen, _("mapping in %s"), family_selected(draw->scene)->name);
	else
		pen_text(&pen, _("mapping"));
	if (columns.still >= 0)
		draw_right(
		    draw, columns.name, columns.still, row, state_role(PAGE_SHARED), _("still"));
	draw_right(draw, columns.copied - 7, columns.copied, row, state_role(PAGE_COPIED),
	    page_state_word(PAGE_COPIED));
	draw_right(draw, columns.copied + 1, columns.rate, row, ROLE_DIM, _("a minute"));
	if (list->first || list->first + list->shown < list->count)
		buf_addf(&text, _("%1$zu-%2$zu of %3$zu"), list->first + 1,
		    list->first + list->shown < list->count ? list->first + list->shown
							    : list->count,
		    list->count);
	draw_right(draw, columns.band, draw->right, row, ROLE_DIM, buf_text(&text));
	buf_free(&text);
}

/* Who copied the selected mapping: "b 180M (+360M/min), c 23M (+45M/min)". */
static void
list_parts(struct buf *out, const struct family_draw *draw, const struct erosion_mapping *mapping)
{
	for (size_t i = 0; i < mapping->part_count; i++) {
		const struct erosion_line *part = mapping->parts[i];
		struct buf rate = BUF_INIT;

		if (!point_went_kib(&part->last) || !erosion_is_there(draw->scene->erosion, part))
			continue;
		rate_text(&rate, erosion_went_rate(draw->scene->erosion, part), _("+%s/min"));
		buf_addf(out, "%s%s ", out->length ? ", " : "", part->name);
		size_text(out, point_went_kib(&part->last));
		buf_addf(out, " (%s)", buf_text(&rate));
		buf_free(&rate);
	}
}

static void
draw_parts(const struct family_draw *draw, const struct list *list, int row)
{
	struct buf text = BUF_INIT, place = BUF_INIT, parts = BUF_INIT;

	if (list->count) {
		const struct erosion_mapping *mapping = list->rows[list->at].mapping;

		place_text(&place, draw, mapping, (draw->right - draw->margin) * 3 / 5);
		list_parts(&parts, draw, mapping);
		buf_addf(&text,
		    parts.length ? _("%1$s went in %2$s") : _("%1$s: nothing of it is copied"),
		    buf_text(&place), buf_text(&parts));
	}
	canvas_wrap(
	    draw->canvas, draw->margin, row, draw->right, row + 1, ROLE_TEXT, buf_text(&text));
	buf_free(&text);
	buf_free(&place);
	buf_free(&parts);
}

static void
since_text(struct buf *out, const struct erosion *erosion)
{
	struct buf span = BUF_INIT;

	age_text(&span, erosion->times_ns[0], erosion->times_ns[erosion->count - 1]);
	buf_addf(out,
	    erosion->saved_base ? _("%s since the saved baseline") : _("%s since watching began"),
	    buf_text(&span));
	buf_free(&span);
}

/* The time that the bands cover, and their scale. */
static void
draw_scale(const struct family_draw *draw, const struct list *list, int row)
{
	uint64_t top = erosion_top_of(list->rows, list->count);
	struct buf size = BUF_INIT, since = BUF_INIT;
	int band = columns_of(draw).band, width;
	struct pen pen = family_pen(draw, band, row, ROLE_DIM);

	since_text(&since, draw->scene->erosion);
	width = canvas_width(draw->canvas, buf_text(&since));
	size_text(&size, top);
	pen_glyph(&pen, "└", "+");
	if (top > 1)
		pen_printf(&pen,
		    draw->right - band >= 22       ? _(" copied, up to %s")
			: draw->right - band >= 12 ? _(" up to %s")
						   : " %s",
		    buf_text(&size));
	if (draw->right - pen.column > width + 2) {
		draw_right(draw, pen.column, draw->right, row, ROLE_DIM, buf_text(&since));
	} else if (band - draw->margin > width + 2) {
		pen.column = draw->margin + 1;
		pen_text(&pen, buf_text(&since));
	}
	buf_free(&size);
	buf_free(&since);
}

/* What is still shared of what was. */
static int
draw_whole(const struct family_draw *draw, int row, int rows)
{
	struct erosion_band band = {erosion_subject_of(draw), true};
	struct columns columns = columns_of(draw);
	struct pen pen = family_pen(draw, draw->margin + 1, row + rows - 1, ROLE_PLAIN);

	pen.limit = columns.band - 1;
	pen_text(&pen, _("still shared"));
	if (band.line)
		draw_band(draw, &band, columns.band, row, rows,
		    band.line->last.was_kib ? band.line->last.was_kib : 1);
	return row + rows;
}

void
family_draw_erosion(const struct family_draw *draw)
{
	const struct erosion *erosion = draw->scene->erosion;
	bool mappings = !of_processes(draw), scale = draw->rows >= 6,
	     parts = mappings && draw->rows >= 12;
	int row = draw->body, end = draw->body + draw->rows,
	    events = draw->rows >= 18 ? 5
	    : draw->rows >= 12        ? 3
				      : draw->rows >= 8;
	struct list list;

	if (!erosion || !erosion->count) {
		canvas_wrap(draw->canvas, draw->margin, row, draw->right, end, ROLE_DIM,
		    _("Nothing is known of before: the first whole sample is the baseline, from then on it shows what goes."));
		return;
	}
	if (!erosion->whole.end) {
		canvas_wrap(draw->canvas, draw->margin, row, draw->right, end, ROLE_DIM,
		    _("None of the processes may be read: what they share, and what goes, is not known."));
		return;
	}
	list.rows = erosion_rows(draw->scene, &list.count, &list.at);
	erosion_draw_summary(draw, row++);
	if (draw->rows >= 12 && draw->right >= 56)
		draw_sum(draw, row++);
	if (draw->rows >= 14)
		row = draw_whole(draw, row, draw->rows >= 20 ? 3 : 2);
	end -= events + scale;
	row += mappings && scale;
	list_layout(&list, draw, end - row);
	if (mappings && scale)
		erosion_draw_heads(draw, &list, row - 1);
	draw_list(draw, &list, row);
	if (scale)
		draw_scale(draw, &list, end);
	if (parts)
		draw_parts(draw, &list, end + 1);
	draw_events(draw, end + scale + parts, end + scale + events);
	free(list.rows);
}
