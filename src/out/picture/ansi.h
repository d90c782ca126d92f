/*
 * Rows of a canvas as a terminal of 256 colours draws them, the same as src/tui/paint.c: only SGR
 * and the cells' characters.
 */
#ifndef OUT_PICTURE_ANSI_H
#define OUT_PICTURE_ANSI_H

#include "base/buf.h"
#include "view/canvas/canvas.h"
#include "view/canvas/theme.h"

/* One row without invisible blanks at its end; what follows it has the terminal's own look. */
void ansi_row(struct buf *out, const struct canvas *canvas, const struct theme *theme, int row);

#endif
