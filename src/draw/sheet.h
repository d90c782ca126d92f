/*
 * The drawing that PNG and PDF share: a canvas with Cairo and Pango. Cells are whole units, fills
 * and lines are whole rectangles, and each letter stays in its cells.
 */
#ifndef DRAW_SHEET_H
#define DRAW_SHEET_H

#include "base/err.h"
#include "view/canvas/drawing.h"
#include "view/canvas/strokes.h"

struct _cairo; /* cairo_t */

/* A cell in pixels at this scale. */
struct cell_size sheet_cell(double scale);

/* Draws the whole canvas, outlines as in letters_new(); ERR_MACHINE if there is no font. */
int sheet_draw(struct _cairo *cairo, const struct drawing *drawing, const struct cell_size *cell,
    bool outlines, struct err *err);

#endif
