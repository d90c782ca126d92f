/*
 * A cell as a picture shows it, with the theme's and the terminal's colours, reverse, dim and the
 * marks worked in. The same as src/tui/paint.c on a terminal that has every colour.
 */
#ifndef VIEW_CANVAS_LOOK_H
#define VIEW_CANVAS_LOOK_H

#include <stdbool.h>
#include <stdint.h>

#include "view/canvas/canvas.h"
#include "view/canvas/theme.h"

struct look {
	uint32_t foreground, background; /* 0xRRGGBB */
	bool bold, underline;
};

struct look look_of(const struct theme *theme, const struct cell *cell);

/* 0 to 4 quarters of one colour, the rest of the other. */
uint32_t look_mix(uint32_t one, uint32_t other, int quarters);

#endif
