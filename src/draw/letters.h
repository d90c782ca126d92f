/*
 * Letters: each distinct one is shaped once, sized to stay within its one or two cells.
 */
#ifndef DRAW_LETTERS_H
#define DRAW_LETTERS_H

#include <stdbool.h>

#include "base/err.h"
#include "view/canvas/strokes.h"

struct _cairo; /* cairo_t */
struct letters;

/*
 * For drawing on this surface; outlines: letters other than ASCII are shapes, not text in a font.
 * NULL with ERR_MACHINE if there is no font.
 */
struct letters *letters_new(
    struct _cairo *cairo, const struct cell_size *cell, bool outlines, struct err *err);
void letters_free(struct letters *letters);

/* In the current source colour; x and y are the top left of the letter's first cell. */
void letters_draw(struct letters *letters, const char *text, int cells, bool bold, int x, int y);

#endif
