#include "config.h"
#include "view/canvas/glyph.h"
#include "view/canvas/wording.h"
#include "view/family/family_draw.h"

#include <stdio.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"

/* The erosion in words: the sums above the chart, and the latest losses below it. */

const struct erosion_line *
erosion_subject(const struct family_draw *draw)
{
	const struct member *member = family_selected(draw->scene);

	if (draw->scene->cursor.erosion != EROSION_OF_ONE || !member)
		return &draw->scene->erosion->whole;
	return erosion_line(draw->scene->erosion, member->name);
}

void
erosion_rate_text(struct buf *out, uint64_t rate, const char *format)
{
	struct buf size = BUF_INIT;

	size_text(&size, rate);
	if (rate == COUNT_UNKNOWN)
		buf_add(out, buf_text(&size));
	else
		buf_addf(out, format, buf_text(&size));
	buf_free(&size);
}

void
erosion_place(struct buf *out, const struct family_draw *draw,
    const struct erosion_mapping *mapping, int room)
{
	char address[20] = "";

	if (*mapping->path && room >= 36)
		snprintf(address, sizeof(address), " %llx", (unsigned long long)mapping->start);
	place_fit(out, mapping->path, mapping->kind, mapping->start,
	    (size_t)(room - (int)strlen(address)), draw->canvas->ascii);
	buf_add(out, address);
}

struct erosion_sum
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
	if (draw->right < 30)
		return _("still %2$s of %1$s");
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

void
erosion_draw_summary(const struct family_draw *draw, int row)
{
	const struct erosion_line *line = erosion_subject(draw);
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

/* Pieces of a sum, "No longer shared: 563M = ◆ copied 147M + ended 416M". */
#define PIECES_MAX 6

struct sum_piece {
	struct buf text;
	enum role role;
};

struct sum_pieces {
	struct sum_piece list[PIECES_MAX];
	int count;
};

/* Wordings, from the longest to the shortest. */
static const struct manner {
	bool zeros, words;
	const char *head;
} manners[] = {
    {true, true, N_("No longer shared: %s")},
    {false, true, N_("No longer shared: %s")},
    {false, false, N_("No longer shared: %s")},
    {false, false, N_("Gone: %s")},
};

#define MANNERS ((int)(sizeof(manners) / sizeof(manners[0])))

/* A part without a glyph keeps its word. */
static void
sum_add(struct sum_pieces *pieces, const struct manner *manner, enum page_state state,
    const char *word, uint64_t kib)
{
	struct sum_piece *piece = &pieces->list[pieces->count];

	if (!kib && !manner->zeros)
		return;
	if (state != PAGE_ABSENT)
		buf_addf(&piece->text, "%s ", state_glyph(state, false));
	if (manner->words || state == PAGE_ABSENT)
		buf_addf(&piece->text, "%s ", word);
	size_text(&piece->text, kib);
	piece->role = !kib ? ROLE_DIM : state == PAGE_ABSENT ? ROLE_TEXT : state_role(state);
	pieces->count++;
}

static struct sum_pieces
sum_pieces_of(const struct erosion_sum *sum, const struct manner *manner)
{
	struct sum_pieces pieces = {.count = 1, .list = {{.role = ROLE_TEXT}}};
	struct buf gone = BUF_INIT;

	size_text(&gone, sum->was_kib - sum->still_kib);
	buf_addf(&pieces.list[0].text, _(manner->head), buf_text(&gone));
	buf_free(&gone);
	sum_add(&pieces, manner, PAGE_COPIED, page_state_word(PAGE_COPIED), sum->copied_kib);
	sum_add(&pieces, manner, PAGE_PARTED, page_state_word(PAGE_PARTED), sum->parted_kib);
	sum_add(&pieces, manner, PAGE_PRIVATE, _("left alone"), sum->alone_kib);
	sum_add(&pieces, manner, PAGE_ABSENT, _("let go"), sum->let_go_kib);
	sum_add(&pieces, manner, PAGE_ABSENT, _("ended"), sum->left_kib);
	return pieces;
}

static void
sum_pieces_free(struct sum_pieces *pieces)
{
	for (int i = 0; i < pieces->count; i++)
		buf_free(&pieces->list[i].text);
}

static int
sum_piece_cells(const struct family_draw *draw, const struct sum_pieces *pieces, int index)
{
	return canvas_width(draw->canvas, buf_text(&pieces->list[index].text)) + (index ? 3 : 0);
}

static bool
sum_fits(const struct family_draw *draw, const struct sum_pieces *pieces)
{
	int cells = 0;

	for (int i = 0; i < pieces->count; i++)
		cells += sum_piece_cells(draw, pieces, i);
	return cells <= draw->right - draw->margin;
}

static int
sum_write(const struct family_draw *draw, const struct sum_pieces *pieces, int row, int row_limit)
{
	struct pen pen = family_pen(draw, draw->margin, row, ROLE_TEXT);

	for (int i = 0; i < pieces->count; i++) {
		if (pen.column + sum_piece_cells(draw, pieces, i) > pen.limit &&
		    pen.row + 1 < row_limit)
			pen = family_pen(draw, draw->margin, pen.row + 1, ROLE_TEXT);
		pen.role = ROLE_DIM;
		pen_text(&pen, i > 1 ? " + " : i ? " = " : "");
		pen.role = pieces->list[i].role;
		pen_text(&pen, buf_text(&pieces->list[i].text));
	}
	return pen.row + 1 - row;
}

int
erosion_draw_sum(const struct family_draw *draw, int row, int row_limit)
{
	const struct erosion_line *line = erosion_subject(draw);
	struct erosion_sum sum;
	int rows = 0;

	if (!line)
		return 1;
	sum = erosion_sum_of(draw, line);
	for (int i = 0; i < MANNERS && !rows; i++) {
		struct sum_pieces pieces = sum_pieces_of(&sum, &manners[i]);

		if (i == MANNERS - 1 || sum_fits(draw, &pieces))
			rows = sum_write(draw, &pieces, row, row_limit);
		sum_pieces_free(&pieces);
	}
	return rows;
}

/* The longest wording that fits. */
static void
event_text(struct buf *out, const struct family_draw *draw, const struct erosion_event *event)
{
	const char *const formats[] = {
	    event->parted ? _("%1$s parted %2$s at 0x%3$llx, %4$s")
			  : _("%1$s copied %2$s at 0x%3$llx, %4$s"),
	    event->parted ? _("%1$s parted %2$s at 0x%3$llx") : _("%1$s copied %2$s at 0x%3$llx"),
	    event->parted ? _("%1$s parted %2$s") : _("%1$s copied %2$s"),
	};
	struct buf when = BUF_INIT, size = BUF_INIT;

	age_text(&when, draw->scene->erosion->times_ns[0], event->time_ns);
	size_text(&size, event->copied_kib);
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		buf_clear(out);
		buf_addf(out, _("at %s: "), buf_text(&when));
		buf_addf(out, formats[i], event->name, buf_text(&size),
		    (unsigned long long)event->address, event->what);
		if (canvas_width(draw->canvas, buf_text(out)) <= draw->right - draw->margin)
			break;
	}
	buf_free(&when);
	buf_free(&size);
}

void
erosion_draw_events(const struct family_draw *draw, int row, int row_limit)
{
	const struct erosion *erosion = draw->scene->erosion;
	size_t shown = row_limit > row ? (size_t)(row_limit - row) : 0;

	shown = shown < erosion->event_count ? shown : erosion->event_count;
	for (size_t i = 0; i < shown; i++) {
		struct pen pen = family_pen(draw, draw->margin, row + (int)i, ROLE_TEXT);
		struct buf text = BUF_INIT;

		event_text(&text, draw, &erosion->events[erosion->event_count - 1 - i]);
		pen_text(&pen, buf_text(&text));
		buf_free(&text);
	}
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
		erosion_rate_text(
		    &rate, erosion_went_rate(draw->scene->erosion, part), _("+%s/min"));
		buf_addf(out, "%s%s ", out->length ? ", " : "", part->name);
		size_text(out, point_went_kib(&part->last));
		buf_addf(out, " (%s)", buf_text(&rate));
		buf_free(&rate);
	}
}

void
erosion_draw_parts(const struct family_draw *draw, const struct erosion_mapping *mapping, int row)
{
	struct buf text = BUF_INIT, place = BUF_INIT, parts = BUF_INIT;

	if (mapping) {

		erosion_place(&place, draw, mapping, (draw->right - draw->margin) * 3 / 5);
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
