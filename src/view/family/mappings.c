#include "config.h"
#include "view/canvas/glyph.h"
#include "view/family/family_draw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"

/* The mappings lined up: a row each, a column for every process. */

#define NUMBER_CELLS 7
#define WHAT_LEAST 12
#define WHAT_WITH_ADDRESS 18 /* where an address has no column */
#define WHAT_MOST 40

struct mappings_table {
	int address, size, perms, what, total; /* first columns; -1: not shown */
	int what_end;
	int member; /* first column of the processes */
	size_t first_member, members;
};

static enum page_state
mappings_state_of(enum order order)
{
	return order == ORDER_SHARED ? PAGE_SHARED
	    : order == ORDER_PRIVATE ? PAGE_PRIVATE
				     : PAGE_COPIED;
}

static uint64_t
mappings_number_of(const struct tally *tally, enum order order)
{
	if (order == ORDER_SIZE)
		return tally_present(tally);
	return mappings_state_of(order) == PAGE_COPIED ? tally_copies(tally)
						       : tally->counts[mappings_state_of(order)];
}

static struct mappings_table
mappings_table_of(const struct family_draw *draw)
{
	struct mappings_table table = {.address = -1, .size = -1, .perms = -1, .total = -1};
	int column = draw->margin + 1, room = draw->right - column, members;

	if (room >= 70) {
		table.address = column;
		column += 13;
	}
	if (room >= 48) {
		table.size = column;
		column += 6;
		table.perms = column + 1;
		column += 6;
	}
	table.what = column;
	room = draw->right - column;
	members = (room - (table.address < 0 ? WHAT_WITH_ADDRESS : WHAT_LEAST) - NUMBER_CELLS) /
	    NUMBER_CELLS;
	members = members < 0                        ? 0
	    : members > (int)draw->now->member_count ? (int)draw->now->member_count
						     : members;
	table.members = (size_t)members;
	room -= (members + 1) * NUMBER_CELLS;
	room = room > WHAT_MOST ? WHAT_MOST : room;
	table.what_end = column + (room > 3 ? room : 3);
	table.total = table.what_end;
	table.member = table.total + NUMBER_CELLS;
	table.first_member =
	    family_first(draw->now->member_count, draw->scene->cursor.member, table.members);
	return table;
}

/* at, count: where the cursor is, where no row of its own says it; else count is 0. */
static void
mappings_draw_heads(const struct family_draw *draw, const struct mappings_table *table, int row,
    size_t at, size_t count)
{
	enum order order = draw->scene->cursor.order;
	struct pen pen = family_pen(draw, draw->margin + 1, row, ROLE_DIM);
	const struct member *selected = family_selected(draw->scene);

	if (table->address >= 0)
		pen_text(&pen, _("address"));
	if (table->size >= 0)
		draw_right(draw, table->size, table->size + 5, row, ROLE_DIM, _("size"));
	pen.column = table->what;
	pen.limit = table->what_end;
	pen_text(&pen, _("mapping"));
	if (count)
		pen_part(&pen, _(" %1$zu of %2$zu"), at + 1, count);
	draw_right(draw, table->total, table->total + NUMBER_CELLS, row,
	    order == ORDER_SIZE ? ROLE_EMPHASIS : state_role(mappings_state_of(order)),
	    order == ORDER_SIZE ? _("size")
		: mappings_state_of(order) != PAGE_COPIED
		? page_state_word(mappings_state_of(order))
		: copies_word(draw->now));
	for (size_t i = 0; i < table->members; i++) {
		const struct member *member = &draw->now->members[table->first_member + i];
		int column = table->member + (int)i * NUMBER_CELLS;

		draw_right(draw, column, column + NUMBER_CELLS, row,
		    member == selected ? ROLE_FOCUS : ROLE_TITLE, member->name);
	}
}

static void
mappings_draw_number(const struct family_draw *draw, int column, int row, const struct tally *tally)
{
	enum order order = draw->scene->cursor.order;
	uint64_t pages = tally ? mappings_number_of(tally, order) : 0;
	struct buf text = BUF_INIT;

	if (pages)
		pages_text(&text, draw->now, pages);
	else
		buf_add(&text, tally ? "0" : draw->canvas->ascii ? "." : "·");
	draw_right(draw, column + 1, column + NUMBER_CELLS, row,
	    !pages                    ? ROLE_DIM
		: order == ORDER_SIZE ? ROLE_PLAIN
		: mappings_state_of(order) == PAGE_COPIED && !tally->counts[PAGE_COPIED]
		? ROLE_PARTED
		: state_role(mappings_state_of(order)),
	    buf_text(&text));
	buf_free(&text);
}

static void
mappings_draw_region(const struct family_draw *draw, const struct mappings_table *table,
    const struct region *region, int row, bool selected)
{
	struct pen pen = family_pen(draw, draw->margin, row, selected ? ROLE_EMPHASIS : ROLE_PLAIN);
	struct buf size = BUF_INIT, place = BUF_INIT;
	size_t cells = (size_t)(table->what_end - table->what - 1);

	pen_text(&pen, selected ? ">" : " ");
	if (table->address >= 0)
		pen_printf(&pen, "%llx", (unsigned long long)region->start);
	pages_text(&size, draw->now, region_pages(draw->now, region));
	if (table->size >= 0)
		draw_right(draw, table->size, table->size + 5, row, pen.role, buf_text(&size));
	pen.column = table->perms;
	if (table->perms >= 0)
		pen_text(&pen, region->perms);
	pen.column = table->what;
	pen.limit = table->what_end;
	if (table->address < 0)
		region_place(&place, region, cells, draw->canvas->ascii);
	else
		region_name_fit(&place, region, cells, draw->canvas->ascii);
	pen_text(&pen, buf_text(&place));
	mappings_draw_number(draw, table->total, row, &region->tally);
	for (size_t i = 0; i < table->members; i++) {
		const struct strip *strip = region_strip(region, table->first_member + i);

		mappings_draw_number(
		    draw, table->member + (int)i * NUMBER_CELLS, row, strip ? &strip->tally : NULL);
	}
	if (selected) {
		draw->canvas->cursor_column = draw->margin;
		draw->canvas->cursor_row = row;
	}
	buf_free(&size);
	buf_free(&place);
}

static const char *
order_text(enum order order)
{
	static const char *const texts[ORDER_COUNT] = {
	    [ORDER_NEXT] = N_("most copied first"),
	    [ORDER_COPIED] = N_("most copied first"),
	    [ORDER_SHARED] = N_("most shared first"),
	    [ORDER_PRIVATE] = N_("most private first"),
	    [ORDER_SIZE] = N_("largest first"),
	    [ORDER_ADDRESS] = N_("by address"),
	    [ORDER_NAME] = N_("by name"),
	};

	return _(texts[order]);
}

static const char *
filter_text(enum filter filter)
{
	static const char *const texts[FILTER_COUNT] = {
	    [FILTER_NEXT] = N_("all of them"),
	    [FILTER_ALL] = N_("all of them"),
	    [FILTER_ANONYMOUS] = N_("only anonymous"),
	    [FILTER_HEAP] = N_("only the heap"),
	    [FILTER_STACKS] = N_("only stacks"),
	    [FILTER_FILES] = N_("only files"),
	};

	return _(texts[filter]);
}

static void
draw_what(const struct family_draw *draw, int row, size_t at, size_t count)
{
	const struct family_cursor *cursor = &draw->scene->cursor;
	struct pen pen = family_pen(draw, draw->margin, row, ROLE_TITLE);

	pen_printf(&pen, _("mapping %1$zu of %2$zu"), count ? at + 1 : 0, count);
	pen.role = ROLE_DIM;
	pen_part(&pen, "   %s", order_text(cursor->order));
	pen_part(&pen, "   %s", filter_text(cursor->filter));
	if (*cursor->search)
		pen_part(&pen, "   /%s", cursor->search);
	if (mappings_state_of(cursor->order) == PAGE_COPIED && draw->now->tally.counts[PAGE_PARTED])
		pen_part(&pen, "%s", _("   copies: copied + parted"));
}

void
family_draw_mappings(const struct family_draw *draw)
{
	struct mappings_table table = mappings_table_of(draw);
	size_t count, at = 0, *listed = family_listed(draw->now, &draw->scene->cursor, &count);
	int heads = draw->rows >= 6 ? 2 : draw->rows >= 3 ? 1 : 0, row = draw->body + heads;
	size_t rows = (size_t)(draw->rows - heads), first;

	for (size_t i = 0; i < count; i++)
		at = listed[i] == draw->scene->cursor.region ? i : at;
	first = family_first(count, at, rows);
	if (heads == 2)
		draw_what(draw, draw->body, at, count);
	if (heads)
		mappings_draw_heads(draw, &table, row - 1, at, heads == 2 ? 0 : count);
	for (size_t i = first; i < count && i < first + rows; i++)
		mappings_draw_region(draw, &table, &draw->now->regions[listed[i]], row++, i == at);
	if (!count) {
		struct pen pen = family_pen(draw, draw->margin, row, ROLE_DIM);

		pen_text(&pen, _("no mapping is of that kind: t lists others"));
	}
	free(listed);
}
