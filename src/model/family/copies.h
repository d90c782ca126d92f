/*
 * Who copied: which pages of a window that one process maps alone are its copies, which were left
 * to it by others, and for which that is not known. Internal to src/model; cells.h has the window.
 *
 * Processes that were forked from one another are a tree; at each page those that have an anonymous
 * frame there are relatives. A page that has just come to be mapped once is new: in the sample
 * before it was shared, or there was none. New pages are judged together with what their relatives
 * have there; those that were mapped once before stay what they were.
 *
 * A relative that shares its frame with another one has not written since it forked last, nor has
 * one whose frame is new and lacks bit 34 (WROTE_NO): what follows from that, and from frames that
 * parent and child have in common, holds.h finds. Who left a frame that another one kept was given
 * a copy; who kept what he had was not; of the others it is not known. Where all of them wrote, the
 * last one took the original itself, and which of them that was nobody knows.
 */
#ifndef MODEL_FAMILY_COPIES_H
#define MODEL_FAMILY_COPIES_H

#include "model/family/cells.h"

/* Turns private cells to copied and parted ones; cells hold the states from the entries alone. */
void copies_find(const struct cell_window *window);

/* Is it a frame of anonymous memory? */
static inline bool
cell_anonymous(uint8_t cell)
{
	enum page_state state = cell_state(cell);

	return !cell_file(cell) &&
	    (state == PAGE_SHARED || state == PAGE_PRIVATE || state == PAGE_COPIED ||
		state == PAGE_PARTED);
}

/* Anonymous memory that no other process maps. */
static inline bool
cell_once(uint8_t cell)
{
	return cell_anonymous(cell) && cell_state(cell) != PAGE_SHARED;
}

/* Possibly anonymous: such as a huge page that could not be asked about. */
static inline bool
cell_unknown(uint8_t cell)
{
	return !cell_file(cell) && cell_state(cell) == PAGE_UNKNOWN;
}

/* Can both have the same origin: anonymous frames of which neither is known to have filled a
 * hole? */
static inline bool
cells_linked(const struct cell_line *line, const struct cell_line *parent, size_t page)
{
	uint8_t own = line->cells[page], other = parent->cells[page];

	return cell_anonymous(own) && cell_anonymous(other) &&
	    (line->forked || (!cell_filled(own) && !cell_filled(other)));
}

#endif
