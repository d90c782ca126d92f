/*
 * A text that fills the screen and is scrolled: help, or an answer of many lines.
 *
 * Lines are broken by \n; one that begins with a blank is text, "  key   text" hangs under its
 * second column, any other is a heading.
 */
#ifndef VIEW_CANVAS_HELP_H
#define VIEW_CANVAS_HELP_H

#include "view/canvas/canvas.h"

struct help_place {
	int margin;
	int header; /* the row that shows the position; -1: none */
	int row, rows;
	const char *title; /* the command that it answers */
};

/* top is clamped. */
void help_draw(struct canvas *canvas, const struct help_place *place, const char *text, int top);

/* The highest top that still fills this many rows. */
int help_last(const char *text, int columns, int rows);

#endif
