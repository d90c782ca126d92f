#include "config.h"
#include "view/canvas/glyph.h"
#include "view/canvas/wording.h"
#include "view/family/family_draw.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"

#define SECOND 1000000000.0

const enum page_state family_states[FAMILY_STATES] = {
    PAGE_SHARED, PAGE_COPIED, PAGE_PARTED, PAGE_PRIVATE, PAGE_ZERO, PAGE_SWAPPED, PAGE_UNKNOWN};

void
pages_text(struct buf *out, const struct family *family, uint64_t pages)
{
	size_text(out, pages == COUNT_UNKNOWN ? pages : pages * (family->page_size / 1024));
}

void
age_text(struct buf *out, uint64_t from_ns, uint64_t to_ns)
{
	double seconds = to_ns > from_ns ? (double)(to_ns - from_ns) / SECOND : 0;

	if (!from_ns)
		buf_add(out, "?");
	else if (seconds < 9.95)
		buf_addf(out, _("%.1f s"), seconds);
	else if (seconds < 120)
		buf_addf(out, _("%.0f s"), seconds);
	else if (seconds < 7200)
		buf_addf(out, _("%.0f min"), seconds / 60);
	else
		buf_addf(out, _("%.0f h"), seconds / 3600);
}

const char *
region_name(const struct region *region)
{
	return *region->path ? region->path : region_kind_word(region->kind);
}

void
path_fit(struct buf *out, const char *path, size_t cells, bool ascii)
{
	const char *file = strrchr(path, '/'), *more = glyph_text(GLYPH_MORE, ascii);
	struct buf end = BUF_INIT;

	if (*path == '/' && file != path && utf8_width(path) > cells)
		buf_addf(&end, "%s%s", ascii ? "..." : more, file);
	else
		buf_add(&end, path);
	if (utf8_width(buf_text(&end)) <= cells)
		buf_add(out, buf_text(&end));
	else if (cells)
		buf_addf(
		    out, "%.*s%s", (int)utf8_clip(buf_text(&end), cells - 1), buf_text(&end), more);
	buf_free(&end);
}

void
region_name_fit(struct buf *out, const struct region *region, size_t cells, bool ascii)
{
	path_fit(out, region_name(region), cells, ascii);
}

const char *
copies_word(const struct family *family)
{
	return family->tally.counts[PAGE_PARTED] ? _("copies") : page_state_word(PAGE_COPIED);
}

void
place_fit(struct buf *out, const char *path, enum region_kind kind, uint64_t start, size_t cells,
    bool ascii)
{
	const char *word = region_kind_word(kind);
	struct buf address = BUF_INIT;

	buf_addf(&address, "%llx", (unsigned long long)start);
	if (*path)
		path_fit(out, path, cells, ascii);
	else if (utf8_width(word) + 1 + address.length <= cells)
		buf_addf(out, "%s %s", word, buf_text(&address));
	else
		path_fit(out, buf_text(&address), cells, ascii);
	buf_free(&address);
}

void
region_place(struct buf *out, const struct region *region, size_t cells, bool ascii)
{
	place_fit(out, region->path, region->kind, region->start, cells, ascii);
}

const char *
member_text(const struct member *member)
{
	const char *text = *member->command_line ? member->command_line : member->command;
	size_t program = strcspn(text, " ");

	for (size_t i = program; i > 0; i--)
		if (text[i - 1] == '/' && i < program)
			return text + i;
	return text;
}

struct pen
family_pen(const struct family_draw *draw, int column, int row, enum role role)
{
	return pen_at(draw->canvas, column, row, draw->right, role);
}

void
draw_right(
    const struct family_draw *draw, int from, int to, int row, enum role role, const char *text)
{
	int start = to - canvas_width(draw->canvas, text);
	struct pen pen = pen_at(draw->canvas, start > from ? start : from, row, to, role);

	pen_text(&pen, text);
}

void
family_position(struct buf *out, size_t first, size_t shown, size_t count)
{
	buf_addf(out, _("%1$zu-%2$zu of %3$zu"), shown ? first + 1 : 0,
	    first + shown < count ? first + shown : count, count);
}

void
family_draw_position(
    const struct family_draw *draw, int from, int row, size_t first, size_t shown, size_t count)
{
	struct buf text = BUF_INIT;

	if (shown < count)
		family_position(&text, first, shown, count);
	draw_right(draw, from, draw->right, row, ROLE_DIM, buf_text(&text));
	buf_free(&text);
}

size_t
family_first(size_t count, size_t at, size_t rows)
{
	size_t first = rows ? at / rows * rows : at;

	return rows && first + rows > count ? (count > rows ? count - rows : 0) : first;
}

const struct member *
family_selected(const struct family_scene *scene)
{
	size_t count = scene->now->member_count, at = scene->cursor.member;

	return count ? &scene->now->members[at < count ? at : count - 1] : NULL;
}

const struct region *
family_region(const struct family_scene *scene)
{
	return scene->cursor.region < scene->now->region_count
	    ? &scene->now->regions[scene->cursor.region]
	    : NULL;
}

size_t
family_strip_at(const struct region *region, size_t member)
{
	size_t at = 0;

	while (at + 1 < region->strip_count && region->strips[at].member < member)
		at++;
	return at;
}

bool
region_has_cells(const struct region *region)
{
	for (size_t i = 0; i < region->strip_count; i++)
		if (region->strips[i].part_count)
			return true;
	return !tally_present(&region->tally) && !region->tally.counts[PAGE_SWAPPED];
}

void
draw_no_cells(const struct family_draw *draw)
{
	canvas_wrap(draw->canvas, draw->margin, draw->body, draw->right, draw->body + draw->rows,
	    ROLE_DIM, _("What each page was is not in the file: --cells saves it."));
}

struct family_glyph
family_glyph_of(const struct tally *tally, uint64_t pages)
{
	struct family_glyph glyph = {PAGE_ABSENT, 2};
	uint64_t most = 0;

	for (int i = 0; i < FAMILY_STATES; i++)
		if (tally->counts[family_states[i]] > most) {
			most = tally->counts[family_states[i]];
			glyph.state = family_states[i];
		}
	if (most)
		glyph.level = most >= pages ? 2 : 2 * most >= pages;
	return glyph;
}

const char *
family_glyph_text(struct family_glyph glyph, bool ascii)
{
	static const struct {
		enum page_state state;
		const char *utf8[2], *ascii[2]; /* fewer than half, most */
	} parts[] = {
	    {PAGE_SHARED, {"□", "▣"}, {"-", "="}},
	    {PAGE_COPIED, {"◇", "◈"}, {"c", "C"}},
	    {PAGE_PARTED, {"◔", "◕"}, {"y", "Y"}},
	    {PAGE_PRIVATE, {"◎", "◉"}, {",", "p"}},
	};

	for (size_t i = 0; glyph.level < 2 && i < sizeof(parts) / sizeof(parts[0]); i++)
		if (parts[i].state == glyph.state)
			return ascii ? parts[i].ascii[glyph.level] : parts[i].utf8[glyph.level];
	return state_glyph(glyph.state, ascii);
}

/* Cells go to the states by the largest remainder; what is there has at least one. */
static void
share_cells(int given[FAMILY_STATES], const struct tally *tally, int cells)
{
	double whole = 0, rest[FAMILY_STATES];
	int left = cells;

	for (int i = 0; i < FAMILY_STATES; i++)
		whole += tally->counts[family_states[i]];
	for (int i = 0; i < FAMILY_STATES; i++) {
		double wanted = whole > 0 ? tally->counts[family_states[i]] * cells / whole : 0;

		given[i] = (int)wanted;
		rest[i] = wanted - given[i];
		if (!given[i] && wanted > 0 && left > 0) {
			given[i] = 1;
			rest[i] = 0;
		}
		left -= given[i];
	}
	for (; left && whole > 0; left += left < 0 ? 1 : -1) {
		int best = 0;

		for (int i = 1; i < FAMILY_STATES; i++)
			if (left > 0 ? rest[i] > rest[best] : given[i] > given[best])
				best = i;
		given[best] += left > 0 ? 1 : -1;
		rest[best] = 0;
	}
}

void
draw_bar(struct pen *pen, const struct tally *tally, int cells)
{
	int given[FAMILY_STATES];

	share_cells(given, tally, cells);
	for (int i = 0; i < FAMILY_STATES; i++) {
		pen->role = state_role(family_states[i]);
		for (int cell = 0; cell < given[i]; cell++)
			pen_text(pen, state_glyph(family_states[i], pen->canvas->ascii));
	}
}
