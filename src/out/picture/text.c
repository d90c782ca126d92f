#include "config.h"
#include "out/picture/text.h"
#include "base/utf8.h"
#include "out/picture/picture.h"

#include <string.h>

static bool
text_is_plain(const struct cell *cell)
{
	return cell->width == 1 && cell->text[0] >= ' ' && cell->text[0] <= '~' && !cell->text[1];
}

void
text_cell(struct buf *out, const struct cell *cell, bool ascii)
{
	struct buf clean = BUF_INIT;
	size_t length = strnlen(cell->text, sizeof(cell->text));
	bool fits;

	if (text_is_plain(cell)) {
		buf_add_char(out, cell->text[0]);
		return;
	}
	utf8_clean(&clean, cell->text, length, ascii);
	fits = length && utf8_width(buf_text(&clean)) == cell->width;
	if (cell->width)
		buf_add(out, fits ? buf_text(&clean) : length ? "?" : " ");
	if (cell->width > 1 && !fits)
		buf_add_char(out, ' ');
	buf_free(&clean);
}

void
text_canvas(struct buf *out, const struct canvas *canvas)
{
	for (int row = 0; row < canvas->rows; row++) {
		size_t end = out->length;

		for (int column = 0; column < canvas->columns; column++) {
			const struct cell *cell = canvas_at(canvas, column, row);

			text_cell(out, cell, canvas->ascii);
			if (out->length && out->data[out->length - 1] != ' ')
				end = out->length;
		}
		if (out->length > end)
			out->data[out->length = end] = '\0';
		buf_add_char(out, '\n');
	}
}

int
picture_text(struct buf *out, const struct picture *picture, struct err *err)
{
	(void)err;
	text_canvas(out, picture->canvas);
	return 0;
}
