/*
 * A process's proportional share, Pss, from who maps what.
 *
 * smaps rounds Pss down for each entry, and an entry of the lab is a page: of a page that five
 * processes share it says 0.
 */
#ifndef MODEL_LAB_SHARES_H
#define MODEL_LAB_SHARES_H

#include "model/lab/snapshot.h"

/* Sets pss_kib where every frame's mappings are known to be the lab's own; elsewhere smaps' sum
 * stays. Frames must be found. */
void shares_find(struct snapshot *now);

#endif
