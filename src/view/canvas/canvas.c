#include "config.h"
#include "view/canvas/canvas.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "view/canvas/glyph.h"

#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#define COLUMNS_MAX 1000
#define ROWS_MAX 500

static int
clamp(int value, int low, int high)
{
	return value < low ? low : value > high ? high : value;
}

static struct cell *
cell_at(const struct canvas *canvas, int column, int row)
{
	if (column < 0 || row < 0 || column >= canvas->columns || row >= canvas->rows)
		return NULL;
	return &canvas->cells[(size_t)row * (size_t)canvas->columns + (size_t)column];
}

static void
blank(struct cell *cell)
{
	memset(cell->text, 0, sizeof(cell->text));
	cell->text[0] = ' ';
	cell->width = 1;
}

struct canvas *
canvas_new(int columns, int rows, bool ascii)
{
	struct canvas *canvas = mem_zero(1, sizeof(*canvas));

	canvas->columns = clamp(columns, 1, COLUMNS_MAX);
	canvas->rows = clamp(rows, 1, ROWS_MAX);
	canvas->ascii = ascii;
	canvas->cells =
	    mem_zero((size_t)canvas->columns * (size_t)canvas->rows, sizeof(*canvas->cells));
	canvas_clear(canvas);
	return canvas;
}

void
canvas_free(struct canvas *canvas)
{
	if (!canvas)
		return;
	free(canvas->cells);
	free(canvas);
}

void
canvas_clear(struct canvas *canvas)
{
	size_t count = (size_t)canvas->columns * (size_t)canvas->rows;

	memset(canvas->cells, 0, count * sizeof(*canvas->cells));
	for (size_t i = 0; i < count; i++)
		blank(&canvas->cells[i]);
	canvas->cursor_column = canvas->cursor_row = 0;
}

const struct cell *
canvas_at(const struct canvas *canvas, int column, int row)
{
	return cell_at(canvas, column, row);
}

bool
canvas_same(const struct canvas *one, const struct canvas *other)
{
	size_t count = (size_t)one->columns * (size_t)one->rows;

	return one->columns == other->columns && one->rows == other->rows &&
	    one->cursor_column == other->cursor_column && one->cursor_row == other->cursor_row &&
	    memcmp(one->cells, other->cells, count * sizeof(*one->cells)) == 0;
}

struct pen
pen_at(struct canvas *canvas, int column, int row, int limit, enum role role)
{
	struct pen pen = {.canvas = canvas, .column = column, .row = row, .role = role};

	pen.limit = limit < canvas->columns ? limit : canvas->columns;
	return pen;
}

/* Blanks the other half of a wide character that is partly drawn over. */
static void
release(struct canvas *canvas, int column, int row)
{
	struct cell *cell = cell_at(canvas, column, row), *other;

	if (!cell)
		return;
	other = cell->width == 2 ? cell_at(canvas, column + 1, row)
	    : cell->width == 0   ? cell_at(canvas, column - 1, row)
				 : NULL;
	if (other)
		blank(other);
	blank(cell);
}

static void
canvas_put_cell(const struct pen *pen, int column, const char *text, size_t bytes, int width)
{
	struct cell *cell;

	release(pen->canvas, column, pen->row);
	cell = cell_at(pen->canvas, column, pen->row);
	if (!cell)
		return;
	memset(cell->text, 0, sizeof(cell->text));
	memcpy(cell->text, text, bytes < sizeof(cell->text) ? bytes : sizeof(cell->text) - 1);
	cell->width = (uint8_t)width;
	cell->role = pen->role;
	cell->marks = pen->marks;
}

/* Puts a character of one or two cells; one that an edge cuts in half becomes a blank. */
static void
canvas_put(struct pen *pen, const char *text, size_t bytes, int width)
{
	bool whole = pen->column >= 0 && pen->column + width <= pen->limit;

	for (int i = 0; i < width && pen->column + i < pen->limit; i++) {
		if (!whole)
			canvas_put_cell(pen, pen->column + i, " ", 1, 1);
		else if (i > 0)
			canvas_put_cell(pen, pen->column + i, "", 0, 1);
		else
			canvas_put_cell(pen, pen->column, text, bytes, 1);
	}
	if (whole && width == 2 && cell_at(pen->canvas, pen->column + 1, pen->row)) {
		cell_at(pen->canvas, pen->column, pen->row)->width = 2;
		cell_at(pen->canvas, pen->column + 1, pen->row)->width = 0;
	}
	pen->column += width;
}

static void
combine(struct pen *pen, const char *text, size_t bytes)
{
	struct cell *cell = cell_at(pen->canvas, pen->column - 1, pen->row);
	size_t used;

	if (pen->column > pen->limit)
		return;
	if (cell && cell->width == 0)
		cell = cell_at(pen->canvas, pen->column - 2, pen->row);
	if (!cell)
		return;
	used = strlen(cell->text);
	if (used + bytes < sizeof(cell->text))
		memcpy(cell->text + used, text, bytes);
}

static void
put_clean(struct pen *pen, const char *text, size_t length)
{
	size_t at = 0;

	while (at < length && pen->column < pen->limit) {
		uint32_t code;
		size_t bytes = utf8_decode(text + at, length - at, &code);
		int width = utf8_cells(code);

		if (width > 0)
			canvas_put(pen, text + at, bytes, width);
		else if (width == 0)
			combine(pen, text + at, bytes);
		at += bytes;
	}
	if (at < length && pen->column < pen->limit)
		pen->column = pen->limit;
}

static bool
canvas_is_plain(const char *text)
{
	for (; *text; text++)
		if (*text < 0x20 || *text > 0x7E)
			return false;
	return true;
}

void
pen_text(struct pen *pen, const char *text)
{
	struct buf clean = BUF_INIT;

	if (canvas_is_plain(text)) {
		put_clean(pen, text, strlen(text));
		return;
	}
	glyph_clean(&clean, text, strlen(text), pen->canvas->ascii);
	put_clean(pen, buf_text(&clean), clean.length);
	buf_free(&clean);
}

void
pen_printf(struct pen *pen, const char *format, ...)
{
	struct buf text = BUF_INIT;
	va_list ap;

	va_start(ap, format);
	buf_addv(&text, format, ap);
	va_end(ap);
	pen_text(pen, buf_text(&text));
	buf_free(&text);
}

void
pen_part(struct pen *pen, const char *format, ...)
{
	struct buf text = BUF_INIT;
	va_list ap;

	va_start(ap, format);
	buf_addv(&text, format, ap);
	va_end(ap);
	if (pen->column + canvas_width(pen->canvas, buf_text(&text)) <= pen->limit)
		pen_text(pen, buf_text(&text));
	buf_free(&text);
}

void
pen_clip(struct pen *pen, const char *text)
{
	int room = pen->limit - pen->column;
	struct buf clean = BUF_INIT;

	glyph_clean(&clean, text, strlen(text), pen->canvas->ascii);
	if ((int)utf8_width(buf_text(&clean)) <= room)
		put_clean(pen, buf_text(&clean), clean.length);
	else if (room > 0)
		pen_printf(pen, "%.*s%s", (int)utf8_clip(buf_text(&clean), (size_t)room - 1),
		    buf_text(&clean), glyph_text(GLYPH_MORE, pen->canvas->ascii));
	buf_free(&clean);
}

void
pen_glyph(struct pen *pen, const char *utf8, const char *ascii)
{
	pen_text(pen, pen->canvas->ascii ? ascii : utf8);
}

void
pen_fill(struct pen *pen)
{
	while (pen->column < pen->limit)
		canvas_put(pen, " ", 1, 1);
}

void
pen_pad(struct pen *pen, int column)
{
	while (pen->column < column && pen->column < pen->limit)
		pen_text(pen, " ");
}

int
canvas_width(const struct canvas *canvas, const char *text)
{
	struct buf clean = BUF_INIT;
	int cells;

	glyph_clean(&clean, text, strlen(text), canvas->ascii);
	cells = (int)utf8_width(buf_text(&clean));
	buf_free(&clean);
	return cells;
}
