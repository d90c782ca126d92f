#include "config.h"
#include "view/canvas/glyph.h"
#include "view/lab/scene_draw.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "view/canvas/facts.h"
#include "view/canvas/help.h"
#include "view/lab/explain.h"

/* The page under the cursor explained. */

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
	facts_draw(view->canvas, view->layout.margin, row, row_limit, buf_text(&facts));
	buf_free(&facts);
}

void
draw_help(const struct view *view)
{
	const struct layout *layout = &view->layout;

	help_draw(view->canvas,
	    &(struct help_place){
		.margin = layout->margin,
		.header = layout->header,
		.row = layout->body,
		.rows = layout->body_rows,
		.title = view->scene->overlay.help_title ? view->scene->overlay.help_title : "",
	    },
	    view->scene->overlay.help ? view->scene->overlay.help : "",
	    view->scene->overlay.help_top);
}

int
scene_help_last(const struct scene *scene, int columns, int rows)
{
	struct scene help = *scene;
	struct layout layout;

	help.view = SCENE_HELP;
	layout_of(&layout, &help, columns, rows);
	return help_last(scene->overlay.help ? scene->overlay.help : "",
	    layout.columns - 2 * layout.margin, layout.body_rows);
}
