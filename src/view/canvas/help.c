#include "config.h"
#include "view/canvas/help.h"

#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "view/canvas/glyph.h"
#include "view/canvas/wrap.h"

#define HELP_INDENT 4

struct help {
	struct canvas *canvas; /* NULL: lines are only counted */
	int margin, row, columns;
	int top, rows; /* lines [top, top + rows) are drawn */
	int lines;
};

static void
help_line(struct help *help, const char *text, size_t length, bool heading, int indent)
{
	int at = help->lines++ - help->top;
	struct pen pen;

	if (!help->canvas || at < 0 || at >= help->rows)
		return;
	pen = pen_at(help->canvas, help->margin + indent, help->row + at, help->canvas->columns,
	    heading ? ROLE_TITLE : ROLE_TEXT);
	pen_printf(&pen, "%.*s", (int)length, text);
}

/* Where the second column of "  key   text" begins, even if the key is in the line before; or a
 * small indent. */
static int
hanging(const char *text)
{
	size_t lead = strspn(text, " ");
	const char *gap = strstr(text + lead, "  ");

	if (lead > HELP_INDENT)
		return (int)lead;
	return gap && gap - text < 28
	    ? (int)utf8_width(text) - (int)utf8_width(gap + strspn(gap, " "))
	    : HELP_INDENT;
}

/* If two columns don't fit side by side, the first gets a line of its own. */
static const char *
help_first_column(struct help *help, const char *text)
{
	size_t lead = strspn(text, " ");
	const char *gap = strstr(text + lead, "  ");

	if (!lead || lead > HELP_INDENT || !gap)
		return text;
	help_line(help, text, (size_t)(gap - text), false, 0);
	return gap + strspn(gap, " ");
}

static void
help_paragraph(struct help *help, const char *text)
{
	bool heading = *text && *text != ' ';
	int indent = hanging(text), start = 0;
	size_t lead = strspn(text, " "), next;

	if (help->columns < 2 * indent) {
		indent = help->columns >= 4 * HELP_INDENT ? HELP_INDENT : 0;
		text = help_first_column(help, text);
		start = *text == ' ' ? 0 : indent;
		lead = strspn(text, " ");
	}
	do {
		size_t cells = (size_t)(help->columns - start > 1 ? help->columns - start : 1);
		size_t bytes = start || lead >= cells
		    ? wrap_line(text, cells, &next)
		    : lead + wrap_line(text + lead, cells - lead, &next);

		next += start || lead >= cells ? 0 : lead;
		help_line(help, text, bytes, heading, start);
		text += next;
		start = indent;
		lead = 0;
	} while (*text);
}

static void
help_all(struct help *help, const char *text)
{
	struct buf line = BUF_INIT;

	while (*text) {
		size_t length = strcspn(text, "\n");

		buf_clear(&line);
		glyph_clean(&line, text, length, help->canvas && help->canvas->ascii);
		help_paragraph(help, buf_text(&line));
		text += length + (text[length] == '\n');
	}
	buf_free(&line);
}

int
help_last(const char *text, int columns, int rows)
{
	struct help help = {.columns = columns};

	help_all(&help, text);
	return help.lines > rows ? help.lines - rows : 0;
}

/* " show file   lines 1-17 of 40   Esc goes back", in fewer words if narrow. */
static void
draw_where(const struct help *help, const struct help_place *place)
{
	const char *const formats[] = {_("  lines %1$d-%2$d of %3$d   Esc goes back"),
	    _("  %1$d-%2$d/%3$d  Esc back"), " %1$d-%2$d/%3$d"};
	struct pen pen =
	    pen_at(help->canvas, help->margin, place->header, help->canvas->columns, ROLE_FOCUS);
	int end = help->top + help->rows < help->lines ? help->top + help->rows : help->lines;
	struct buf where = BUF_INIT, title = BUF_INIT;

	buf_addf(&title, " %s ", place->title);
	for (size_t i = 0; i < sizeof(formats) / sizeof(formats[0]); i++) {
		buf_clear(&where);
		buf_addf(&where, formats[i], help->top + 1, end, help->lines);
		if (pen.column + canvas_width(help->canvas, buf_text(&title)) +
			canvas_width(help->canvas, buf_text(&where)) <=
		    help->canvas->columns)
			break;
	}
	pen.limit -= canvas_width(help->canvas, buf_text(&where));
	pen_clip(&pen, buf_text(&title));
	pen.role = ROLE_DIM;
	pen.limit = help->canvas->columns;
	pen_text(&pen, buf_text(&where));
	buf_free(&where);
	buf_free(&title);
}

void
help_draw(struct canvas *canvas, const struct help_place *place, const char *text, int top)
{
	int columns = canvas->columns - 2 * place->margin;
	int last = help_last(text, columns, place->rows);
	struct help help = {
	    .canvas = canvas,
	    .margin = place->margin,
	    .row = place->row,
	    .columns = columns,
	    .rows = place->rows,
	    .top = top < 0   ? 0
		: top > last ? last
			     : top,
	};

	help_all(&help, text);
	if (place->header >= 0)
		draw_where(&help, place);
}
