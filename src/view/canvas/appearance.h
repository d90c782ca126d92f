/*
 * How what is shown is drawn and captured, for the lab and for running processes alike.
 */
#ifndef VIEW_CANVAS_APPEARANCE_H
#define VIEW_CANVAS_APPEARANCE_H

#include <stdbool.h>
#include <stdint.h>

#include "lang/options/options.h"
#include "view/canvas/theme.h"

struct appearance {
	int columns, rows;
	bool ascii;
	const struct theme *theme; /* of captures; NULL: not set */
	enum format format;        /* of the last capture */
	unsigned scale;            /* of PNG; 0: not set */
	uint32_t pace_ms;          /* of a cast; 0: as it was timed */
};

/* As set on the command line; theme is that of the options. On a screen, captures start as PNG in
 * the capture theme. */
struct appearance appearance_of_batch(const struct options *options, const struct theme *theme);
struct appearance appearance_of_screen(const struct options *options, bool ascii);

/* of captures: print, a light one, unless set */
const struct theme *appearance_theme(const struct appearance *appearance);
unsigned appearance_scale(const struct appearance *appearance);

/* Appends options that recreate this appearance, each after a blank. */
void appearance_add_options(
    const struct appearance *appearance, enum format format, struct buf *out);

#endif
