#include "config.h"
#include "view/guide_paper.h"

#include <string.h>

#include "base/buf.h"

struct pen
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

int
paper_write(const struct paper *paper, int row, int column, int limit, enum role role, const char *text)
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

void
paper_add(struct paper *paper, enum role role, const char *text)
{
	paper->row += paper_write(paper, paper->row, 0, paper->canvas->columns, role, text);
}
