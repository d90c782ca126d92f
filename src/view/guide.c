#include "config.h"
#include "view/draw.h"

#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/utf8.h"

/* The guide is written on a long paper of its own, of which the screen shows as many lines as it has room for. */

#define PAPER_ROWS 300
#define BESIDE_FROM 50 /* columns from which on two things stand side by side */
#define BAR_MOST 24
#define GAP 2

struct paper {
	const struct view *view;
	const struct guide *guide;
	struct canvas *canvas;
	int row;
	int focus_column, focus_row; /* where something is typed; row -1: nowhere */
};

static int
least(int one, int other)
{
	return one < other ? one : other;
}

static int
most(int one, int other)
{
	return one > other ? one : other;
}

static struct pen
paper_pen(const struct paper *paper, int column, int row, enum role role)
{
	return pen_at(paper->canvas, column, row, paper->canvas->columns, role);
}

/* Cells to the text behind "  - " or blanks alone. */
static int
indent_of(const char *text)
{
	size_t blanks = strspn(text, " ");

	return (int)blanks + (strncmp(text + blanks, "- ", 2) == 0 ? 2 : 0);
}

/* One paragraph between two columns, what follows its first line below the text of that. */
static int
write_paragraph(const struct paper *paper, int row, int column, int limit, enum role role, const char *text)
{
	int indent = least(indent_of(text), most(0, (limit - column) / 2));
	struct pen pen = pen_at(paper->canvas, column, row, limit, role);

	if (row >= PAPER_ROWS || limit <= column)
		return 0;
	pen_printf(&pen, "%.*s", indent, text);
	return most(1, canvas_wrap(paper->canvas, column + indent, row, limit, PAPER_ROWS, role, text + indent));
}

/* Returns the rows used. */
static int
write_text(const struct paper *paper, int row, int column, int limit, enum role role, const char *text)
{
	int start = row;
	struct buf line = BUF_INIT;

	while (text && *text) {
		size_t length = strcspn(text, "\n");

		buf_clear(&line);
		buf_add_n(&line, text, length);
		row += write_paragraph(paper, row, column, limit, role, buf_text(&line));
		text += length + (text[length] == '\n');
	}
	buf_free(&line);
	return row - start;
}

static void
add_text(struct paper *paper, enum role role, const char *text)
{
	paper->row += write_text(paper, paper->row, 0, paper->canvas->columns, role, text);
}

/* Votes */

static int
votes_shown(const struct guide *guide)
{
	int votes = guide->votes + (guide->stage == GUIDE_VOTES_TYPED);

	return votes < GUIDE_VOTES ? votes : GUIDE_VOTES;
}

static uint32_t
largest_vote(const struct guide *guide)
{
	uint32_t largest = 1;

	for (size_t i = 0; i < guide->answer_count; i++)
		for (int vote = 0; vote < votes_shown(guide); vote++)
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

/* Cells of one vote's column: the count, a blank, the bar, and the gap behind. */
static int
vote_cells(const struct paper *paper)
{
	int columns = paper->canvas->columns, votes = votes_shown(paper->guide), number = digits_of(largest_vote(paper->guide));
	int room = columns >= BESIDE_FROM ? columns / 2 : columns - 4;

	return votes ? least(room / votes, most(3, number) + 1 + BAR_MOST + GAP) : 0;
}

static bool
is_typed(const struct guide *guide, size_t answer, int vote)
{
	return guide->stage == GUIDE_VOTES_TYPED && (size_t)guide->voting == answer && vote == votes_shown(guide) - 1;
}

static void
write_vote(struct paper *paper, int column, int row, size_t answer, int vote)
{
	uint32_t count = paper->guide->answers[answer].votes[vote], largest = largest_vote(paper->guide);
	int number = most(3, digits_of(largest)), bar = vote_cells(paper) - number - 1 - GAP;
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
		pen_view_glyph(&pen, vote ? GLYPH_PRIVATE : GLYPH_SHARED);
}

static void
write_votes(struct paper *paper, int column, int row, size_t answer)
{
	for (int vote = 0; vote < votes_shown(paper->guide); vote++)
		write_vote(paper, column + vote * vote_cells(paper), row, answer, vote);
}

static bool
votes_beside(const struct paper *paper)
{
	return paper->canvas->columns >= BESIDE_FROM;
}

static int
votes_column(const struct paper *paper)
{
	return votes_beside(paper) ? paper->canvas->columns - votes_shown(paper->guide) * vote_cells(paper) : 4;
}

static void
write_votes_heading(struct paper *paper)
{
	const char *const names[GUIDE_VOTES] = {_("first vote"), _("second vote")};

	if (!votes_shown(paper->guide))
		return;
	for (int vote = 0; vote < votes_shown(paper->guide); vote++) {
		struct pen pen = paper_pen(paper, votes_column(paper) + vote * vote_cells(paper), paper->row, ROLE_TITLE);

		pen.limit = least(pen.limit, pen.column + vote_cells(paper) - 1);
		pen_text(&pen, names[vote]);
	}
	paper->row++;
}

/* Answers */

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
write_answer(struct paper *paper, size_t index)
{
	const struct guide_answer *answer = &paper->guide->answers[index];
	int votes = votes_shown(paper->guide), limit = votes && votes_beside(paper) ? votes_column(paper) - GAP : paper->canvas->columns;
	struct pen pen = paper_pen(paper, 0, paper->row, ROLE_EMPHASIS);
	int rows;

	pen_text(&pen, answer_verdict(paper->guide, answer));
	pen = paper_pen(paper, 1, paper->row, ROLE_KEY);
	pen_printf(&pen, "%zu", index + 1);
	rows = write_text(paper, paper->row, 3, limit, ROLE_TEXT, answer->text);
	if (votes && !votes_beside(paper))
		write_votes(paper, votes_column(paper), paper->row + rows++, index);
	else if (votes)
		write_votes(paper, votes_column(paper), paper->row, index);
	paper->row += most(1, rows);
}

static void
write_answers(struct paper *paper)
{
	write_votes_heading(paper);
	for (size_t i = 0; i < paper->guide->answer_count && i < GUIDE_ANSWERS_MAX; i++)
		write_answer(paper, i);
}

/* Pages */

/* Bytes of the flags that are pages of what is seen. */
static size_t
flag_count(const struct view *view)
{
	size_t count = view->now->process_count * view->now->page_count, flags = view->scene->guide->flags;

	return flags < count ? flags : count;
}

static bool
is_flagged(const struct view *view, const bool *flags, size_t process, uint32_t page)
{
	size_t index = process * view->now->page_count + page;

	return flags && index < flag_count(view) && flags[index];
}

/* "a:2-4 b:0": at most as many as a person reads. */
static void
name_pages(struct buf *out, const struct view *view, const bool *pages)
{
	const struct snapshot *now = view->now;

	for (size_t i = 0; i < now->process_count; i++)
		for (uint32_t page = 0; page < now->page_count; page++) {
			uint32_t last = page;

			if (!is_flagged(view, pages, i, page))
				continue;
			while (last + 1 < now->page_count && is_flagged(view, pages, i, last + 1))
				last++;
			buf_addf(out, last > page ? "%s%c:%u-%u" : "%s%c:%u", out->length ? "  " : "", now->processes[i].name, page, last);
			page = last;
		}
	if (!out->length)
		buf_add(out, _("none"));
}

struct hits {
	unsigned found, missed, wrong;
};

static struct hits
count_hits(const struct view *view, const struct guide *guide)
{
	size_t count = flag_count(view);
	struct hits hits = {0};

	for (size_t i = 0; i < count && guide->pointed && guide->changed; i++) {
		hits.found += guide->pointed[i] && guide->changed[i];
		hits.missed += !guide->pointed[i] && guide->changed[i];
		hits.wrong += guide->pointed[i] && !guide->changed[i];
	}
	return hits;
}

void
guide_mark(const struct view *view, struct pen *pen, size_t process, uint32_t page)
{
	const struct guide *guide = view->scene->guide;
	bool changed = pen->marks & MARK_CHANGED, judged = guide && guide->stage == GUIDE_SHOWS && guide->changed;
	uint8_t role = pen->role;

	if (!guide || !is_flagged(view, guide->pointed, process, page) || (guide->stage != GUIDE_POINTS && !judged)) {
		pen_text(pen, changed ? "*" : " ");
		return;
	}
	pen->role = ROLE_FOCUS;
	pen_view_glyph(pen, !judged ? GLYPH_POINTED : is_flagged(view, guide->changed, process, page) ? GLYPH_HIT : GLYPH_MISS);
	pen->role = role;
}

static void
write_pointed(struct paper *paper)
{
	struct buf text = BUF_INIT, pages = BUF_INIT;

	name_pages(&pages, paper->view, paper->guide->pointed);
	buf_addf(&text, _("marked: %s"), buf_text(&pages));
	add_text(paper, ROLE_EMPHASIS, buf_text(&text));
	buf_free(&text);
	buf_free(&pages);
}

/* What was predicted, beside what was observed */

static bool
is_pointing(const struct guide *guide)
{
	return guide->pointed && !guide->answer_count;
}

static bool
any_chosen(const struct guide *guide)
{
	for (size_t i = 0; i < guide->answer_count; i++)
		if (guide->answers[i].chosen)
			return true;
	return false;
}

/* "right", "wrong", "2 found, 1 not found": also as words. Returns whether the prediction was right; no prediction is not. */
static bool
verdict_text(struct buf *out, const struct paper *paper)
{
	const struct guide *guide = paper->guide;
	struct hits hits = count_hits(paper->view, guide);
	bool right = is_pointing(guide) ? !hits.missed && !hits.wrong : any_chosen(guide);

	for (size_t i = 0; i < guide->answer_count; i++)
		right &= !guide->answers[i].chosen || guide->answers[i].right;
	if (!is_pointing(guide) && !any_chosen(guide))
		buf_add(out, _("no prediction"));
	else if (right || !is_pointing(guide))
		buf_addf(out, "%s %s", glyph_text(right ? GLYPH_HIT : GLYPH_MISS, false), right ? _("right") : _("not so"));
	else
		buf_addf(out, _("%1$s %2$u found, %3$u missed, %4$u too many"), glyph_text(GLYPH_MISS, false), hits.found,
		    hits.missed, hits.wrong);
	return right;
}

static int
write_answer_and_reason(const struct paper *paper, int row, int column, int limit, size_t index)
{
	const struct guide_answer *answer = &paper->guide->answers[index];
	struct buf text = BUF_INIT;
	int rows;

	buf_addf(&text, "%zu  %s", index + 1, answer->text);
	rows = write_text(paper, row, column, limit, ROLE_EMPHASIS, buf_text(&text));
	rows += write_text(paper, row + rows, column, limit, ROLE_TEXT, answer->reason);
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
	row += write_text(paper, row, column, limit, right ? ROLE_LIVE : ROLE_TITLE, buf_text(&text));
	for (size_t i = 0; i < guide->answer_count; i++)
		if (guide->answers[i].chosen)
			row += write_answer_and_reason(paper, row, column, limit, i);
	if (is_pointing(guide)) {
		name_pages(&pages, paper->view, guide->pointed);
		row += write_text(paper, row, column, limit, ROLE_TEXT, buf_text(&pages));
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

	row += write_text(paper, row, column, limit, ROLE_TITLE, _("observed"));
	if (is_pointing(paper->guide) && paper->guide->changed) {
		name_pages(&text, paper->view, paper->guide->changed);
		row += write_text(paper, row, column, limit, ROLE_EMPHASIS, buf_text(&text));
		buf_clear(&text);
	}
	if (paper->guide->observed)
		buf_add(&text, paper->guide->observed);
	else
		story_text(&text, paper->view->scene);
	row += write_text(paper, row, column, limit, ROLE_TEXT, buf_text(&text));
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
		add_text(paper, ROLE_LIVE, buf_text(&text));
		add_text(paper, ROLE_TEXT, guide->answers[i].reason);
		buf_free(&text);
	}
}

static void
write_shows(struct paper *paper)
{
	int columns = paper->canvas->columns, half = (columns - GAP) / 2, one, other;

	if (columns >= BESIDE_FROM) {
		one = write_predicted(paper, paper->row, 0, half);
		other = write_observed(paper, paper->row, half + GAP, columns);
		paper->row += most(one, other);
	} else {
		paper->row += write_predicted(paper, paper->row, 0, columns);
		paper->row += write_observed(paper, paper->row, 0, columns);
	}
	write_right_answers(paper);
	if (votes_shown(paper->guide))
		write_answers(paper);
}

static void
write_guide(struct paper *paper)
{
	add_text(paper, ROLE_WARNING, paper->guide->warning);
	if (paper->guide->stage == GUIDE_SHOWS) {
		write_shows(paper);
		return;
	}
	add_text(paper, paper->guide->stage == GUIDE_TELLS ? ROLE_TEXT : ROLE_EMPHASIS, paper->guide->text);
	if (paper->guide->stage == GUIDE_POINTS)
		write_pointed(paper);
	else if (paper->guide->stage != GUIDE_TELLS)
		write_answers(paper);
}

/* To be freed: its canvas. */
static struct paper
paper_of(const struct view *view)
{
	int columns = most(1, view->layout.columns - 2 * view->layout.margin);
	struct paper paper = {.view = view, .guide = view->scene->guide, .canvas = canvas_new(columns, PAPER_ROWS, view->canvas->ascii), .focus_row = -1};

	write_guide(&paper);
	paper.row = least(paper.row, PAPER_ROWS);
	return paper;
}

/* On the screen */

static bool
tells_story(const struct guide *guide)
{
	return guide->stage == GUIDE_TELLS;
}

/* The words of what happened get what the text leaves, or a third. */
static void
place_words(struct view *view, int lines)
{
	struct layout *layout = &view->layout;
	int cap = layout->guide_rows / 3, left = layout->guide_rows - lines;

	layout->quiet = !tells_story(view->scene->guide) || !view->now->command;
	layout->words_rows = most(cap, left);
	layout->words_rows = least(layout->words_rows, words_needed(view));
	layout->words = layout->words_rows > 0 ? layout->guide + 1 + layout->guide_rows - layout->words_rows : -1;
}

static int
text_rows(const struct view *view)
{
	return view->layout.guide_rows - most(0, view->layout.words_rows);
}

static int
top_of(const struct view *view, const struct paper *paper)
{
	int rows = text_rows(view), last = most(0, paper->row - rows), top = most(0, least(view->scene->guide->top, last));

	return paper->focus_row >= 0 ? most(top, paper->focus_row - rows + 1) : top;
}

static void
show_paper(const struct view *view, const struct paper *paper, int top)
{
	const struct layout *layout = &view->layout;
	struct canvas *canvas = view->canvas;

	for (int i = 0; i < text_rows(view) && top + i < paper->row; i++) {
		int row = layout->guide + 1 + i, column = layout->margin;
		int cells = least(paper->canvas->columns, canvas->columns - column);

		memcpy(&canvas->cells[(size_t)row * (size_t)canvas->columns + (size_t)column],
		    canvas_at(paper->canvas, 0, top + i), (size_t)cells * sizeof(struct cell));
		if (paper->focus_row == top + i) {
			canvas->cursor_row = row;
			canvas->cursor_column = least(column + paper->focus_column, canvas->columns - 1);
		}
	}
}

static void
position_text(struct buf *out, const struct view *view, int lines, int top)
{
	int rows = text_rows(view);

	if (rows > 0 && lines > rows)
		buf_addf(out, view->layout.columns < 56 ? " %1$d-%2$d/%3$d " : _(" lines %1$d-%2$d of %3$d "), top + 1, least(lines, top + rows), lines);
}

static void
title_text(struct buf *out, const struct guide *guide)
{
	buf_addf(out, " %s ", guide->title ? guide->title : "");
	if (guide->asked)
		buf_addf(out, _(" %1$d of %2$d right "), guide->score, guide->asked);
}

/* Columns of the rule that the title and the position leave, and where they begin. */
static int
rule_room(const struct view *view, const char *title, const char *position, int *column)
{
	*column = view->layout.margin + view_width(view, title);
	return view->layout.columns - view->layout.margin - view_width(view, position) - *column;
}

/* What was typed stands in the rule where it has room, so that the text below does not move for it. */
static bool
message_in_rule(const struct view *view, const char *title, const char *position)
{
	const char *message = view->scene->message;
	int column;

	return message && !view->scene->message_is_error && !view->scene->waiting
	       && view_width(view, message) + 4 <= rule_room(view, title, position, &column);
}

/* "── cow 3/12 ── 2 of 3 right ────── write a:2 ─ lines 1-6 of 9 ──" */
static void
draw_guide_rule(const struct view *view, const char *title, const char *position, bool message)
{
	const struct layout *layout = &view->layout;
	struct pen pen = view_pen(view, 0, layout->guide, ROLE_BORDER);
	int column, room = rule_room(view, title, position, &column), end = column + room;

	while (pen.column < pen.limit)
		pen_view_glyph(&pen, GLYPH_HORIZONTAL);
	end = room < 0 ? layout->columns - layout->margin - view_width(view, position) : end;
	pen = view_pen(view, layout->margin, layout->guide, ROLE_TITLE);
	pen.limit = end > layout->margin ? end : pen.limit;
	pen_text(&pen, title);
	pen = view_pen(view, end, layout->guide, ROLE_EMPHASIS);
	if (end > layout->margin)
		pen_text(&pen, position);
	if (message) {
		pen = view_pen(view, end - view_width(view, view->scene->message) - 3, layout->guide, ROLE_COMMAND);
		pen_printf(&pen, " %s ", view->scene->message);
	}
}

void
draw_guide(const struct view *view)
{
	struct view own = *view;
	struct scene scene = *view->scene;
	struct paper paper = paper_of(view);
	struct buf title = BUF_INIT, position = BUF_INIT;
	bool message;
	int top;

	title_text(&title, scene.guide);
	message = message_in_rule(view, buf_text(&title), "");
	own.scene = &scene;
	scene.message = message ? NULL : scene.message;
	place_words(&own, paper.row);
	top = top_of(&own, &paper);
	position_text(&position, &own, paper.row, top);
	message = message && message_in_rule(view, buf_text(&title), buf_text(&position));
	draw_guide_rule(view, buf_text(&title), buf_text(&position), message);
	show_paper(&own, &paper, top);
	buf_free(&title);
	buf_free(&position);
	if (own.layout.words >= 0)
		draw_words(&own);
	canvas_free(paper.canvas);
}

int
scene_guide_last(const struct scene *scene, int columns, int rows)
{
	struct scene own = *scene;
	struct view view = {.scene = &own, .now = scene->now};
	struct paper paper;
	int last;

	if (!scene->guide)
		return 0;
	layout_of(&view.layout, scene, columns, rows);
	if (view.layout.guide < 0)
		return 0;
	own.message = scene->message_is_error ? scene->message : NULL;
	view.canvas = canvas_new(columns, rows, false);
	paper = paper_of(&view);
	place_words(&view, paper.row);
	last = most(0, paper.row - text_rows(&view));
	canvas_free(paper.canvas);
	canvas_free(view.canvas);
	return last;
}
