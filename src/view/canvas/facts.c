#include "config.h"
#include "view/canvas/facts.h"

#include <string.h>

#include "base/buf.h"

#define LABEL_CELLS 11
#define LABELS_FROM 30 /* columns */

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

int
facts_draw(struct canvas *canvas, int margin, int row, int row_limit, const char *facts)
{
	while (*facts && row < row_limit) {
		size_t length = strcspn(facts, "\n");

		row += draw_fact(canvas, margin, facts, length, row, row_limit);
		facts += length + (facts[length] == '\n');
	}
	return row;
}
