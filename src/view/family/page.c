#include "config.h"
#include "view/canvas/glyph.h"
#include "view/canvas/wording.h"
#include "view/family/family_draw.h"

#include <string.h>

#include "base/i18n.h"
#include "model/pagemap_bits.h"
#include "view/canvas/facts.h"

/* One page in every process that maps it, and why it is what it is. */

#define NAME_LEAST 8 /* cells of the mapping in the heading */

struct page_view {
	const struct family_draw *draw;
	const struct region *region;
	uint64_t page;
	size_t member;
};

static const struct page_look *
page_look_of(const struct page_view *view, size_t member)
{
	const struct page_look *looks = view->draw->scene->looks;

	return looks && member < view->draw->now->member_count ? &looks[member] : NULL;
}

static uint8_t
cell_of(const struct page_view *view, const struct strip *strip)
{
	const struct page_look *look = page_look_of(view, strip->member);

	return look && look->known ? look->cell : strip_cell(strip, view->page);
}

/* Of the processes those from first on are in sight. */
static void
page_draw_heading(const struct page_view *view, int row, size_t first, size_t shown)
{
	const struct family_draw *draw = view->draw;
	struct pen pen = family_pen(draw, draw->margin, row, ROLE_TITLE);
	struct buf size = BUF_INIT, name = BUF_INIT, text = BUF_INIT, position = BUF_INIT;
	size_t count = view->region->strip_count;
	int room = draw->right - draw->margin;

	if (shown < count) {
		buf_add(&position, " ");
		family_position(&position, first, shown, count);
		draw_right(draw, draw->margin, draw->right, row, ROLE_DIM, buf_text(&position));
		room -= canvas_width(draw->canvas, buf_text(&position));
	}
	pen.limit = draw->margin + room;
	pages_text(&size, draw->now, view->page);
	buf_addf(&text, _("page %1$llu of %2$s  (+%3$s)"), (unsigned long long)view->page, "",
	    buf_text(&size));
	room -= canvas_width(draw->canvas, buf_text(&text));
	region_place(&name, view->region, room > 0 ? (size_t)room : 0, draw->canvas->ascii);
	buf_clear(&text);
	if (room >= NAME_LEAST)
		buf_addf(&text, _("page %1$llu of %2$s  (+%3$s)"), (unsigned long long)view->page,
		    buf_text(&name), buf_text(&size));
	else
		buf_addf(&text, _("page %llu"), (unsigned long long)view->page);
	pen_text(&pen, buf_text(&text));
	buf_free(&position);
	buf_free(&size);
	buf_free(&name);
	buf_free(&text);
}

static void
draw_process(const struct page_view *view, const struct strip *strip, int row)
{
	const struct family_draw *draw = view->draw;
	const struct page_look *look = page_look_of(view, strip->member);
	bool selected = strip->member == view->member,
	     mapped = view->page >= strip->first && view->page < strip->end;
	uint8_t cell = cell_of(view, strip);
	enum page_state state = cell_state(cell);
	struct pen pen = family_pen(draw, draw->margin, row, selected ? ROLE_EMPHASIS : ROLE_TITLE);

	pen_printf(&pen, "%s%-3s ", selected ? ">" : " ", draw->now->members[strip->member].name);
	if (selected) {
		draw->canvas->cursor_column = draw->margin;
		draw->canvas->cursor_row = row;
	}
	pen.role = mapped ? state_role(state) : ROLE_DIM;
	if (!mapped) {
		pen_text(&pen, _("maps nothing here"));
		return;
	}
	pen_text(&pen, state_glyph(state, draw->canvas->ascii));
	pen_printf(&pen, " %-8s", page_state_word(state));
	pen.role = ROLE_DIM;
	pen_part(&pen, "  0x%llx",
	    (unsigned long long)(strip->address + view->page * draw->now->page_size));
	if (look && look->known && pm_pfn(look->pagemap))
		pen_part(&pen, "  PFN 0x%llx", (unsigned long long)pm_pfn(look->pagemap));
	if (cell & CELL_WAS_SHARED && state != PAGE_SHARED)
		pen_part(&pen, "  %s", _("was shared"));
}

static void
page_add_state(struct buf *out, uint8_t cell)
{
	enum page_state state = cell_state(cell);

	buf_addf(
	    out, "%s\t%s: %s\n", _("state"), page_state_word(state), page_state_meaning(state));
}

static void
add_sharers(struct buf *out, const struct page_view *view, const struct page_look *look)
{
	const struct family *family = view->draw->now;
	bool first = true;

	if (!look || !look->sharers)
		return;
	buf_addf(out, "%s\t", _("mapped by"));
	for (size_t i = 0; i < family->member_count && i < 64; i++)
		if (look->sharers >> i & 1) {
			buf_addf(out, "%s%s", first ? "" : " ", family->members[i].name);
			first = false;
		}
	if (look->kpagecount != COUNT_UNKNOWN)
		buf_addf(out, _(" (the kernel counts %llu)"), (unsigned long long)look->kpagecount);
	buf_add(out, "\n");
}

/* Why, as far as it follows from what was read. */
static const char *
reason_of(uint8_t cell, bool file, bool writable_private)
{
	if (cell & CELL_MOVED)
		return _(
		    "two readings contradict each other: the process was writing while it was read");
	switch (cell_state(cell)) {
	case PAGE_COPIED:
		if (cell_same(cell))
			return _(
			    "somebody wrote to a shared page, and the kernel copied it; the bytes are the same as the original's");
		return file
		    ? _("the process wrote to its private mapping of the file: the kernel gave it a copy")
		    : _("it wrote to what it shared by fork, and was given a copy; what it dropped and filled again looks the same");
	case PAGE_PARTED:
		return _(
		    "its parent or child has another frame there now: one of them wrote, and had it copied, but which is not known");
	case PAGE_SHARED:
		return file || !writable_private
		    ? _("the same page of a file or of shared memory is mapped by several")
		    : _("it is inherited, and nobody has written to it since");
	case PAGE_PRIVATE:
		return file ? _("nobody else maps this page of the file at the moment")
			    : _("it was filled after the fork, or the others have let go of it");
	case PAGE_ZERO:
		return _("it was read and never written");
	case PAGE_UNKNOWN:
		return _(
		    "it lies in a huge page, where the kernel's bit for sharing is wrong; PFNs would tell, to root");
	default:
		return NULL;
	}
}

static void
add_reason(struct buf *out, const struct strip *strip, uint8_t cell)
{
	const char *reason = reason_of(cell, cell_file(cell), strip->perms[3] == 'p');

	if (reason)
		buf_addf(out, "%s\t%s\n", _("why"), reason);
	if (cell & CELL_WAS_SHARED)
		buf_addf(out, "%s\t%s\n", _("before"), _("it was shared when watching began"));
	if (cell & CELL_HUGE)
		buf_addf(out, "%s\t%s\n", _("huge"), _("it is part of a huge page, mapped as one"));
}

/* What is known of it in the cursor's process; nothing where that maps nothing there. */
static void
page_facts(struct buf *out, const struct page_view *view)
{
	const struct strip *strip = region_strip(view->region, view->member);
	const struct page_look *look = page_look_of(view, view->member);
	uint8_t cell;

	if (!strip || view->page < strip->first || view->page >= strip->end)
		return;
	cell = cell_of(view, strip);
	page_add_state(out, cell);
	add_reason(out, strip, cell);
	add_sharers(out, view, look);
	if (look) {
		explain_entry(out, look->known, look->pagemap);
		explain_flags(out, look->kpageflags);
	}
}

static void
draw_facts(const struct page_view *view, int row, int row_limit)
{
	const struct family_draw *draw = view->draw;
	struct buf facts = BUF_INIT;

	page_facts(&facts, view);
	facts_draw(draw->canvas, draw->margin, row, row_limit, buf_text(&facts));
	buf_free(&facts);
}

void
family_explain(struct buf *out, const struct family_scene *scene)
{
	struct family_draw draw = {.scene = scene, .now = scene->now};
	struct page_view view = {
	    &draw, family_region(scene), scene->cursor.page, scene->cursor.member};
	const struct member *member = family_selected(scene);
	const struct strip *strip = view.region ? region_strip(view.region, view.member) : NULL;
	struct buf facts = BUF_INIT;

	if (!member || !strip || view.page < strip->first || view.page >= strip->end) {
		buf_addf(out, "%s\n", _("there is no such page"));
		return;
	}
	if (!region_has_cells(view.region)) {
		buf_addf(
		    out, "%s\n", _("What each page was is not in the file: --cells saves it."));
		return;
	}
	buf_addf(out, _("Page %1$llu of %2$s in %3$s, pid %4$d, at address 0x%5$llx\n"),
	    (unsigned long long)view.page, region_name(view.region), member->name, (int)member->pid,
	    (unsigned long long)(strip->address + view.page * scene->now->page_size));
	page_facts(&facts, &view);
	facts_text(out, buf_text(&facts));
	buf_free(&facts);
}

void
family_draw_page(const struct family_draw *draw)
{
	struct page_view view = {
	    draw, family_region(draw->scene), draw->scene->cursor.page, draw->scene->cursor.member};
	int row = draw->body, end = draw->body + draw->rows;
	size_t rows, first;

	if (!view.region)
		return;
	if (!region_has_cells(view.region)) {
		draw_no_cells(draw);
		return;
	}
	rows = draw->rows > 8 ? (size_t)draw->rows / 3 : 1;
	rows = rows < view.region->strip_count ? rows : view.region->strip_count;
	first =
	    family_first(view.region->strip_count, family_strip_at(view.region, view.member), rows);
	if (draw->rows > 2)
		page_draw_heading(&view, row++, first, rows);
	for (size_t i = first; i < first + rows; i++)
		draw_process(&view, &view.region->strips[i], row++);
	draw_facts(&view, row + (draw->rows > 14), end);
}
