#include "config.h"
#include "view/lab/scene_draw.h"

#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "view/lab/explain.h"

/* The rows across the whole width: title, page cache, memory. */

static void
add_pages(struct buf *out, const struct view *view, bool brief)
{
	const struct snapshot *now = view->now;
	const struct layout *layout = &view->layout;
	uint32_t shown = (uint32_t)layout->body_rows;

	if (view->scene->view == SCENE_PANELS && shown && shown < now->page_count)
		buf_addf(out, _("pages %1$u-%2$u of %3$u"), layout->first_page,
		    layout->first_page + shown - 1, now->page_count);
	else
		buf_addf(out, NP_("%u page", "%u pages", now->page_count), now->page_count);
	if (!brief)
		buf_addf(out, " x %u KiB", now->machine.page_size / 1024);
}

/* What a title shows of the path; NULL for a file without a name, whose path is a descriptor's. */
static const char *
title_path(const char *path, bool brief)
{
	const char *slash = path ? strrchr(path, '/') : NULL;

	if (!path || strncmp(path, "/proc/", 6) == 0)
		return NULL;
	return brief && slash && slash[1] ? slash + 1 : path;
}

/* One way to describe the lab; level 0 is the longest. */
static void
bars_title_text(struct buf *out, const struct view *view, int level)
{
	const struct snapshot *now = view->now;
	const char *path = title_path(now->path, level > 0);

	if (level <= 1)
		buf_add(out, "   ");
	buf_add(out, kind_word(now->kind));
	if (path && level <= 2)
		buf_addf(out, _(" of %s"), path);
	if (now->path && now->filesystem && level <= 1)
		buf_addf(out, " (%s)", now->filesystem);
	if (level == 5)
		buf_clear(out);
	buf_add(out, level <= 1 ? "   " : level == 5 ? "" : "  ");
	add_pages(out, view, level >= 2);
}

static void
bars_status_text(struct buf *out, const struct view *view, bool brief)
{
	const struct layout *layout = &view->layout;
	size_t behind = view->now->process_count - layout->first - layout->shown;

	if (view->scene->view == SCENE_PANELS && layout->first)
		buf_addf(out, brief ? "< %zu  " : _("< %zu more   "), layout->first);
	if (view->scene->view == SCENE_PANELS && behind)
		buf_addf(out, brief ? "%zu >  " : _("%zu more >   "), behind);
	if (view->scene->recorded) {
		buf_addf(out, brief ? _("RECORDED %1$u of %2$u") : _("step %1$u of %2$u  RECORDED"),
		    view->now->step, view->scene->last_step);
		buf_add(out, view->scene->saved ? "" : _(", > live"));
	} else {
		buf_addf(out, brief || view->scene->still ? _("step %u") : _("step %u  live"),
		    view->now->step);
	}
}

void
draw_title(const struct view *view)
{
	static const char name[] = "cowscope";
	const struct layout *layout = &view->layout;
	struct pen pen = view_pen(view, layout->margin, layout->title, ROLE_TITLE);
	struct buf status = BUF_INIT, text = BUF_INIT;
	int room, level = 0, lead;

	bars_status_text(&status, view, layout->columns < 60);
	room = layout->columns - 2 * layout->margin - (int)utf8_width(buf_text(&status)) - 2;
	for (; level <= 5; level++) {
		lead = level <= 1 ? (int)sizeof(name) - 1 : 0;
		buf_clear(&text);
		bars_title_text(&text, view, level);
		if (lead + view_width(view, buf_text(&text)) <= room)
			break;
	}
	pen.limit = layout->columns > 12 ? layout->margin + room : layout->columns;
	if (level <= 1)
		pen_text(&pen, name);
	pen.role = level <= 1 ? ROLE_PLAIN : ROLE_TITLE;
	pen_text(&pen, buf_text(&text));
	pen = view_pen(view, layout->columns - layout->margin - (int)utf8_width(buf_text(&status)),
	    layout->title, view->scene->recorded ? ROLE_WARNING : ROLE_LIVE);
	if (pen.column > layout->margin)
		pen_text(&pen, buf_text(&status));
	buf_free(&status);
	buf_free(&text);
}

/* One glyph stands for `per` pages from `first` on. */
static void
draw_file_pages(const struct view *view, struct pen *pen, uint32_t first, uint32_t per)
{
	const struct snapshot *now = view->now;
	uint32_t end = first + per < now->page_count ? first + per : now->page_count;
	uint32_t cached = 0, unknown = 0, dirty = 0, writeback = 0;

	pen->marks = 0;
	for (uint32_t i = first; i < end; i++) {
		const struct file_page *page = &now->file_pages[i];

		cached += page->cached == TRI_YES;
		unknown += page->cached == TRI_UNKNOWN;
		dirty += page->dirty == TRI_YES;
		writeback += page->writeback == TRI_YES;
		if (view_changed(view, 0, i))
			pen->marks |= MARK_CHANGED;
		if (i == view->scene->page)
			pen->marks |= MARK_CURSOR;
	}
	pen->role = writeback || dirty ? ROLE_DIRTY
	    : cached                   ? ROLE_CACHED
	    : unknown                  ? ROLE_UNKNOWN
				       : ROLE_ABSENT;
	glyph_draw(pen,
	    writeback                   ? GLYPH_WRITEBACK
		: dirty                 ? GLYPH_DIRTY
		: cached == end - first ? GLYPH_SHARED
		: cached                ? GLYPH_PARTLY
		: unknown               ? GLYPH_UNKNOWN
					: GLYPH_ABSENT);
}

static const char *
cache_label(enum kind kind)
{
	return kind == KIND_SHARED_ANON ? _("shared memory") : _("page cache");
}

/* How many pages a glyph stands for, so that the glyphs and the summary fit. */
static uint32_t
pages_per_glyph(const struct view *view, int room)
{
	uint32_t count = view->now->page_count;

	if (count <= (uint32_t)(room > 0 ? room : 1))
		return 1;
	room = room - 36 > 8 ? room - 36 : 8;
	return (count + (uint32_t)room - 1) / (uint32_t)room;
}

static void
bars_draw_summary(const struct view *view, struct pen *pen, uint32_t per)
{
	struct buf text = BUF_INIT;
	int room = pen->limit - pen->column - 2;

	file_summary(&text, view->now, false);
	if ((int)utf8_width(buf_text(&text)) > room) {
		buf_clear(&text);
		file_summary(&text, view->now, true);
	}
	pen->role = ROLE_PLAIN;
	pen->marks = 0;
	pen_printf(pen, "  %s", buf_text(&text));
	buf_clear(&text);
	buf_addf(&text, _("  (%u pages each)"), per);
	pen->role = ROLE_DIM;
	if (per > 1 && pen->column + (int)utf8_width(buf_text(&text)) <= pen->limit)
		pen_text(pen, buf_text(&text));
	buf_free(&text);
}

static void
draw_folded_memory(const struct view *view, struct pen *pen)
{
	struct buf text = BUF_INIT;
	int room = pen->limit - pen->column - 3;

	memory_text(&text, &view->now->memory, "  ", room > 0 ? (size_t)room : 0);
	pen->role = ROLE_PLAIN;
	pen_printf(pen, "   %s", buf_text(&text));
	buf_free(&text);
}

void
draw_cache(const struct view *view)
{
	const struct layout *layout = &view->layout;
	const struct snapshot *now = view->now;
	struct pen pen = view_pen(view, layout->margin, layout->cache, ROLE_PLAIN);
	uint32_t per;

	pen_label(&pen, view, cache_label(now->kind));
	if (now->file_pages) {
		per = pages_per_glyph(view, layout->columns - pen.column);
		for (uint32_t page = 0; page < now->page_count; page += per)
			draw_file_pages(view, &pen, page, per);
		bars_draw_summary(view, &pen, per);
	} else {
		pen.role = ROLE_DIM;
		pen_text(&pen,
		    now->kind == KIND_PRIVATE_ANON ? _("none: this memory has no file")
						   : _("not known"));
	}
	if (layout->folded)
		draw_folded_memory(view, &pen);
}

void
draw_memory(const struct view *view)
{
	const struct layout *layout = &view->layout;
	struct pen pen = view_pen(view, layout->margin, layout->memory, ROLE_PLAIN);
	struct buf text = BUF_INIT;
	int room;

	pen_label(&pen, view, _("memory"));
	room = layout->columns - pen.column;
	memory_text(&text, &view->now->memory, "  ", room > 0 ? (size_t)room : 0);
	pen_text(&pen, buf_text(&text));
	buf_free(&text);
}
