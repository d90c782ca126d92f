#include "config.h"
#include "view/teach/guide_paper.h"

#include "base/i18n.h"
#include "view/canvas/glyph.h"

#define BAR_MOST 24

int
guide_votes_shown(const struct guide *guide)
{
	int votes = guide->votes + (guide->stage == GUIDE_VOTES_TYPED);

	return votes < GUIDE_VOTES ? votes : GUIDE_VOTES;
}

static uint32_t
largest_vote(const struct guide *guide)
{
	uint32_t largest = 1;

	for (size_t i = 0; i < guide->answer_count; i++)
		for (int vote = 0; vote < guide_votes_shown(guide); vote++)
			if (guide->answers[i].votes[vote] > largest)
				largest = guide->answers[i].votes[vote];
	return largest;
}

static int
digits_of(uint32_t number)
{
	int digits = 1;

	for (; number >= 10; number /= 10)
		digits++;
	return digits;
}

/* Cells of one vote's column: the count, a blank, the bar, and the gap after. */
static int
vote_cells(const struct paper *paper)
{
	int columns = paper->canvas->columns, votes = guide_votes_shown(paper->guide),
	    number = digits_of(largest_vote(paper->guide));
	int room = columns >= PAPER_BESIDE_FROM ? columns / 2 : columns - 4;

	return votes ? least(room / votes, most(3, number) + 1 + BAR_MOST + PAPER_GAP) : 0;
}

static bool
is_typed(const struct guide *guide, size_t answer, int vote)
{
	return guide->stage == GUIDE_VOTES_TYPED && (size_t)guide->voting == answer &&
	    vote == guide_votes_shown(guide) - 1;
}

static void
write_vote(struct paper *paper, int column, int row, size_t answer, int vote)
{
	uint32_t count = paper->guide->answers[answer].votes[vote],
		 largest = largest_vote(paper->guide);
	int number = most(3, digits_of(largest)), bar = vote_cells(paper) - number - 1 - PAPER_GAP;
	bool typed = is_typed(paper->guide, answer, vote);
	struct pen pen = paper_pen(paper, column, row, typed ? ROLE_FOCUS : ROLE_PLAIN);
	int filled = bar > 0 ? (int)((uint64_t)count * (uint64_t)bar / largest) : 0;

	pen_printf(&pen, "%*u", number, count);
	if (typed) {
		paper->focus_column = pen.column - 1;
		paper->focus_row = row;
	}
	pen.role = vote ? ROLE_PRIVATE : ROLE_CACHED;
	pen.column++;
	for (int i = 0; i < most(filled, count > 0 && bar > 0); i++)
		glyph_draw(&pen, vote ? GLYPH_PRIVATE : GLYPH_SHARED);
}

static void
write_votes(struct paper *paper, int column, int row, size_t answer)
{
	for (int vote = 0; vote < guide_votes_shown(paper->guide); vote++)
		write_vote(paper, column + vote * vote_cells(paper), row, answer, vote);
}

static bool
votes_beside(const struct paper *paper)
{
	return paper->canvas->columns >= PAPER_BESIDE_FROM;
}

static int
votes_column(const struct paper *paper)
{
	return votes_beside(paper)
	    ? paper->canvas->columns - guide_votes_shown(paper->guide) * vote_cells(paper)
	    : 4;
}

static void
write_votes_heading(struct paper *paper)
{
	const char *const names[GUIDE_VOTES] = {_("first vote"), _("second vote")};

	if (!guide_votes_shown(paper->guide))
		return;
	for (int vote = 0; vote < guide_votes_shown(paper->guide); vote++) {
		struct pen pen = paper_pen(
		    paper, votes_column(paper) + vote * vote_cells(paper), paper->row, ROLE_TITLE);

		pen.limit = least(pen.limit, pen.column + vote_cells(paper) - 1);
		pen_text(&pen, names[vote]);
	}
	paper->row++;
}

static const char *
answer_verdict(const struct guide *guide, const struct guide_answer *answer)
{
	if (guide->stage != GUIDE_SHOWS)
		return answer->chosen ? glyph_text(GLYPH_POINTED, false) : "";
	if (!answer->right && !answer->chosen)
		return "";
	return answer->right ? glyph_text(GLYPH_HIT, false) : glyph_text(GLYPH_MISS, false);
}

static void
guide_votes_write_answer(struct paper *paper, size_t index)
{
	const struct guide_answer *answer = &paper->guide->answers[index];
	int votes = guide_votes_shown(paper->guide),
	    limit = votes && votes_beside(paper) ? votes_column(paper) - PAPER_GAP
						 : paper->canvas->columns;
	struct pen pen = paper_pen(paper, 0, paper->row, ROLE_EMPHASIS);
	int rows;

	pen_text(&pen, answer_verdict(paper->guide, answer));
	pen = paper_pen(paper, 1, paper->row, ROLE_KEY);
	pen_printf(&pen, "%zu", index + 1);
	rows = paper_write(paper, paper->row, 3, limit, ROLE_TEXT, answer->text);
	if (votes && !votes_beside(paper))
		write_votes(paper, votes_column(paper), paper->row + rows++, index);
	else if (votes)
		write_votes(paper, votes_column(paper), paper->row, index);
	paper->row += most(1, rows);
}

void
paper_answers(struct paper *paper)
{
	write_votes_heading(paper);
	for (size_t i = 0; i < paper->guide->answer_count && i < GUIDE_ANSWERS_MAX; i++)
		guide_votes_write_answer(paper, i);
}
