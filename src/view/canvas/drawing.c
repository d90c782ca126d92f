#include "config.h"
#include "view/canvas/drawing.h"
#include "base/i18n.h"
#include "base/utf8.h"

#include <string.h>

static void
drawing_put(struct buf *out, uint64_t value, int bytes)
{
	for (int i = 0; i < bytes; i++)
		buf_add_char(out, (char)(value >> (8 * i) & 0xFF));
}

/* Line breaks stay; anything else that isn't text becomes U+FFFD. */
static void
put_text(struct buf *out, const char *text)
{
	struct buf clean = BUF_INIT;

	while (*text) {
		size_t line = strcspn(text, "\n");

		utf8_clean(&clean, text, line, false);
		text += line;
		if (*text == '\n') {
			buf_add_char(&clean, '\n');
			text++;
		}
	}
	drawing_put(out, clean.length, 4);
	buf_add_n(out, buf_text(&clean), clean.length);
	buf_free(&clean);
}

static void
put_theme(struct buf *out, const struct theme *theme)
{
	drawing_put(out, theme->foreground, 4);
	drawing_put(out, theme->background, 4);
	drawing_put(out, ROLE_COUNT, 1);
	for (int role = 0; role < ROLE_COUNT; role++) {
		drawing_put(out, theme->styles[role].foreground, 4);
		drawing_put(out, theme->styles[role].background, 4);
		drawing_put(out, theme->styles[role].attributes, 1);
	}
}

/* The base character and its combining ones, as many as a cell holds. */
static void
cell_text(struct buf *out, const struct cell *cell)
{
	size_t length = strnlen(cell->text, sizeof(cell->text)), at = 0;

	while (at < length) {
		uint32_t code;
		size_t bytes = utf8_decode(cell->text + at, length - at, &code), had = out->length;

		utf8_clean(out, cell->text + at, bytes, false);
		if (out->length >= sizeof(cell->text)) {
			out->data[out->length = had] = '\0';
			return;
		}
		at += bytes;
	}
	if (out->length == 0)
		buf_add_char(out, ' ');
}

static void
drawing_put_cell(struct buf *out, const struct cell *cell, int width)
{
	struct buf text = BUF_INIT;

	if (width > 0)
		cell_text(&text, cell);
	drawing_put(out, (uint64_t)width, 1);
	drawing_put(out, cell->role < ROLE_COUNT ? cell->role : ROLE_PLAIN, 1);
	drawing_put(out, cell->marks & (MARK_CHANGED | MARK_CURSOR), 1);
	drawing_put(out, text.length, 1);
	buf_add_n(out, buf_text(&text), text.length);
	buf_free(&text);
}

static void
put_canvas(struct buf *out, const struct canvas *canvas)
{
	drawing_put(out, (uint64_t)canvas->columns, 2);
	drawing_put(out, (uint64_t)canvas->rows, 2);
	for (int row = 0; row < canvas->rows; row++) {
		bool half = false;

		for (int column = 0; column < canvas->columns; column++) {
			const struct cell *cell = canvas_at(canvas, column, row);
			const struct cell *next = canvas_at(canvas, column + 1, row);
			bool wide = !half && cell->width == 2 && next && next->width == 0;

			drawing_put_cell(out, cell, half ? 0 : wide ? 2 : 1);
			half = wide;
		}
	}
}

bool
drawing_fits(const struct drawing *drawing)
{
	double pixels = (double)drawing->canvas->columns * CELL_WIDTH * drawing->canvas->rows *
	    CELL_HEIGHT * drawing->scale * drawing->scale;

	return drawing->kind == DRAWING_PDF || pixels <= DRAWING_PIXELS_MAX;
}

int
drawing_write(struct buf *out, const struct drawing *drawing, struct err *err)
{
	if (!(drawing->scale >= 1 && drawing->scale <= DRAWING_SCALE_MAX))
		return err_set(err, ERR_USAGE, _("a scale is a number from 1 to %1$d, not %2$g"),
		    DRAWING_SCALE_MAX, drawing->scale);
	if (!drawing_fits(drawing))
		return err_set(err, ERR_USAGE,
		    _("a picture of %1$d columns and %2$d rows is too large at scale %3$g"),
		    drawing->canvas->columns, drawing->canvas->rows, drawing->scale);
	buf_add(out, DRAWING_MAGIC);
	drawing_put(out, drawing->kind, 1);
	drawing_put(out, (uint64_t)(drawing->scale * 1000 + 0.5), 4);
	drawing_put(out, drawing->time_s, 8);
	for (int i = 0; i < DRAWING_TEXTS; i++)
		put_text(out, drawing->texts[i]);
	put_theme(out, drawing->theme);
	put_canvas(out, drawing->canvas);
	return 0;
}
