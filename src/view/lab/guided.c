#include "config.h"
#include "view/lab/scene_draw.h"

#include <limits.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "view/teach/guide_paper.h"

/* The guide in a scene: the rule above it, and as many lines of its paper as fit. */

/* The caller frees its canvas. */
static struct paper
paper_of(const struct view *view, int top, int rows)
{
	const struct guide *guide = view->scene->guide;
	int columns = most(1, view->layout.columns - 2 * view->layout.margin);
	struct buf story = BUF_INIT;
	struct paper paper = {
	    .guide = guide,
	    .now = view->now,
	    .canvas = canvas_new(columns, rows, view->canvas->ascii),
	    .tells = view->layout.told && !guide->heard,
	    .top = top,
	    .focus_row = -1,
	};

	if (paper.tells || (guide->stage == GUIDE_SHOWS && !guide->observed))
		story_text(&story, view->scene);
	paper.story = buf_text(&story);
	paper_guide(&paper);
	paper.story = NULL;
	buf_free(&story);
	return paper;
}

/* Its length, and where something is typed. */
static struct paper
measure_paper(const struct view *view)
{
	struct paper paper = paper_of(view, INT_MAX / 2, 1);

	canvas_free(paper.canvas);
	paper.canvas = NULL;
	return paper;
}

static bool
tells_story(const struct guide *guide)
{
	return guide->stage == GUIDE_TELLS;
}

/* What happened is shown below the text if both fit completely; otherwise it is on the paper too.
 * An answer keeps its place below. Returns the paper's length. */
static struct paper
place_words(struct view *view)
{
	struct layout *layout = &view->layout;
	struct paper paper = measure_paper(view);

	layout->quiet = !tells_story(view->scene->guide) || !view->now->command;
	layout->words_rows = layout->guide_rows;
	if (!layout->quiet && paper.row + words_needed(view) > layout->guide_rows) {
		layout->quiet = layout->told = true;
		paper = measure_paper(view);
	}
	layout->words_rows = most(0, least(words_needed(view), layout->guide_rows - 1));
	layout->words = layout->words_rows > 0
	    ? layout->guide + 1 + layout->guide_rows - layout->words_rows
	    : -1;
	return paper;
}

static int
text_rows(const struct view *view)
{
	return view->layout.guide_rows - most(0, view->layout.words_rows);
}

static int
guide_top_of(const struct view *view, const struct paper *paper)
{
	int rows = text_rows(view), last = most(0, paper->row - rows),
	    top = most(0, least(view->scene->guide->top, last));

	return paper->focus_row >= 0 ? most(top, paper->focus_row - rows + 1) : top;
}

static void
show_paper(const struct view *view, int top)
{
	const struct layout *layout = &view->layout;
	struct canvas *canvas = view->canvas;
	struct paper paper = paper_of(view, top, text_rows(view));

	for (int i = 0; i < text_rows(view) && top + i < paper.row; i++) {
		int row = layout->guide + 1 + i, column = layout->margin;
		int cells = least(paper.canvas->columns, canvas->columns - column);

		memcpy(&canvas->cells[(size_t)row * (size_t)canvas->columns + (size_t)column],
		    canvas_at(paper.canvas, 0, i), (size_t)cells * sizeof(struct cell));
		if (paper.focus_row == top + i) {
			canvas->cursor_row = row;
			canvas->cursor_column =
			    least(column + paper.focus_column, canvas->columns - 1);
		}
	}
	canvas_free(paper.canvas);
}

static void
position_text(struct buf *out, const struct view *view, int lines, int top)
{
	int rows = text_rows(view);

	if (rows > 0 && lines > rows)
		buf_addf(out,
		    view->layout.columns < 56 ? " %1$d-%2$d/%3$d " : _(" lines %1$d-%2$d of %3$d "),
		    top + 1, least(lines, top + rows), lines);
}

static void
guide_title_text(struct buf *out, const struct guide *guide)
{
	buf_addf(out, " %s ", guide->title ? guide->title : "");
	if (guide->asked)
		buf_addf(out, _(" %1$d of %2$d right "), guide->score, guide->asked);
}

/* Columns of the rule that title and position leave free, and where they begin. */
static int
rule_room(const struct view *view, const char *title, const char *position, int *column)
{
	*column = view->layout.margin + view_width(view, title);
	return view->layout.columns - view->layout.margin - view_width(view, position) - *column;
}

/* What was typed is shown in the rule if it fits, so that the text below doesn't move. */
static bool
message_in_rule(const struct view *view, const char *title, const char *position)
{
	const char *message = view->scene->overlay.message;
	int column;

	return message && !view->scene->overlay.message_is_error && !view->scene->waiting &&
	    view_width(view, message) + 4 <= rule_room(view, title, position, &column);
}

/* "── cow 3/12 ── 2 of 3 right ────── write a:2 ─ lines 1-6 of 9 ──" */
static void
draw_guide_rule(const struct view *view, const char *title, const char *position, bool message)
{
	const struct layout *layout = &view->layout;
	struct pen pen = view_pen(view, 0, layout->guide, ROLE_BORDER);
	int column, room = rule_room(view, title, position, &column), end = column + room;

	while (pen.column < pen.limit)
		glyph_draw(&pen, GLYPH_HORIZONTAL);
	end = room < 0 ? layout->columns - layout->margin - view_width(view, position) : end;
	pen = view_pen(view, layout->margin, layout->guide, ROLE_TITLE);
	pen.limit = end > layout->margin ? end : pen.limit;
	pen_text(&pen, title);
	pen = view_pen(view, end, layout->guide, ROLE_EMPHASIS);
	if (end > layout->margin)
		pen_text(&pen, position);
	if (message) {
		pen = view_pen(view, end - view_width(view, view->scene->overlay.message) - 3,
		    layout->guide, ROLE_COMMAND);
		pen_printf(&pen, " %s ", view->scene->overlay.message);
	}
}

void
draw_guide(const struct view *view)
{
	struct view own = *view;
	struct scene scene = *view->scene;
	struct buf title = BUF_INIT, position = BUF_INIT;
	struct paper paper;
	bool message;
	int top;

	guide_title_text(&title, scene.guide);
	message = message_in_rule(view, buf_text(&title), "");
	own.scene = &scene;
	scene.overlay.message = message ? NULL : scene.overlay.message;
	paper = place_words(&own);
	top = guide_top_of(&own, &paper);
	position_text(&position, &own, paper.row, top);
	if (message && !message_in_rule(view, buf_text(&title), buf_text(&position)))
		buf_clear(&position); /* what was just said goes before it */
	draw_guide_rule(view, buf_text(&title), buf_text(&position), message);
	show_paper(&own, top);
	buf_free(&title);
	buf_free(&position);
	if (own.layout.words >= 0)
		draw_words(&own);
}

int
scene_guide_last(const struct scene *scene, int columns, int rows, int *shown)
{
	struct scene own = *scene;
	struct view view = {.scene = &own, .now = scene->now};
	struct paper paper;

	*shown = 1;
	if (!scene->guide)
		return 0;
	layout_of(&view.layout, scene, columns, rows);
	if (view.layout.guide < 0)
		return 0;
	own.overlay.message = scene->overlay.message_is_error ? scene->overlay.message : NULL;
	view.canvas = canvas_new(columns, rows, false);
	paper = place_words(&view);
	*shown = most(1, text_rows(&view));
	canvas_free(view.canvas);
	return most(0, paper.row - *shown);
}
