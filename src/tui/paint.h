/*
 * Turns roles and marks into what this terminal can show: attributes, colour pairs, characters.
 *
 * MARK_CHANGED is bold and underlined. MARK_CURSOR is bold and toggles reverse, so that it stands
 * out on filled and on plain cells; neither needs colour, and bold is left out where it would turn
 * black into grey.
 */
#ifndef TUI_PAINT_H
#define TUI_PAINT_H

#include <curses.h>
#include <stdbool.h>
#include <stddef.h>

#include "view/canvas/canvas.h"
#include "view/canvas/theme.h"

/* Once after newterm(). Without color, no colour is ever set up. */
void paint_open(const struct theme *theme, bool color);

/* How a cell looks if `room` cells are left in the row: fills in one or two characters, returns how
 * many. Together they are as wide as the cell, whatever the locale makes of its text.
 */
size_t paint_cell(cchar_t out[2], const struct cell *cell, int room);

#endif
