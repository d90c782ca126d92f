#include "config.h"
#include "view/canvas/wrap.h"
#include "base/buf.h"
#include "base/utf8.h"
#include "view/canvas/canvas.h"
#include "view/canvas/glyph.h"

#include <stdbool.h>
#include <string.h>

static size_t
wrap_skip_blanks(const char *text, size_t at)
{
	while (text[at] == ' ')
		at++;
	return at;
}

static bool
is_wide_at(const char *text)
{
	uint32_t code;

	return *text && utf8_next(text, &code) && utf8_cells(code) == 2;
}

/* The last place up to `end` where a line may break; 0: none. */
static size_t
last_break(const char *text, size_t end)
{
	size_t at = 0, best = 0;
	bool wide = false;

	while (text[at]) {
		uint32_t code;

		if (at > 0 && (text[at] == ' ' || wide || is_wide_at(text + at)) && at <= end)
			best = at;
		if (at >= end)
			break;
		wide = is_wide_at(text + at);
		at += utf8_next(text + at, &code);
	}
	return best;
}

size_t
wrap_line(const char *text, size_t cells, size_t *next)
{
	size_t fits = utf8_clip(text, cells);
	uint32_t code;

	if (text[fits]) {
		size_t at = last_break(text, fits);

		if (at > 0)
			fits = at;
		else if (fits == 0)
			fits = utf8_next(text, &code);
	}
	*next = wrap_skip_blanks(text, fits);
	while (fits > 0 && text[fits - 1] == ' ')
		fits--;
	return fits;
}

static void
draw_bytes(struct canvas *canvas, int column, int row, int limit, enum role role, const char *text,
    size_t bytes)
{
	struct pen pen = pen_at(canvas, column, row, limit, role);
	struct buf line = BUF_INIT;

	buf_add_n(&line, text, bytes);
	pen_text(&pen, buf_text(&line));
	buf_free(&line);
}

static void
draw_cut(struct canvas *canvas, int column, int row, int limit, enum role role, const char *text)
{
	size_t cells = (size_t)(limit - column), bytes;
	const char *more =
	    canvas->ascii && cells > 6 ? "..." : glyph_text(GLYPH_MORE, canvas->ascii);
	struct pen pen = pen_at(canvas, column, row, limit, role);

	bytes = utf8_clip(text, cells - utf8_width(more));
	while (bytes > 0 && text[bytes - 1] == ' ')
		bytes--;
	pen_printf(&pen, "%.*s%s", (int)bytes, text, more);
}

/* One paragraph without \n; returns the rows used. */
static int
wrap_paragraph(struct canvas *canvas, int column, int row, int limit, int row_limit, enum role role,
    const char *text, bool more_follows)
{
	size_t cells = (size_t)(limit - column), next;
	int start = row;

	do {
		size_t bytes = wrap_line(text, cells, &next);

		if (row + 1 == row_limit && (text[next] || more_follows)) {
			draw_cut(canvas, column, row, limit, role, text);
			return row + 1 - start;
		}
		draw_bytes(canvas, column, row++, limit, role, text, bytes);
		text += next;
	} while (*text);
	return row - start;
}

int
canvas_wrap(struct canvas *canvas, int column, int row, int limit, int row_limit, enum role role,
    const char *text)
{
	struct buf line = BUF_INIT;
	int start = row;

	if (limit > canvas->columns)
		limit = canvas->columns;
	while (*text && row < row_limit && column < limit) {
		size_t length = strcspn(text, "\n");
		bool more = text[length] && text[length + 1];

		buf_clear(&line);
		glyph_clean(&line, text, length, canvas->ascii);
		row += wrap_paragraph(
		    canvas, column, row, limit, row_limit, role, buf_text(&line), more);
		text += length + (text[length] == '\n');
	}
	buf_free(&line);
	return row - start;
}
