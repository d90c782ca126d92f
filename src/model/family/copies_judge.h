/*
 * What is found about one window on the way to who copied: copies.c finds what is new and asks who
 * wrote, copies_judge.c judges tree by tree. Internal to src/model.
 */
#ifndef MODEL_FAMILY_COPIES_JUDGE_H
#define MODEL_FAMILY_COPIES_JUDGE_H

#include "model/family/cells.h"
#include "model/family/holds.h"

/* Rows of `pages` bytes, one per line. */
struct judge {
	const struct cell_window *window;
	uint8_t *wrote; /* enum wrote */
	bool *has_children;
	bool *has_forked; /* a child of this sample */
	bool any_new;
	uint16_t *pages; /* those with something new, ascending */
	size_t count;
	uint16_t *asked; /* a list to ask about */
};

static inline uint8_t *
wrote_of(const struct judge *judge, size_t line)
{
	return judge->wrote + line * judge->window->pages;
}

static inline bool
is_mapped_many(uint8_t cell)
{
	return (cell & (CELL_STATE | CELL_FILE)) == PAGE_SHARED;
}

static inline uint8_t
with_state(uint8_t cell, uint8_t state)
{
	return (uint8_t)((cell & ~(CELL_STATE | CELL_FILLED | CELL_COUNTED)) | state);
}

/* As before, including what was known about its origin. */
static inline uint8_t
carried(uint8_t cell, uint8_t prior)
{
	enum page_state state = cell_state(prior);
	uint8_t keep = state == PAGE_PRIVATE ? CELL_FILLED
	    : state == PAGE_PARTED           ? CELL_COUNTED
					     : 0;

	return with_state(cell, prior & (CELL_STATE | keep));
}

bool was_once(uint8_t prior);

/* Judges what is new on judge->pages; all of it has been asked about. */
void judge_pages(const struct judge *judge);

#endif
