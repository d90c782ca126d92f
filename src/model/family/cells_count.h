/*
 * Counts what copying added: frames of one origin at each page, less one. Internal to src/model;
 * cells.h has the window.
 */
#ifndef MODEL_FAMILY_CELLS_COUNT_H
#define MODEL_FAMILY_CELLS_COUNT_H

#include "model/family/cells.h"

/* Fills in the window's copies, parted and unsure, and adds to its frames. once: some page is
 * mapped once.
 */
void cells_count(struct cell_window *window, bool once);

#endif
