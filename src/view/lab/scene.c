#include "config.h"
#include "view/lab/scene.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "view/lab/scene_draw.h"

#include <stdlib.h>
#include <string.h>

struct pen
view_pen(const struct view *view, int column, int row, enum role role)
{
	return pen_at(view->canvas, column, row, view->layout.columns, role);
}

int
view_width(const struct view *view, const char *text)
{
	return canvas_width(view->canvas, text);
}

void
pen_label(struct pen *pen, const struct view *view, const char *text)
{
	int start = pen->column;

	pen_printf(pen, "%s  ", text);
	pen_pad(pen, start + view->layout.label);
}

bool
view_changed(const struct view *view, char process, uint32_t page)
{
	uint16_t bit = process ? (uint16_t)(1u << (process - 'a')) : CHANGED_FILE;

	return page < view->now->page_count && view->changed[page] & bit;
}

/* Does its number count pages of the file, rather than of the process that made one dirty? */
static bool
scene_is_of_file(const struct snapshot *now, const struct event *event)
{
	const struct process *process = snapshot_process(now, event->process);

	if (event->type != EVENT_DIRTIED || !process)
		return !event->process;
	return page_file_page(now, process, event->page) != event->page;
}

static uint16_t *
scene_changed_pages(const struct scene *scene)
{
	uint16_t *changed = mem_zero(scene->now->page_count, sizeof(*changed));

	for (size_t i = 0; scene->events && i < scene->events->count; i++) {
		const struct event *event = &scene->events->list[i];

		if (event->page >= scene->now->page_count)
			continue;
		if (scene_is_of_file(scene->now, event))
			changed[event->page] |= CHANGED_FILE;
		else if (is_process_name(event->process))
			changed[event->page] |= (uint16_t)(1u << (event->process - 'a'));
	}
	return changed;
}

static void
draw_body(const struct view *view)
{
	const struct layout *layout = &view->layout;

	switch (view->scene->view) {
	case SCENE_GUIDE:
		if (view->scene->guide)
			break;
		__attribute__((fallthrough));
	case SCENE_PANELS:
		draw_panels(view);
		if (layout->list)
			draw_frames_beside(view);
		if (layout->strip >= 0)
			draw_strip(view);
		if (layout->detail >= 0)
			draw_page(view, layout->detail, layout->detail + layout->detail_rows);
		break;
	case SCENE_FRAMES:
		draw_frames(view);
		break;
	case SCENE_PAGE:
		draw_page(view, layout->header >= 0 ? layout->header : 0,
		    layout->body + layout->body_rows);
		break;
	case SCENE_CODE:
		draw_code(view);
		break;
	case SCENE_HELP:
		draw_help(view);
		break;
	}
}

/* On a small screen the memory gives its row to words that would be cut. */
static void
fold_memory(struct view *view)
{
	struct layout *layout = &view->layout;

	if (layout->memory < 0 || layout->words != layout->memory + 1 ||
	    words_needed(view) <= layout->words_rows)
		return;
	layout->words = layout->memory;
	layout->words_rows++;
	layout->memory = -1;
	layout->folded = true;
}

void
scene_draw(struct canvas *canvas, const struct scene *scene)
{
	struct view view = {.canvas = canvas, .scene = scene, .now = scene->now};

	canvas_clear(canvas);
	view.changed = scene_changed_pages(scene);
	layout_of(&view.layout, scene, canvas->columns, canvas->rows);
	fold_memory(&view);
	if (view.layout.title >= 0)
		draw_title(&view);
	draw_body(&view);
	if (view.layout.cache >= 0)
		draw_cache(&view);
	if (view.layout.memory >= 0)
		draw_memory(&view);
	if (view.layout.words >= 0)
		draw_words(&view);
	if (view.layout.guide >= 0)
		draw_guide(&view);
	if (view.layout.bottom >= 0)
		draw_bottom(&view);
	free(view.changed);
}

uint32_t
scene_pages_shown(const struct scene *scene, int columns, int rows)
{
	struct scene panels = *scene;
	struct layout layout;

	panels.view = SCENE_PANELS;
	layout_of(&layout, &panels, columns, rows);
	return layout.body_rows > 0 ? (uint32_t)layout.body_rows : 1;
}

bool
scene_shows_all(const struct scene *scene, int columns, int rows)
{
	struct scene panels = *scene;
	struct layout layout;

	panels.view = SCENE_PANELS;
	layout_of(&layout, &panels, columns, rows);
	return layout.shown >= scene->now->process_count && layout.body_rows > 0 &&
	    (uint32_t)layout.body_rows >= scene->now->page_count;
}

bool
scene_hit(const struct scene *scene, int columns, int rows, int column, int row, char *process,
    uint32_t *page)
{
	struct layout layout;

	if (scene->view != SCENE_PANELS)
		return false;
	layout_of(&layout, scene, columns, rows);
	if (layout.body < 0 || row < layout.body || row >= layout.body + layout.body_rows)
		return false;
	*page = layout.first_page + (uint32_t)(row - layout.body);
	for (size_t i = 0; i < layout.shown; i++) {
		if (column < layout.panel[i] || column >= layout.panel[i] + layout.width[i])
			continue;
		*process = scene->now->processes[layout.first + i].name;
		return *page < scene->now->page_count;
	}
	return false;
}
