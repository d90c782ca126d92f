/*
 * Rectangles of one colour, reduced to fewer that cover the same pixels: neighbours in a row are
 * joined, then those in a column.
 */
#ifndef OUT_PICTURE_AREAS_H
#define OUT_PICTURE_AREAS_H

#include <stddef.h>

#include "base/buf.h"

struct area {
	int x, y, width, height;
};

/* Starts zeroed. */
struct areas {
	struct area *list;
	size_t count, room;
};

void areas_add(struct areas *areas, struct area area);
void areas_path(struct buf *out, struct areas *areas); /* merges; the data of an SVG path */
void areas_free(struct areas *areas);

#endif
