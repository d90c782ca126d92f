#include "config.h"
#include "view/teach/guide_paper.h"

#include "base/buf.h"
#include "base/i18n.h"
#include "view/canvas/glyph.h"

static bool
is_pointing(const struct guide *guide)
{
	return guide->pointed && !guide->answer_count;
}

static bool
any_chosen(const struct paper *paper)
{
	const struct guide *guide = paper->guide;
	struct guide_hits hits = guide_count_hits(paper);

	if (is_pointing(guide))
		return guide->nothing || hits.found || hits.wrong;
	for (size_t i = 0; i < guide->answer_count; i++)
		if (guide->answers[i].chosen)
			return true;
	return false;
}

/* "right", "wrong", "2 found, 1 not found": also as words. Returns whether the prediction was
 * right; no prediction is not. */
static bool
verdict_text(struct buf *out, const struct paper *paper)
{
	const struct guide *guide = paper->guide;
	struct guide_hits hits = guide_count_hits(paper);
	bool chosen = any_chosen(paper), right = chosen && !hits.missed && !hits.wrong;

	for (size_t i = 0; i < guide->answer_count; i++)
		right &= !guide->answers[i].chosen || guide->answers[i].right;
	if (!chosen)
		buf_add(out, _("no prediction"));
	else if (right || !is_pointing(guide))
		buf_addf(out, "%s %s", glyph_text(right ? GLYPH_HIT : GLYPH_MISS, false),
		    right ? _("right") : _("not so"));
	else
		buf_addf(out, _("%1$s %2$u found, %3$u missed, %4$u too many"),
		    glyph_text(GLYPH_MISS, false), hits.found, hits.missed, hits.wrong);
	return right;
}

static int
write_answer_and_reason(const struct paper *paper, int row, int column, int limit, size_t index)
{
	const struct guide_answer *answer = &paper->guide->answers[index];
	struct buf text = BUF_INIT;
	int rows;

	buf_addf(&text, "%zu  %s", index + 1, answer->text);
	rows = paper_write(paper, row, column, limit, ROLE_EMPHASIS, buf_text(&text));
	rows += paper_write(paper, row + rows, column, limit, ROLE_TEXT, answer->reason);
	buf_free(&text);
	return rows;
}

static int
write_predicted(const struct paper *paper, int row, int column, int limit)
{
	const struct guide *guide = paper->guide;
	struct buf verdict = BUF_INIT, text = BUF_INIT, pages = BUF_INIT;
	bool right = verdict_text(&verdict, paper);
	int start = row;

	buf_addf(&text, _("predicted: %s"), buf_text(&verdict));
	row +=
	    paper_write(paper, row, column, limit, right ? ROLE_LIVE : ROLE_TITLE, buf_text(&text));
	for (size_t i = 0; i < guide->answer_count; i++)
		if (guide->answers[i].chosen)
			row += write_answer_and_reason(paper, row, column, limit, i);
	if (is_pointing(guide) && any_chosen(paper)) {
		if (guide->nothing)
			buf_add(&pages, _("no page changes"));
		else
			guide_name_pages(&pages, paper, guide->pointed);
		row += paper_write(paper, row, column, limit, ROLE_TEXT, buf_text(&pages));
	}
	buf_free(&verdict);
	buf_free(&text);
	buf_free(&pages);
	return row - start;
}

static int
write_observed(const struct paper *paper, int row, int column, int limit)
{
	struct buf text = BUF_INIT;
	int start = row;

	row += paper_write(paper, row, column, limit, ROLE_TITLE, _("observed"));
	if (is_pointing(paper->guide) && paper->guide->changed) {
		guide_name_pages(&text, paper, paper->guide->changed);
		row += paper_write(paper, row, column, limit, ROLE_EMPHASIS, buf_text(&text));
		buf_clear(&text);
	}
	row += paper_write(paper, row, column, limit, ROLE_TEXT,
	    paper->guide->observed ? paper->guide->observed : paper->story);
	buf_free(&text);
	return row - start;
}

static void
write_right_answers(struct paper *paper)
{
	const struct guide *guide = paper->guide;

	for (size_t i = 0; i < guide->answer_count; i++) {
		struct buf text = BUF_INIT;

		if (!guide->answers[i].right || guide->answers[i].chosen)
			continue;
		buf_addf(&text, _("right is %1$zu: %2$s"), i + 1, guide->answers[i].text);
		paper_add(paper, ROLE_LIVE, buf_text(&text));
		paper_add(paper, ROLE_TEXT, guide->answers[i].reason);
		buf_free(&text);
	}
}

void
paper_shows(struct paper *paper)
{
	int columns = paper->canvas->columns, half = (columns - PAPER_GAP) / 2, one, other;

	if (columns >= PAPER_BESIDE_FROM) {
		one = write_predicted(paper, paper->row, 0, half);
		other = write_observed(paper, paper->row, half + PAPER_GAP, columns);
		paper->row += most(one, other);
	} else {
		paper->row += write_predicted(paper, paper->row, 0, columns);
		paper->row += write_observed(paper, paper->row, 0, columns);
	}
	write_right_answers(paper);
	if (guide_votes_shown(paper->guide))
		paper_answers(paper);
}
