#include "config.h"
#include "view/canvas/facts.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "view/canvas/help_text.h"

#define LABEL_CELLS 11
#define LABELS_FROM 30 /* columns */
#define FACTS_ROWS_MAX 200

static int
draw_fact(
    struct canvas *canvas, int margin, const char *line, size_t length, int row, int row_limit)
{
	int cells = canvas->columns >= LABELS_FROM ? LABEL_CELLS : 0, used;
	size_t label = strcspn(line, "\t");
	struct pen pen = pen_at(canvas, margin, row, margin + cells, ROLE_DIM);
	struct buf text = BUF_INIT;

	pen_printf(&pen, "%.*s", (int)label, line);
	buf_add_n(&text, line + label + 1, length - label - 1);
	used = canvas_wrap(canvas, margin + cells, row, canvas->columns - margin, row_limit,
	    ROLE_TEXT, buf_text(&text));
	buf_free(&text);
	return used;
}

static int
draw_facts_to(struct canvas *canvas, int margin, int row, int row_limit, const char *facts)
{
	while (*facts && row < row_limit) {
		size_t length = strcspn(facts, "\n");

		row += draw_fact(canvas, margin, facts, length, row, row_limit);
		facts += length + (facts[length] == '\n');
	}
	return row;
}

/* Rows that all of them take at the canvas's width. */
static int
facts_rows(const struct canvas *canvas, int margin, const char *facts)
{
	struct canvas *scratch = canvas_new(canvas->columns, FACTS_ROWS_MAX, canvas->ascii);
	int rows = draw_facts_to(scratch, margin, 0, FACTS_ROWS_MAX, facts);

	canvas_free(scratch);
	return rows;
}

int
facts_draw(struct canvas *canvas, int margin, int row, int row_limit, const char *facts)
{
	int more = facts_rows(canvas, margin, facts) - (row_limit - row);
	struct pen pen;

	if (more <= 0 || row_limit - row < 3)
		return draw_facts_to(canvas, margin, row, row_limit, facts);
	row = draw_facts_to(canvas, margin, row, row_limit - 1, facts);
	pen = pen_at(canvas, margin, row, canvas->columns - margin, ROLE_EMPHASIS);
	pen_printf(&pen, NP_("K shows %d line more", "K shows %d lines more", more + 1), more + 1);
	return row + 1;
}

void
facts_text(struct buf *out, const char *facts)
{
	while (*facts) {
		size_t length = strcspn(facts, "\n"), label = strcspn(facts, "\t");
		char *first = mem_string_n(facts, label),
		     *second = mem_string_n(facts + label + 1, length - label - 1);

		help_row(out, first, second, 2 + LABEL_CELLS);
		free(first);
		free(second);
		facts += length + (facts[length] == '\n');
	}
}
