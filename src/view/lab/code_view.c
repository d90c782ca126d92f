#include "config.h"
#include "view/lab/scene_draw.h"

#include <string.h>

#include "base/i18n.h"
#include "lang/in_c/in_c.h"

/* The steps so far, each with the lines of C that a program would have for it. */

#define BESIDE_FROM 76 /* columns: the C stands beside its command, else below */
#define HEADING_FROM 60
#define COMMAND_CELLS 28
#define TAB_CELLS 4
#define STEP_ROWS_MAX 60

/* Where one step is drawn. */
struct step_place {
	struct canvas *canvas;
	int margin, row, row_limit;
};

static bool
code_is_beside(const struct step_place *place)
{
	return place->canvas->columns >= BESIDE_FROM;
}

/* Of the lab's start, which nobody typed, too. */
static void
code_heading(struct buf *out, const struct past_step *step)
{
	buf_addf(out, "%u ", step->step);
	if (step->command)
		buf_add(out, step->command);
	else if (step->step)
		buf_add(out, _("its command is not known"));
	else
		buf_addf(out, "lab %s pages=%u processes=%u%s", kind_word(step->kind), step->pages,
		    step->processes, step->one_vma ? " vmas=one" : "");
}

static void
code_lines(struct buf *out, const struct past_step *step, const struct scene_past *past)
{
	struct c_lab lab = c_lab_at(step);

	lab.path = kind_has_disk(step->kind) ? past->file : NULL;
	lab.read_only = lab.path && past->read_only;
	if (step->command)
		in_c_line(out, step->command, &lab);
	else if (!step->step)
		in_c_line(out, "lab", &lab);
}

/* Returns the rows that it took. */
static int
code_draw_line(const struct step_place *place, int column, int row, const char *line, size_t length)
{
	struct buf text = BUF_INIT;
	size_t tabs = strspn(line, "\t");
	int used;

	buf_add_n(&text, line + tabs, length - tabs);
	used = canvas_wrap(place->canvas, column + TAB_CELLS * (int)tabs, row,
	    place->canvas->columns - place->margin, place->row_limit,
	    strncmp(line, "/*", 2) == 0 ? ROLE_DIM : ROLE_PLAIN, buf_text(&text));
	buf_free(&text);
	return used;
}

static int
code_draw_lines(const struct step_place *place, int column, int row, const char *lines)
{
	int start = row;

	while (*lines && row < place->row_limit) {
		size_t length = strcspn(lines, "\n");

		row += code_draw_line(place, column, row, lines, length);
		lines += length + (lines[length] == '\n');
	}
	return row - start;
}

static int
code_draw_step(const struct step_place *place, const struct past_step *step,
    const struct scene_past *past, bool seen)
{
	int column = place->margin + 2, right = place->canvas->columns - place->margin, used, code;
	struct pen pen = pen_at(place->canvas, place->margin, place->row, right, ROLE_EMPHASIS);
	struct buf heading = BUF_INIT, lines = BUF_INIT;

	code_heading(&heading, step);
	code_lines(&lines, step, past);
	if (seen)
		pen_text(&pen, ">");
	used = canvas_wrap(place->canvas, column, place->row,
	    code_is_beside(place) ? column + COMMAND_CELLS : right, place->row_limit,
	    seen ? ROLE_EMPHASIS : ROLE_TEXT, buf_text(&heading));
	if (code_is_beside(place))
		code = code_draw_lines(
		    place, column + COMMAND_CELLS + 2, place->row, buf_text(&lines));
	else
		code =
		    used + code_draw_lines(place, column + 2, place->row + used, buf_text(&lines));
	buf_free(&heading);
	buf_free(&lines);
	return code > used ? code : used;
}

static int
code_rows(const struct view *view, const struct past_step *step)
{
	struct canvas *scratch =
	    canvas_new(view->canvas->columns, STEP_ROWS_MAX, view->canvas->ascii);
	struct step_place place = {scratch, view->layout.margin, 0, STEP_ROWS_MAX};
	int rows = code_draw_step(&place, step, &view->scene->past, false);

	canvas_free(scratch);
	return rows;
}

/* The first of the steps that fit above the one looked at, which is whole if there is room. */
static size_t
first_shown(const struct view *view, const struct past_step *steps, size_t seen)
{
	int room = view->layout.body_rows - code_rows(view, &steps[seen]);
	size_t first = seen;

	while (first > 0 && (room -= code_rows(view, &steps[first - 1])) >= 0)
		first--;
	return first;
}

static void
code_draw_steps(const struct view *view, const struct past_step *steps, size_t count, size_t seen)
{
	const struct layout *layout = &view->layout;
	struct step_place place = {
	    view->canvas, layout->margin, layout->body, layout->body + layout->body_rows};

	for (size_t i = first_shown(view, steps, seen); i < count && place.row < place.row_limit;
	     i++) {
		if (i == seen) {
			view->canvas->cursor_row = place.row;
			view->canvas->cursor_column = layout->margin;
		}
		place.row += code_draw_step(&place, &steps[i], &view->scene->past, i == seen);
	}
}

/* Where the steps are no longer kept: what the snapshot itself tells. */
static struct past_step
code_step_of(const struct snapshot *now)
{
	return (struct past_step){
	    .command = now->command,
	    .step = now->step,
	    .kind = now->kind,
	    .pages = now->page_count,
	    .page_size = now->machine.page_size,
	    .one_vma = now->one_vma,
	    .processes = (unsigned)now->process_count,
	};
}

void
draw_code(const struct view *view)
{
	const struct layout *layout = &view->layout;
	const struct scene_past *past = &view->scene->past;
	struct past_step alone = code_step_of(view->now);
	uint32_t first = past->count ? past->steps[0].step : 0;

	if (layout->header >= 0) {
		struct pen pen = view_pen(view, layout->margin, layout->header, ROLE_TITLE);

		pen_clip(&pen,
		    layout->columns >= HEADING_FROM
			? _("each step, and what a program would have for it in C")
			: _("each step in C"));
	}
	if (past->count && view->now->step >= first && view->now->step - first < past->count)
		code_draw_steps(view, past->steps, past->count, view->now->step - first);
	else
		code_draw_steps(view, &alone, 1, 0);
}
