/*
 * Themes: how each role looks. One table per theme, read by the terminal and every picture format.
 */
#ifndef VIEW_CANVAS_THEME_H
#define VIEW_CANVAS_THEME_H

#include <stdbool.h>
#include <stdint.h>

#include "view/canvas/canvas.h"

#define THEME_DEFAULT UINT32_MAX /* the terminal's own colour */

#define STYLE_BOLD 1
#define STYLE_REVERSE 2
#define STYLE_UNDERLINE 4
#define STYLE_DIM 8

struct style {
	uint32_t foreground, background; /* 0xRRGGBB or THEME_DEFAULT */
	/* the same for 8 colours: 0 to 7, or -1 for the terminal's own */
	int8_t foreground8, background8;
	uint8_t attributes; /* STYLE_, used with colour */
	uint8_t mono;       /* STYLE_, used without colour */
};

struct theme {
	const char *name;
	/* of the whole picture, for formats without a terminal */
	uint32_t foreground, background;
	struct style styles[ROLE_COUNT];
};

/* NULL name: the default; NULL result: there is no such theme */
const struct theme *theme_find(const char *name);
const char *const *theme_names(void); /* NULL-terminated */

enum theme_depth {
	DEPTH_MONO,
	DEPTH_BASIC, /* 8 colours, or 16: bold makes an ink brighter, and so black grey */
	DEPTH_FULL,
};

/* STYLE_ of a cell with those marks. Black isn't bold where bold black would be grey, unreadable on
 * a fill. */
uint8_t theme_attributes(const struct style *style, uint8_t marks, enum theme_depth depth);

/* The nearest of the 256 xterm colours (16 to 255). */
int theme_color256(uint32_t rgb);

#endif
