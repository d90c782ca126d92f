/*
 * A process's proportional share, Pss, computed from who maps what.
 *
 * smaps rounds Pss down for each entry, and in the lab an entry is a page: for a page that five
 * processes share it says 0.
 */
#ifndef MODEL_LAB_SHARES_H
#define MODEL_LAB_SHARES_H

#include "model/lab/snapshot.h"

/* Sets pss_kib if all mappings of every frame are known to be the lab's own; otherwise smaps' sum
 * stays. Frames must have been found. */
void shares_find(struct snapshot *now);

#endif
