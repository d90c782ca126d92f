/*
 * Roles and marks to what this terminal can show: attributes, colour pairs, characters.
 *
 * MARK_CHANGED is bold and underlined. MARK_CURSOR is bold and the role's reverse turned over, so
 * that it stands out on a filled cell and on a plain one; neither needs colour, and where bold
 * makes black grey it is left out.
 */
#ifndef TUI_PAINT_H
#define TUI_PAINT_H

#include <curses.h>
#include <stdbool.h>
#include <stddef.h>

#include "view/canvas/canvas.h"
#include "view/canvas/theme.h"

/* Once after newterm(). Without color no colour is ever set up. */
void paint_open(const struct theme *theme, bool color);

/* What a cell looks like where `room` cells are left in the row: fills one or two characters,
 * returns how many. Together they are as wide as the cell, whatever the locale makes of its text.
 */
size_t paint_cell(cchar_t out[2], const struct cell *cell, int room);

#endif
