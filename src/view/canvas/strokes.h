/*
 * Box lines and blocks (U+2500 to U+259F) as rectangles within a cell, so that they meet those of
 * neighbouring cells without a gap, whatever the font. Whole numbers, from the top left of the
 * cell.
 */
#ifndef VIEW_CANVAS_STROKES_H
#define VIEW_CANVAS_STROKES_H

#include <stddef.h>
#include <stdint.h>

struct cell_size {
	int width, height;
	int line; /* how thick a light line is, at least 1 */
};

struct stroke {
	int x, y, width, height;
	int quarters; /* of the foreground colour over the background: 4, fewer for shades */
};

#define STROKES_MAX 8

/* Returns how many; 0: a letter (the three diagonals count as letters). An arc is drawn as a
 * corner. */
size_t strokes_of(uint32_t code, const struct cell_size *cell, struct stroke out[STROKES_MAX]);

#endif
