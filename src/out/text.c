#include "config.h"
#include "out/text.h"

void
text_canvas(struct buf *out, const struct canvas *canvas)
{
	for (int row = 0; row < canvas->rows; row++) {
		size_t end = out->length;

		for (int column = 0; column < canvas->columns; column++) {
			const struct cell *cell = canvas_at(canvas, column, row);

			buf_add(out, cell->text);
			if (cell->width && !(cell->text[0] == ' ' && !cell->text[1]))
				end = out->length;
		}
		if (out->length > end)
			out->data[out->length = end] = '\0';
		buf_add_char(out, '\n');
	}
}
