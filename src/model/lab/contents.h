/*
 * What pages hold, as far as it follows from what the processes saw themselves: contents stay with
 * frames.
 *
 * Anonymous frames are never read. The latest act on a frame tells its contents; without one it
 * holds what it held before; the contents of a frame that appeared without an act are unknown. A
 * write from outside the lab into such a frame goes unnoticed until the next act.
 */
#ifndef MODEL_LAB_CONTENTS_H
#define MODEL_LAB_CONTENTS_H

#include "model/lab/snapshot.h"

/* One page number of a snapshot whose frames have been found. */
struct contents {
	struct snapshot *now;
	const struct snapshot *before;          /* of the same lab, or NULL */
	const struct process *const *ancestors; /* for each process of now, in before: itself or its
						   parent at the fork; NULL if there is none */
	uint32_t page;
	const struct act *const *acts; /* on this page since before, in order */
	size_t act_count;
};

/* Fills in content of the processes' pages, where it isn't known yet, and of file_pages for shared
 * memory without a file. */
void contents_follow(const struct contents *work);

#endif
