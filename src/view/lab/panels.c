#include "config.h"
#include "view/canvas/glyph.h"
#include "view/canvas/wording.h"
#include "view/lab/scene_draw.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "model/pagemap_bits.h"
#include "view/lab/explain.h"

#define CONTENT_SOME 8 /* cells, unless there is plenty of space */

/* Cells of one page in one panel, from the left: a mark of change, the glyph, and these. 0: not
 * shown. */
struct fields {
	int gap; /* between the glyph and the word */
	int state;
	int frame; /* preceded by the dirty mark */
	int perms; /* if a page in sight has another protection than at first */
	int pfn;
	int content;
	int air; /* before the content */
};

/* The longest frame name and PFN among the pages in sight. */
static void
longest_names(const struct view *view, int *name, int *pfn)
{
	const struct layout *layout = &view->layout;

	for (size_t i = 0; i < layout->shown; i++)
		for (int row = 0; row < layout->body_rows; row++) {
			const struct process *process = &view->now->processes[layout->first + i];
			const struct page *page =
			    &process->pages[layout->first_page + (uint32_t)row];
			uint64_t number = pm_pfn(page->pagemap);
			char text[FRAME_NAME_MAX];

			*name = most(
			    *name, (int)strlen(snapshot_frame_name(view->now, page->frame, text)));
			*pfn = most(*pfn,
			    number ? snprintf(NULL, 0, "0x%llx", (unsigned long long)number) : 0);
		}
}

static bool
any_protected(const struct view *view)
{
	const struct layout *layout = &view->layout;

	for (size_t i = 0; i < layout->shown; i++) {
		const struct process *process = &view->now->processes[layout->first + i];

		for (int row = 0; process->life != LIFE_DEAD && row < layout->body_rows; row++)
			if (page_is_protected(
				view->now, process, layout->first_page + (uint32_t)row))
				return true;
	}
	return false;
}

static struct fields
fields_of(const struct view *view, int width)
{
	struct fields fields = {.gap = width >= 16};
	int room = width - 2 - fields.gap, name = 2, pfn = 0;

	longest_names(view, &name, &pfn);
	fields.frame = layout_take(&room, name);
	room--; /* the mark of dirt */
	fields.state = layout_take(&room, room >= 9 ? 9 : 7);
	if (fields.state < 4)
		fields.state = 0;
	if (room >= 8)
		fields.state += layout_take(&room, 1);
	if (room >= 3 && any_protected(view))
		fields.perms = layout_take(&room, room >= 7 ? 4 : 3) - 1;
	if (pfn && room >= 1 + pfn + 1 + 4)
		fields.pfn = layout_take(&room, 1 + pfn) - 1;
	if (room >= 7) {
		fields.air = 1;
		room -= 2; /* before the content and after it */
	}
	if (room >= 2)
		fields.content =
		    layout_take(&room, 1 + (room > 13 ? CONTENT_MAX : CONTENT_SOME)) - 1;
	return fields;
}

static const char *
hint_of(const struct process *process, uint32_t number)
{
	const struct page *page = &process->pages[number];

	return page->state == PAGE_ABSENT && page->pagemap_known && page->vma < 0 ? _("unmapped")
										  : "";
}

/* The dirty mark and the name, both in the colour of dirty pages if it is one. */
static void
draw_frame(const struct view *view, struct pen *pen, const struct process *process, uint32_t number,
    const struct fields *fields)
{
	const struct page *page = &process->pages[number];
	bool dirty = page->dirty == TRI_YES && page_is_of_file(page);
	int end = pen->column + 1 + fields->frame;
	uint8_t role = pen->role;
	char name[FRAME_NAME_MAX];

	pen->role = dirty ? ROLE_DIRTY : role;
	pen_text(pen, dirty ? glyph_text(GLYPH_DIRTY, pen->canvas->ascii) : " ");
	if (page->frame != FRAME_NONE)
		pen_text(pen, snapshot_frame_name(view->now, page->frame, name));
	else if (fields->content)
		pen_text(pen, hint_of(process, number));
	pen->role = role;
	pen_pad(pen, end);
}

static void
draw_perms(const struct view *view, struct pen *pen, const struct process *process, uint32_t number,
    const struct fields *fields)
{
	const struct smaps *smaps = page_smaps(process, number);
	int start = pen->column;
	uint8_t role = pen->role;

	if (!fields->perms)
		return;
	pen_text(pen, " ");
	pen->role = page_is_protected(view->now, process, number) ? ROLE_EMPHASIS : ROLE_DIM;
	if (smaps)
		pen_printf(pen, "%.*s", fields->perms, smaps->perms);
	pen->role = role;
	pen_pad(pen, start + 1 + fields->perms);
}

static void
draw_pfn(struct pen *pen, const struct page *page, const struct fields *fields)
{
	int start = pen->column;

	if (!fields->pfn)
		return;
	pen_text(pen, " ");
	if (pm_pfn(page->pagemap))
		pen_printf(pen, "0x%llx", (unsigned long long)pm_pfn(page->pagemap));
	pen_pad(pen, start + 1 + fields->pfn);
}

static void
draw_content(struct pen *pen, const struct page *page, const struct fields *fields)
{
	struct buf text = BUF_INIT;
	int limit = pen->limit;

	if (!fields->content)
		return;
	pen_pad(pen, pen->column + 1 + fields->air);
	if (pen->column + fields->content < limit)
		pen->limit = pen->column + fields->content;
	content_text(&text, &page->content, pen->canvas->ascii);
	pen_text(pen, buf_text(&text));
	pen->limit = limit;
	buf_free(&text);
}

static void
draw_fields(const struct view *view, struct pen *pen, const struct process *process,
    uint32_t number, const struct fields *fields)
{
	const struct page *page = &process->pages[number];
	struct buf state = BUF_INIT;
	int column;

	guide_mark(
	    view->scene->guide, view->now, pen, (size_t)(process - view->now->processes), number);
	pen->marks &= MARK_CHANGED;
	pen_text(pen, state_glyph(page->state, pen->canvas->ascii));
	pen_pad(pen, pen->column + fields->gap);
	column = pen->column + fields->state;
	state_text(&state, process, number, fields->state);
	pen_printf(
	    pen, "%.*s", (int)utf8_clip(buf_text(&state), (size_t)fields->state), buf_text(&state));
	pen_pad(pen, column);
	draw_frame(view, pen, process, number, fields);
	draw_perms(view, pen, process, number, fields);
	draw_pfn(pen, page, fields);
	draw_content(pen, page, fields);
	buf_free(&state);
}

static void
draw_gone(const struct view *view, struct pen *pen, size_t index, uint32_t number)
{
	pen->role = ROLE_DIM;
	guide_mark(view->scene->guide, view->now, pen, index, number);
	pen->marks = 0;
	glyph_draw(pen, GLYPH_ABSENT);
}

static void
panels_draw_cell(
    const struct view *view, size_t index, uint32_t number, const struct fields *fields)
{
	const struct layout *layout = &view->layout;
	const struct process *process = &view->now->processes[layout->first + index];
	const struct page *page = &process->pages[number];
	int row = layout->body + (int)(number - layout->first_page), column = layout->panel[index];
	int limit = column + layout->width[index];
	struct pen pen = pen_at(view->canvas, column, row, limit, state_role(page->state));
	bool selected = process->name == view->scene->process && number == view->scene->page;

	pen.marks = (uint8_t)((view_changed(view, process->name, number) ? MARK_CHANGED : 0) |
	    (selected ? MARK_CURSOR : 0));
	if (process->life == LIFE_DEAD)
		draw_gone(view, &pen, layout->first + index, number);
	else
		draw_fields(view, &pen, process, number, fields);
	pen_fill(&pen);
	if (page->disagrees && process->life != LIFE_DEAD) {
		pen = pen_at(view->canvas, limit - 2, row, limit, ROLE_WARNING);
		pen_text(&pen, "?!");
	}
	pen = pen_at(view->canvas, column - 1, row, limit, selected ? ROLE_EMPHASIS : ROLE_BORDER);
	if (selected)
		pen_text(&pen, ">");
	else
		glyph_draw(&pen, GLYPH_VERTICAL);
	if (selected) {
		view->canvas->cursor_column =
		    column < layout->columns ? column : layout->columns - 1;
		view->canvas->cursor_row = row;
	}
}

static void
panels_draw_number(const struct view *view, uint32_t number)
{
	const struct layout *layout = &view->layout;
	bool selected = number == view->scene->page;
	int row = layout->body + (int)(number - layout->first_page);
	struct pen pen = pen_at(
	    view->canvas, layout->margin, row, layout->edge, selected ? ROLE_EMPHASIS : ROLE_PLAIN);

	if (layout->digits)
		pen_printf(&pen, "%*u", layout->digits, number);
	if (layout->closed && layout->shown) {
		pen = pen_at(view->canvas, layout->right - 1, row, layout->right, ROLE_BORDER);
		glyph_draw(&pen, GLYPH_VERTICAL);
	}
}

/* The horizontal line above (or below) the panels. */
static void
draw_rule(const struct view *view, int row, enum glyph corner, enum glyph join, enum glyph end)
{
	const struct layout *layout = &view->layout;
	struct pen pen = pen_at(view->canvas, layout->edge, row, layout->right, ROLE_BORDER);

	while (pen.column < pen.limit)
		glyph_draw(&pen, GLYPH_HORIZONTAL);
	for (size_t i = 0; i < layout->shown; i++) {
		pen.column = layout->panel[i] - 1;
		glyph_draw(&pen, i ? join : corner);
	}
	if (layout->closed) {
		pen.column = layout->right - 1;
		glyph_draw(&pen, end);
	}
}

/* What the foot says, in a heading for panels without one. */
static void
heading_numbers(struct buf *out, const struct process *process, size_t cells)
{
	static const char *const shapes[] = {"rss %1$s pss %2$s", "%1$s/%2$s", "%1$s"};
	struct buf rss = BUF_INIT, pss = BUF_INIT, text = BUF_INIT;

	if (process->life == LIFE_DEAD)
		return;
	size_text(&rss, process->rss_kib);
	size_text(&pss, process->pss_kib);
	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		buf_clear(&text);
		buf_addf(&text, shapes[i], buf_text(&rss), buf_text(&pss));
		if (text.length <= cells) {
			buf_add(out, buf_text(&text));
			break;
		}
	}
	buf_free(&rss);
	buf_free(&pss);
	buf_free(&text);
}

/* If neither the pid nor the words about its life fit after the name. */
static void
heading_brief(struct buf *out, const struct process *process, const char *life, size_t cells)
{
	const char *ended = process->exit_signal ? signal_name(process->exit_signal) : _("gone");

	if (process->life == LIFE_RUNNING && cells >= 6)
		buf_addf(out, " %d", (int)process->pid);
	else if (process->life == LIFE_DEAD && 2 + strlen(ended) <= cells)
		buf_addf(out, 3 + strlen(ended) <= cells ? "  %s" : " %s", ended);
	else if (process->life != LIFE_RUNNING && cells > 3)
		buf_addf(out, " %.*s", (int)utf8_clip(life, cells - 2), life);
}

/* The longest heading that fits: name, pid, its life, its parent; numbers before the pid. */
static void
heading_text(struct buf *out, const struct process *process, size_t cells, bool numbers)
{
	struct buf life = BUF_INIT, child = BUF_INIT, pid = BUF_INIT, sizes = BUF_INIT;
	const char *parts[3] = {""};

	life_text(&life, process);
	buf_addf(&pid, "pid %d", (int)process->pid);
	if (process->forked_from && process->life == LIFE_RUNNING)
		buf_addf(&child, _("child of %c"), process->forked_from);
	parts[0] = process->life == LIFE_DEAD ? "" : buf_text(&pid);
	parts[1] = buf_text(&life);
	parts[2] = buf_text(&child);
	if (process->life != LIFE_RUNNING && strlen(parts[0]) + strlen(parts[1]) + 5 > cells)
		parts[0] = "";
	buf_add_char(out, process->name);
	if (numbers && process->life == LIFE_RUNNING)
		heading_numbers(&sizes, process, cells > 2 ? cells - 2 : 0);
	if (sizes.length)
		buf_addf(
		    out, out->length + 2 + sizes.length < cells ? "  %s" : " %s", buf_text(&sizes));
	for (size_t i = 0; i < 3; i++)
		if (*parts[i] && out->length + 2 + utf8_width(parts[i]) <= cells)
			buf_addf(out, "  %s", parts[i]);
	if (out->length == 1)
		heading_brief(out, process, buf_text(&life), cells);
	buf_free(&life);
	buf_free(&child);
	buf_free(&pid);
	buf_free(&sizes);
}

static void
panels_draw_heading(const struct view *view, size_t index)
{
	const struct layout *layout = &view->layout;
	const struct process *process = &view->now->processes[layout->first + index];
	int width = layout->width[index];
	enum role role = process->name == view->scene->process ? ROLE_FOCUS
	    : process->life == LIFE_RUNNING                    ? ROLE_TITLE
							       : ROLE_WARNING;
	struct pen pen = pen_at(
	    view->canvas, layout->panel[index], layout->header, layout->panel[index] + width, role);
	struct buf text = BUF_INIT;

	heading_text(&text, process, width > 2 ? (size_t)width - 2 : 1, layout->footer < 0);
	pen_printf(&pen, width > 2 ? " %s " : "%s", buf_text(&text));
	buf_free(&text);
}

static unsigned
faults_of(const struct snapshot *now, char process)
{
	unsigned faults = 0;

	for (size_t i = 0; i < now->act_count; i++)
		if (now->acts[i].process == process)
			faults += (unsigned)now->acts[i].minor + now->acts[i].major;
	return faults;
}

/* The longest first; without faults if there were none. */
static const struct {
	const char *faults, *quiet;
} feet[] = {
    {" rss %1$s  pss %2$s  flt +%3$u ", " rss %1$s  pss %2$s "},
    {" rss %1$s pss %2$s flt +%3$u ", " rss %1$s pss %2$s "},
    {" rss %1$s pss %2$s flt +%3$u", " rss %1$s pss %2$s "},
    {"rss %1$s pss %2$s +%3$u", "rss %1$s pss %2$s"},
    {"rss %1$s pss %2$s", "rss %1$s pss %2$s"},
    {"%1$s/%2$s +%3$u", "%1$s/%2$s"},
    {"%1$s/%2$s", "%1$s/%2$s"},
    {"%1$s", "%1$s"},
};

#define FEET (sizeof(feet) / sizeof(feet[0]))

static void
footing_text(struct buf *out, const struct view *view, const struct process *process, size_t foot)
{
	struct buf rss = BUF_INIT, pss = BUF_INIT;
	unsigned faults = faults_of(view->now, process->name);

	size_text(&rss, process->rss_kib);
	size_text(&pss, process->pss_kib);
	buf_addf(out, faults ? feet[foot].faults : feet[foot].quiet, buf_text(&rss), buf_text(&pss),
	    faults);
	buf_free(&rss);
	buf_free(&pss);
}

/* The longest wording that fits in all panels, so that they all show the same numbers; FEET: none
 * fits. */
static size_t
foot_that_fits(const struct view *view)
{
	const struct layout *layout = &view->layout;
	size_t foot = 0;

	for (size_t i = 0; i < layout->shown && foot < FEET; i++) {
		const struct process *process = &view->now->processes[layout->first + i];
		struct buf text = BUF_INIT;

		if (process->life == LIFE_DEAD)
			continue;
		footing_text(&text, view, process, foot);
		if (text.length > (size_t)layout->width[i]) {
			foot++;
			i = SIZE_MAX; /* again from the first */
		}
		buf_free(&text);
	}
	return foot;
}

static void
draw_footing(const struct view *view, size_t index, size_t foot)
{
	const struct layout *layout = &view->layout;
	const struct process *process = &view->now->processes[layout->first + index];
	int column = layout->panel[index];
	struct pen pen =
	    pen_at(view->canvas, column, layout->footer, column + layout->width[index], ROLE_PLAIN);
	struct buf text = BUF_INIT;

	if (process->life == LIFE_DEAD || foot == FEET)
		return;
	footing_text(&text, view, process, foot);
	pen_text(&pen, buf_text(&text));
	buf_free(&text);
}

static int
narrowest(const struct layout *layout)
{
	int width = layout->columns;

	for (size_t i = 0; i < layout->shown; i++)
		width = layout->width[i] < width ? layout->width[i] : width;
	return width;
}

void
draw_panels(const struct view *view)
{
	const struct layout *layout = &view->layout;
	size_t foot = foot_that_fits(view);
	struct fields fields;

	if (layout->header >= 0)
		draw_rule(view, layout->header, GLYPH_TOP_LEFT, GLYPH_TOP, GLYPH_TOP_RIGHT);
	if (layout->footer >= 0)
		draw_rule(
		    view, layout->footer, GLYPH_BOTTOM_LEFT, GLYPH_BOTTOM, GLYPH_BOTTOM_RIGHT);
	for (int i = 0; i < layout->body_rows; i++)
		panels_draw_number(view, layout->first_page + (uint32_t)i);
	fields = fields_of(view, narrowest(layout));
	for (size_t i = 0; i < layout->shown; i++) {
		if (layout->header >= 0)
			panels_draw_heading(view, i);
		for (int row = 0; row < layout->body_rows; row++)
			panels_draw_cell(view, i, layout->first_page + (uint32_t)row, &fields);
		if (layout->footer >= 0)
			draw_footing(view, i, foot);
	}
}
