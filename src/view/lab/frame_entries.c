#include "config.h"
#include "view/canvas/glyph.h"
#include "view/lab/scene_draw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "view/lab/explain.h"
#include "view/lab/frame_entries.h"

static struct frame_entry *
frames_add_entry(struct frame_entries *entries)
{
	if (entries->count == entries->room) {
		entries->room = entries->room ? entries->room * 2 : 64;
		entries->list = mem_resize(entries->list, entries->room, sizeof(*entries->list));
	}
	entries->list[entries->count] = (struct frame_entry){0};
	return &entries->list[entries->count++];
}

/* The entry that an earlier process made for the frame, or a new one. */
static struct frame_entry *
entry_of_frame(struct frame_entries *entries, size_t from, const struct snapshot *now,
    uint32_t frame, uint32_t number)
{
	struct frame_entry *entry;

	for (size_t i = from; i < entries->count; i++)
		if (entries->list[i].frame == frame)
			return &entries->list[i];
	entry = frames_add_entry(entries);
	entry->page = number;
	entry->frame = frame;
	entry->pfn = now->frames[frame].pfn;
	frame_name(&now->frames[frame], entry->name);
	return entry;
}

static void
add_mapper(struct frame_entry *entry, const struct process *process, uint32_t number)
{
	const struct page *page = &process->pages[number];

	entry->mappers |= (uint16_t)(1u << (process->name - 'a'));
	entry->role = (uint8_t)state_role(page->state);
	if (page->content.length)
		entry->content = &page->content;
}

static bool
is_file_entry(const struct frame_entry *entry)
{
	return entry->name[0] == 'F';
}

static int
compare_entries(const void *one, const void *other)
{
	const struct frame_entry *left = one, *right = other;

	if (is_file_entry(left) != is_file_entry(right))
		return is_file_entry(left) ? -1 : 1;
	return strcmp(left->name, right->name);
}

static void
add_cached(struct frame_entries *entries, const struct snapshot *now, uint32_t number)
{
	struct frame_entry *entry;

	if (!now->file_pages || now->file_pages[number].cached != TRI_YES)
		return;
	entry = frames_add_entry(entries);
	entry->page = number;
	entry->frame = FRAME_NONE;
	entry->role = ROLE_DIM;
	entry->content = &now->file_pages[number].content;
	snprintf(entry->name, sizeof(entry->name), "F%u", number);
}

/* A frame of the file, wherever it is mapped. */
static bool
add_file_frame(struct frame_entries *entries, size_t from, const struct snapshot *now, size_t index)
{
	const struct frame *frame = &now->frames[index];
	struct frame_entry *entry;

	if (frame->birth != BIRTH_FILE || !frame->processes)
		return false;
	entry = entry_of_frame(entries, from, now, (uint32_t)index, frame->page);
	if (!entry->mappers)
		entry->role =
		    (uint8_t)state_role(frame->mapped_by > 1 ? PAGE_SHARED : PAGE_PRIVATE);
	entry->mappers |= frame->processes;
	if (!entry->content && now->file_pages && frame->page < now->page_count)
		entry->content = &now->file_pages[frame->page].content;
	return true;
}

/* Is it left out of this page's frames because it is another page's? */
static bool
is_elsewhere(const struct frame *frame, uint32_t number)
{
	return frame->birth == BIRTH_ZERO || frame->page != number;
}

void
frames_of_page(struct frame_entries *entries, const struct snapshot *now, uint32_t number, bool all)
{
	size_t from = entries->count;
	bool file = false;

	for (size_t i = 0; i < now->process_count; i++) {
		const struct process *process = &now->processes[i];
		uint32_t frame = process->pages[number].frame;

		if (frame == FRAME_NONE || process->life == LIFE_DEAD ||
		    (!all && is_elsewhere(&now->frames[frame], number)))
			continue;
		add_mapper(entry_of_frame(entries, from, now, frame, number), process, number);
		if (now->frames[frame].page != number)
			add_file_frame(entries, from, now, frame);
	}
	for (size_t i = snapshot_first_frame(now, number);
	     i < now->frame_count && now->frames[i].page == number; i++)
		file |= add_file_frame(entries, from, now, i);
	if (!file)
		add_cached(entries, now, number);
	if (entries->count > from)
		qsort(entries->list + from, entries->count - from, sizeof(*entries->list),
		    compare_entries);
}

/* The page of zeros once, with every process that maps it anywhere. */
static void
add_zero(struct frame_entries *entries, const struct snapshot *now)
{
	struct frame_entry *zero = NULL;

	for (size_t i = 0; i < now->process_count; i++)
		for (uint32_t page = 0; page < now->page_count; page++) {
			uint32_t frame = now->processes[i].pages[page].frame;

			if (frame == FRAME_NONE || now->frames[frame].birth != BIRTH_ZERO)
				continue;
			if (!zero)
				zero = entry_of_frame(entries, 0, now, frame, now->page_count);
			add_mapper(zero, &now->processes[i], page);
			break;
		}
}

void
frames_of_all(struct frame_entries *entries, const struct snapshot *now)
{
	for (uint32_t page = 0; page < now->page_count; page++)
		frames_of_page(entries, now, page, false);
	for (size_t i = snapshot_first_frame(now, now->page_count); i < now->frame_count; i++)
		add_file_frame(entries, entries->count, now, i);
	add_zero(entries, now);
}

void
frames_free(struct frame_entries *entries)
{
	free(entries->list);
	*entries = (struct frame_entries){0};
}

void
mappers_text(struct buf *out, uint16_t mappers)
{
	if (!mappers)
		buf_add(out, _("nobody"));
	for (int i = 0; i < PROCESSES_MAX; i++)
		if (mappers & 1u << i)
			buf_addf(out, mappers & ((1u << i) - 1) ? " %c" : "%c", 'a' + i);
}

/* What an entry shows, the same throughout a picture. */
struct entry_shape {
	int name, mappers, pfn, content, width;
	bool cursor; /* a column for the cursor before it */
};

static bool
entry_changed(const struct view *view, const struct frame_entry *entry)
{
	for (int i = 0; i < PROCESSES_MAX; i++)
		if (entry->mappers & 1u << i && view_changed(view, (char)('a' + i), entry->page))
			return true;
	return false;
}

static void
draw_entry(const struct view *view, struct pen *pen, const struct frame_entry *entry,
    const struct entry_shape *shape)
{
	struct buf text = BUF_INIT;
	int start = pen->column;
	bool changed = entry_changed(view, entry);

	pen->marks = changed ? MARK_CHANGED : 0;
	pen->role = entry->role;
	pen_printf(pen, "%s%s", changed ? "*" : " ", entry->name);
	pen_pad(pen, start + 1 + shape->name);
	pen_text(pen, " ");
	pen->marks = 0;
	pen->role = entry->mappers ? ROLE_PLAIN : ROLE_DIM;
	pen_text(pen, "<- ");
	start = pen->column + shape->mappers;
	mappers_text(&text, entry->mappers);
	pen_text(pen, buf_text(&text));
	pen->role = ROLE_DIM;
	if (shape->pfn) {
		pen_pad(pen, start + 2);
		if (entry->pfn)
			pen_printf(pen, "0x%llx", (unsigned long long)entry->pfn);
		start += 2 + shape->pfn;
	}
	buf_clear(&text);
	if (shape->content && entry->content && entry->content->length) {
		pen->role = ROLE_PLAIN;
		pen_pad(pen, start + 2);
		content_text(&text, entry->content, pen->canvas->ascii);
		pen_text(pen, "\"");
		pen_printf(pen, "%.*s", (int)utf8_clip(buf_text(&text), (size_t)shape->content),
		    buf_text(&text));
		pen_text(pen, "\"");
	}
	buf_free(&text);
}

static int
mappers_cells(uint16_t mappers)
{
	return mappers ? 2 * __builtin_popcount(mappers) - 1 : (int)utf8_width(_("nobody"));
}

static int
pfn_cells(uint64_t pfn)
{
	int cells = pfn ? 2 : 0;

	for (; pfn; pfn >>= 4)
		cells++;
	return cells;
}

/* All frames of a page in one row. */
static void
frames_draw_row(const struct view *view, struct pen pen, uint32_t number)
{
	struct frame_entries entries = {0};
	struct entry_shape shape = {.name = 2};

	frames_of_page(&entries, view->now, number, true);
	for (size_t i = 0; i < entries.count; i++) {
		const struct frame_entry *entry = &entries.list[i];

		if (i > 0 &&
		    pen.column + 6 + (int)strlen(entry->name) + mappers_cells(entry->mappers) >
			pen.limit) {
			pen.role = ROLE_PLAIN;
			glyph_draw(&pen, GLYPH_MORE);
			break;
		}
		draw_entry(view, &pen, entry, &shape);
		pen_text(&pen, "  ");
	}
	frames_free(&entries);
}

void
draw_strip(const struct view *view)
{
	struct pen pen = view_pen(view, view->layout.margin, view->layout.strip, ROLE_PLAIN);
	struct buf label = BUF_INIT;

	buf_addf(&label, _("page %u"), view->scene->page);
	pen_label(&pen, view, buf_text(&label));
	buf_free(&label);
	if (view->scene->page >= view->now->page_count)
		return;
	pen.column--; /* an entry begins with its mark of change */
	frames_draw_row(view, pen, view->scene->page);
}

void
draw_frames_beside(const struct view *view)
{
	const struct layout *layout = &view->layout;

	if (layout->header >= 0) {
		struct pen pen = view_pen(view, layout->list, layout->header, ROLE_TITLE);

		pen_printf(&pen, " %s", _("frames, and who maps them"));
	}
	for (int i = 0; i < layout->body_rows; i++)
		frames_draw_row(view, view_pen(view, layout->list, layout->body + i, ROLE_PLAIN),
		    layout->first_page + (uint32_t)i);
}

static struct entry_shape
frames_shape_of(const struct frame_entries *entries, int columns, int rows)
{
	struct entry_shape shape = {.name = 2, .mappers = 1, .cursor = columns >= 16};
	int wanted = rows > 0 ? ((int)entries->count + rows - 1) / rows : 1, room;

	for (size_t i = 0; i < entries->count; i++) {
		const struct frame_entry *entry = &entries->list[i];

		shape.name = most(shape.name, (int)strlen(entry->name));
		shape.mappers = most(shape.mappers, mappers_cells(entry->mappers));
		shape.pfn = most(shape.pfn, pfn_cells(entry->pfn));
	}
	shape.width = shape.cursor + 1 + shape.name + 1 + 3 + shape.mappers + 3;
	room = columns / (wanted > 0 ? wanted : 1) - shape.width;
	shape.pfn = shape.pfn && room >= shape.pfn + 2 ? shape.pfn : 0;
	room -= shape.pfn ? shape.pfn + 2 : 0;
	shape.content = room >= 8 ? (room - 4 < CONTENT_MAX ? room - 4 : CONTENT_MAX) : 0;
	shape.width += (shape.pfn ? shape.pfn + 2 : 0) + (shape.content ? shape.content + 4 : 0);
	return shape;
}

static size_t
first_of_page(const struct frame_entries *entries, uint32_t page)
{
	for (size_t i = 0; i < entries->count; i++)
		if (entries->list[i].page >= page)
			return i;
	return entries->count ? entries->count - 1 : 0;
}

static void
draw_entry_at(const struct view *view, const struct frame_entry *entry,
    const struct entry_shape *shape, int column, int row)
{
	struct pen pen = pen_at(view->canvas, column, row, column + shape->width, ROLE_PLAIN);
	bool selected = entry->page == view->scene->page;

	if (shape->cursor && selected) {
		pen.role = ROLE_EMPHASIS;
		pen.marks = MARK_CURSOR;
		view->canvas->cursor_column = column;
		view->canvas->cursor_row = row;
	}
	if (shape->cursor)
		pen_text(&pen, selected ? ">" : " ");
	draw_entry(view, &pen, entry, shape);
}

/* What is shown, and where in it one is: the latter first, if narrow. */
static void
draw_frames_heading(const struct view *view, size_t first, size_t shown, size_t count)
{
	const struct layout *layout = &view->layout;
	struct pen pen = view_pen(view, layout->margin, layout->header, ROLE_TITLE);
	size_t end = first + shown < count ? first + shown : count;
	struct buf where = BUF_INIT;

	if (count > shown)
		buf_addf(&where, _("   %1$zu to %2$zu of %3$zu"), first + 1, end, count);
	pen.limit -= view_width(view, buf_text(&where));
	if (view_width(view, _("each frame once, and who maps it")) <= pen.limit - pen.column)
		pen_text(&pen, _("each frame once, and who maps it"));
	else
		pen_part(&pen, "%s", _("frames"));
	pen.limit = layout->columns;
	pen_text(&pen, buf_text(&where));
	buf_free(&where);
}

void
draw_frames(const struct view *view)
{
	const struct layout *layout = &view->layout;
	struct frame_entries entries = {0};
	int room = layout->columns - layout->margin, columns;
	struct entry_shape shape;
	size_t shown, first;

	frames_of_all(&entries, view->now);
	shape = frames_shape_of(&entries, room, layout->body_rows);
	columns = room / shape.width > 0 ? room / shape.width : 1;
	shown = (size_t)columns * (size_t)layout->body_rows;
	first = shown ? first_of_page(&entries, view->scene->page) / shown * shown : 0;
	if (layout->header >= 0)
		draw_frames_heading(view, first, shown, entries.count);
	for (size_t i = 0; i < shown && first + i < entries.count; i++)
		draw_entry_at(view, &entries.list[first + i], &shape,
		    layout->margin + (int)(i / (size_t)layout->body_rows) * shape.width,
		    layout->body + (int)(i % (size_t)layout->body_rows));
	frames_free(&entries);
}
