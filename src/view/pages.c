#include "config.h"
#include "view/draw.h"

#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "view/explain.h"
#include "view/wrap.h"

/* The page under the cursor explained, and the screen of help. */

#define LABEL_CELLS 11

static void
draw_page_heading(const struct view *view, const struct process *process, int row)
{
	const struct layout *layout = &view->layout;
	const struct page *page = &process->pages[view->scene->page];
	struct pen pen = view_pen(view, layout->margin, row, ROLE_TITLE);
	char name[FRAME_NAME_MAX];

	pen_printf(&pen, _("page %1$u of %2$c  "), view->scene->page, process->name);
	pen.role = process->life == LIFE_DEAD ? ROLE_DIM : state_role(page->state);
	if (process->life == LIFE_DEAD)
		return;
	pen_text(&pen, " ");
	pen_text(&pen, state_glyph(page->state, pen.canvas->ascii));
	pen_printf(&pen, " %s %s ", page_state_word(page->state),
	    snapshot_frame_name(view->now, page->frame, name));
}

/* "label\ttext": the label once, the text wrapped beside it. Returns the rows used. */
static int
draw_fact(const struct view *view, const char *line, size_t length, int row, int row_limit)
{
	const struct layout *layout = &view->layout;
	int label_cells = layout->columns >= 30 ? LABEL_CELLS : 0, used;
	size_t label = strcspn(line, "\t");
	struct pen pen = view_pen(view, layout->margin, row, ROLE_DIM);
	struct buf text = BUF_INIT;

	pen.limit = layout->margin + label_cells;
	pen_printf(&pen, "%.*s", (int)label, line);
	buf_add_n(&text, line + label + 1, length - label - 1);
	used = canvas_wrap(view->canvas, layout->margin + label_cells, row,
	    layout->columns - layout->margin, row_limit, ROLE_TEXT, buf_text(&text));
	buf_free(&text);
	return used;
}

void
draw_page(const struct view *view, int row, int row_limit)
{
	const struct process *process = snapshot_process(view->now, view->scene->process);
	struct buf facts = BUF_INIT;

	if (!process || view->scene->page >= view->now->page_count)
		return;
	if (view->scene->view == SCENE_PAGE) {
		view->canvas->cursor_row = row;
		view->canvas->cursor_column = 0;
	}
	draw_page_heading(view, process, row++);
	explain_page(&facts, view->now, process, view->scene->page);
	for (const char *line = buf_text(&facts); *line && row < row_limit;) {
		size_t length = strcspn(line, "\n");

		row += draw_fact(view, line, length, row, row_limit);
		line += length + (line[length] == '\n');
	}
	buf_free(&facts);
}

#define HELP_INDENT 4

struct help {
	const struct view *view;
	int columns;
	int top, rows; /* lines [top, top + rows) are drawn; view NULL: only counted */
	int lines;
};

static void
help_line(struct help *help, const char *text, size_t length, bool heading, int indent)
{
	int at = help->lines++ - help->top;
	struct pen pen;

	if (!help->view || at < 0 || at >= help->rows)
		return;
	pen = view_pen(help->view, help->view->layout.margin + indent, help->view->layout.body + at,
	    heading ? ROLE_TITLE : ROLE_TEXT);
	pen_printf(&pen, "%.*s", (int)length, text);
}

/* Where the second column of "  key   text" begins, or a small indent. */
static int
hanging(const char *text)
{
	const char *gap = text + strspn(text, " ");

	gap = strstr(gap, "  ");
	return gap && gap - text < 28
		   ? (int)utf8_width(text) - (int)utf8_width(gap + strspn(gap, " "))
		   : HELP_INDENT;
}

static void
help_paragraph(struct help *help, const char *text)
{
	bool heading = *text && *text != ' ';
	int indent = hanging(text), start = 0;
	size_t lead = strspn(text, " "), next;

	if (help->columns < 2 * indent)
		indent = help->columns >= 4 * HELP_INDENT ? HELP_INDENT : 0;
	do {
		size_t cells = (size_t)(help->columns - start > 1 ? help->columns - start : 1);
		size_t bytes = start || lead >= cells ? wrap_line(text, cells, &next)
		    : lead + wrap_line(text + lead, cells - lead, &next);

		next += start || lead >= cells ? 0 : lead;
		help_line(help, text, bytes, heading, start);
		text += next;
		start = indent;
		lead = 0;
	} while (*text);
}

static void
help_all(struct help *help, const char *text)
{
	struct buf line = BUF_INIT;

	while (*text) {
		size_t length = strcspn(text, "\n");

		buf_clear(&line);
		glyph_clean(&line, text, length, help->view && help->view->canvas->ascii);
		help_paragraph(help, buf_text(&line));
		text += length + (text[length] == '\n');
	}
	buf_free(&line);
}

static int
help_last(const struct scene *scene, const struct layout *layout)
{
	struct help help = {.columns = layout->columns - 2 * layout->margin};

	help_all(&help, scene->help ? scene->help : "");
	return help.lines > layout->body_rows ? help.lines - layout->body_rows : 0;
}

int
scene_help_last(const struct scene *scene, int columns, int rows)
{
	struct scene help = *scene;
	struct layout layout;

	help.view = SCENE_HELP;
	layout_of(&layout, &help, columns, rows);
	return help_last(&help, &layout);
}

void
draw_help(const struct view *view)
{
	const struct layout *layout = &view->layout;
	int last = help_last(view->scene, layout), top = view->scene->help_top;
	struct help help = {.view = view,
	    .columns = layout->columns - 2 * layout->margin,
	    .rows = layout->body_rows};

	help.top = top < 0 ? 0 : top > last ? last : top;
	help_all(&help, view->scene->help ? view->scene->help : "");
	if (layout->header >= 0) {
		struct pen pen = view_pen(view, layout->margin, layout->header, ROLE_FOCUS);
		int end = help.top + layout->body_rows < help.lines ? help.top + layout->body_rows
								    : help.lines;

		pen_text(&pen, _(" help "));
		pen.role = ROLE_DIM;
		pen_printf(&pen, _("  lines %1$d-%2$d of %3$d   Esc goes back"), help.top + 1, end,
		    help.lines);
	}
}
