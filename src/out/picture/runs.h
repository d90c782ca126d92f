/*
 * A canvas's row cut into runs: consecutive cells that look alike. Characters that may come from
 * another font, with other advances, are runs of their own with a fixed box.
 */
#ifndef OUT_PICTURE_RUNS_H
#define OUT_PICTURE_RUNS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "view/canvas/canvas.h"

struct run {
	int column, cells;
	uint8_t role, marks; /* only existing ones */
	uint8_t box;         /* 0: text of any length; 1, 2: a character confined to its cells */
	bool differs;        /* from the canvas before: states, counts and names, not prose */
};

/* The run after *run, which starts as {0}; false: the row has ended. before: NULL, or a canvas of
 * the same size. */
bool run_next(struct run *run, const struct canvas *canvas, const struct canvas *before, int row);

/* Its text as markup; returns the UTF-16 code units before escaping: as JavaScript counts. */
size_t run_text(struct buf *out, const struct run *run, const struct canvas *canvas, int row);

bool cell_is_blank(const struct cell *cell);
uint8_t cell_box(const struct cell *cell);
uint32_t cell_code(const struct cell *cell); /* its only character; 0: none or several */

#endif
