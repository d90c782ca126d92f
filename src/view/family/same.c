#include "config.h"
#include "view/family/family_draw.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "view/family/siblings_words.h"

/* Copied for nothing: copies whose bytes equal the original's. */

#define NUMBER_CELLS 8

static size_t
same_member(const struct family *family, const size_t *listed, size_t count, size_t member)
{
	size_t same = 0;

	for (size_t i = 0; i < count; i++) {
		const struct strip *strip = region_strip(&family->regions[listed[i]], member);

		same += strip ? strip->tally.same : 0;
	}
	return same;
}

static void
same_draw_numbers(const struct family_draw *draw, int row, uint64_t same, uint64_t copied)
{
	struct buf size = BUF_INIT, share = BUF_INIT;

	pages_text(&size, draw->now, same);
	draw_right(draw, draw->right - 3 * NUMBER_CELLS, draw->right - 2 * NUMBER_CELLS, row,
	    ROLE_COPIED, buf_text(&size));
	buf_clear(&size);
	pages_text(&size, draw->now, copied);
	draw_right(draw, draw->right - 2 * NUMBER_CELLS, draw->right - NUMBER_CELLS, row,
	    ROLE_PLAIN, buf_text(&size));
	buf_addf(&share, "%.0f %%", copied ? 100.0 * (double)same / (double)copied : 0);
	draw_right(
	    draw, draw->right - NUMBER_CELLS, draw->right, row, ROLE_PLAIN, buf_text(&share));
	buf_free(&size);
	buf_free(&share);
}

static void
same_draw_row(const struct family_draw *draw, int row, const char *who, const char *what,
    const struct tally *tally)
{
	struct pen pen = family_pen(draw, draw->margin, row, ROLE_TITLE);

	pen.limit = draw->right - 3 * NUMBER_CELLS;
	pen_text(&pen, who);
	pen.role = ROLE_PLAIN;
	pen.column = draw->margin + 4;
	pen.limit--;
	pen_clip(&pen, what);
	same_draw_numbers(draw, row, tally->same, tally_copies(tally));
}

/* wanted: rows that there are, of which so many are in sight. */
static void
same_draw_heads(const struct family_draw *draw, int row, size_t wanted, size_t shown)
{
	struct buf position = BUF_INIT;

	if (shown < wanted) {
		family_position(&position, 0, shown, wanted);
		draw_right(draw, draw->margin,
		    draw->margin + canvas_width(draw->canvas, buf_text(&position)), row, ROLE_DIM,
		    buf_text(&position));
	}
	buf_free(&position);

	draw_right(draw, draw->right - 3 * NUMBER_CELLS, draw->right - 2 * NUMBER_CELLS, row,
	    ROLE_DIM, _("same"));
	draw_right(draw, draw->right - 2 * NUMBER_CELLS, draw->right - NUMBER_CELLS, row, ROLE_DIM,
	    copies_word(draw->now));
}

static uint64_t
compared_ns(const struct family *family)
{
	uint64_t oldest = 0;

	for (size_t i = 0; i < family->region_count; i++)
		for (size_t strip = 0; strip < family->regions[i].strip_count; strip++) {
			uint64_t ns = family->regions[i].strips[strip].compared_ns;

			if (ns && (!oldest || ns < oldest))
				oldest = ns;
		}
	return oldest;
}

static int
draw_verdict(const struct family_draw *draw, int row, int row_limit)
{
	const struct tally *tally = &draw->now->tally;
	struct buf text = BUF_INIT, same = BUF_INIT, copied = BUF_INIT, age = BUF_INIT;
	int rows;

	pages_text(&same, draw->now, tally->same);
	pages_text(&copied, draw->now, tally_copies(tally));
	age_text(&age, compared_ns(draw->now), draw->scene->clock_ns);
	buf_addf(&text,
	    tally->counts[PAGE_PARTED]
		? _("%1$s of %2$s copied or parted hold the same bytes as the original: copied for nothing, as where reference "
		    "counts and collectors' marks are written and then restored. Compared %3$s ago.")
		: _("%1$s of %2$s copied hold the same bytes as the original: copied for nothing, as where reference counts and "
		    "collectors' marks are written and then restored. Compared %3$s ago."),
	    buf_text(&same), buf_text(&copied), buf_text(&age));
	rows = canvas_wrap(
	    draw->canvas, draw->margin, row, draw->right, row_limit, ROLE_TEXT, buf_text(&text));
	buf_free(&text);
	buf_free(&same);
	buf_free(&copied);
	buf_free(&age);
	return row + rows;
}

static int
draw_regions(
    const struct family_draw *draw, const size_t *listed, size_t count, int row, int row_limit)
{
	for (size_t i = 0; i < count && row < row_limit; i++) {
		const struct region *region = &draw->now->regions[listed[i]];

		struct buf place = BUF_INIT;

		region_place(&place, region,
		    (size_t)(draw->right - 3 * NUMBER_CELLS - draw->margin - 5),
		    draw->canvas->ascii);
		for (size_t strip = 0; strip < region->strip_count && row < row_limit; strip++)
			if (region->strips[strip].tally.same)
				same_draw_row(draw, row++,
				    draw->now->members[region->strips[strip].member].name,
				    buf_text(&place), &region->strips[strip].tally);
		buf_free(&place);
	}
	return row;
}

/* The processes, where there is room for them, and each mapping in each process. */
static size_t
rows_wanted(const struct family_draw *draw, const size_t *listed, size_t count)
{
	size_t rows = 0;

	for (size_t i = 0; i < draw->now->member_count && draw->rows > 10; i++)
		rows += same_member(draw->now, listed, count, i) > 0;
	for (size_t i = 0; i < count; i++) {
		const struct region *region = &draw->now->regions[listed[i]];

		for (size_t strip = 0; strip < region->strip_count; strip++)
			rows += region->strips[strip].tally.same > 0;
	}
	return rows;
}

/* Mappings, and what one frame would save in each. */
static int
draw_siblings(const struct family_draw *draw, int row, int row_limit)
{
	size_t regions[SIBLINGS_TOLD], count = siblings_largest(draw->now, regions);
	struct buf text = BUF_INIT;

	siblings_text(&text, draw->now);
	for (const char *line = buf_text(&text); *line; line += strcspn(line, "\n") + 1) {
		char *sentence = mem_string_n(line, strcspn(line, "\n"));

		row += canvas_wrap(
		    draw->canvas, draw->margin, row, draw->right, row_limit, ROLE_TEXT, sentence);
		free(sentence);
	}
	buf_free(&text);
	if (count && row < row_limit)
		draw_right(
		    draw, draw->right - NUMBER_CELLS, draw->right, row++, ROLE_DIM, _("saved"));
	for (size_t i = 0; i < count && row < row_limit; i++, row++) {
		const struct region *region = &draw->now->regions[regions[i]];
		struct buf place = BUF_INIT, size = BUF_INIT;
		struct pen pen = family_pen(draw, draw->margin, row, ROLE_PLAIN);

		pen.limit = draw->right - NUMBER_CELLS - 1;
		region_place(
		    &place, region, (size_t)(pen.limit - draw->margin), draw->canvas->ascii);
		pen_clip(&pen, buf_text(&place));
		pages_text(&size, draw->now, region->siblings.equal);
		draw_right(draw, draw->right - NUMBER_CELLS, draw->right, row, ROLE_PLAIN,
		    buf_text(&size));
		buf_free(&place);
		buf_free(&size);
	}
	return row;
}

void
family_draw_same(const struct family_draw *draw)
{
	int row = draw->body, end = draw->body + draw->rows;
	int gap = draw->rows > 10;
	size_t count, *listed;

	if (draw->now->siblings_ns)
		row = draw_siblings(draw, row, end);
	if (!compared_ns(draw->now)) {
		if (draw->now->siblings_ns)
			return;
		canvas_wrap(draw->canvas, draw->margin, row, draw->right, end, ROLE_DIM,
		    draw->scene->compares
			? _("Nothing is compared yet.")
			: _("Contents are read only when they are asked for: start with --compare to find copies whose bytes equal the original's, with --compare=siblings to find what siblings hold twice."));
		return;
	}
	listed = family_listed(draw->now, &(struct family_cursor){.order = ORDER_COPIED}, &count);
	row = draw_verdict(draw, row, end - (draw->rows > 6 ? 3 : 0));
	if (row < end)
		same_draw_heads(draw, row, rows_wanted(draw, listed, count),
		    end - row - 1 > gap ? (size_t)(end - row - 1 - gap) : 0);
	row++;
	for (size_t i = 0; i < draw->now->member_count && row < end && gap; i++)
		if (same_member(draw->now, listed, count, i))
			same_draw_row(draw, row++, draw->now->members[i].name,
			    member_text(&draw->now->members[i]), &draw->now->members[i].tally);
	row += gap;
	draw_regions(draw, listed, count, row, end);
	free(listed);
}
