/*
 * A canvas as text: UTF-8 or ASCII as drawn, trailing blanks trimmed, a newline after every row.
 */
#ifndef OUT_PICTURE_TEXT_H
#define OUT_PICTURE_TEXT_H

#include "base/buf.h"
#include "view/canvas/canvas.h"

/* A cell's characters, as many columns as it has, none for the right half of a wide one. What a
 * terminal would obey becomes U+FFFD, or '?' in ASCII. */
void text_cell(struct buf *out, const struct cell *cell, bool ascii);
void text_canvas(struct buf *out, const struct canvas *canvas);

#endif
