/*
 * The glyphs of page states as paths in a cell of SVG_CELL_WIDTH x SVG_CELL_HEIGHT: a fallback font
 * would have other advances.
 */
#ifndef OUT_PICTURE_SHAPES_H
#define OUT_PICTURE_SHAPES_H

#include <stdbool.h>
#include <stdint.h>

#define SVG_CELL_WIDTH 8
#define SVG_CELL_HEIGHT 17
#define SVG_BASELINE 13

struct shape {
	uint32_t code;
	bool outline;     /* drawn by its edge, not filled */
	const char *path; /* relative to the cell's top left */
};

/* NULL: a letter, or not one of ours. */
const struct shape *shape_of(uint32_t code);

#endif
