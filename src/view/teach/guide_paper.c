#include "config.h"
#include "view/teach/guide_paper.h"

#include <string.h>

#include "base/buf.h"
#include "view/canvas/glyph.h"
#include "view/canvas/wrap.h"

struct pen
paper_pen(const struct paper *paper, int column, int row, enum role role)
{
	return pen_at(paper->canvas, column, row - paper->top, paper->canvas->columns, role);
}

/* Cells to the text after "  - " or blanks alone. */
static int
indent_of(const char *text)
{
	size_t blanks = strspn(text, " ");

	return (int)blanks + (strncmp(text + blanks, "- ", 2) == 0 ? 2 : 0);
}

/* A line of the text, if it is in sight. */
static void
write_line(const struct paper *paper, int row, int column, int limit, enum role role,
    const char *text, size_t bytes)
{
	struct pen pen = pen_at(paper->canvas, column, row - paper->top, limit, role);

	if (pen.row >= 0 && pen.row < paper->canvas->rows)
		pen_printf(&pen, "%.*s", (int)bytes, text);
}

/* One paragraph between two columns, what follows its first line below the text of that. */
static int
write_paragraph(
    const struct paper *paper, int row, int column, int limit, enum role role, const char *text)
{
	int indent = least(indent_of(text), most(0, (limit - column) / 2)), start = row;
	size_t next;

	if (limit <= column)
		return 0;
	write_line(paper, row, column, limit, role, text, (size_t)indent);
	text += indent;
	do {
		size_t bytes = wrap_line(text, (size_t)(limit - column - indent), &next);

		write_line(paper, row++, column + indent, limit, role, text, bytes);
		text += next;
	} while (*text);
	return row - start;
}

int
paper_write(
    const struct paper *paper, int row, int column, int limit, enum role role, const char *text)
{
	int start = row;
	struct buf line = BUF_INIT;

	while (text && *text) {
		size_t length = strcspn(text, "\n");

		buf_clear(&line);
		glyph_clean(&line, text, length, paper->canvas->ascii);
		row += write_paragraph(paper, row, column, limit, role, buf_text(&line));
		text += length + (text[length] == '\n');
	}
	buf_free(&line);
	return row - start;
}

void
paper_add(struct paper *paper, enum role role, const char *text)
{
	paper->row += paper_write(paper, paper->row, 0, paper->canvas->columns, role, text);
}

static void
paper_story(struct paper *paper)
{
	const char *command = paper->now->command;
	int start = paper->row;
	struct pen pen = paper_pen(paper, 0, start, ROLE_COMMAND);
	size_t next, bytes;

	paper_add(paper, ROLE_TEXT, paper->story);
	if (!command || !paper->story || pen.row < 0 || pen.row >= paper->canvas->rows)
		return;
	bytes = wrap_line(paper->story, (size_t)paper->canvas->columns, &next);
	bytes = bytes < strlen(command) ? bytes : strlen(command);
	pen_printf(&pen, "%.*s", (int)bytes, paper->story);
}

static void
paper_tell(struct paper *paper)
{
	const struct guide *guide = paper->guide;

	if (paper->tells && guide->aside)
		paper_story(paper);
	paper_add(paper, guide->stage == GUIDE_TELLS ? ROLE_TEXT : ROLE_EMPHASIS, guide->text);
	if (paper->tells && !guide->aside)
		paper_story(paper);
}

void
paper_guide(struct paper *paper)
{
	const struct guide *guide = paper->guide;

	paper_add(paper, ROLE_WARNING, guide->warning);
	if (guide->stage == GUIDE_SHOWS) {
		paper_shows(paper);
		return;
	}
	paper_tell(paper);
	if (guide->stage == GUIDE_POINTS)
		paper_pointed(paper);
	else if (guide->stage != GUIDE_TELLS)
		paper_answers(paper);
}
