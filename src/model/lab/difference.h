/*
 * How the kernel acted differently: compares two snapshots of the same commands in two labs. PIDs,
 * PFNs, faults and memory don't count.
 */
#ifndef MODEL_LAB_DIFFERENCE_H
#define MODEL_LAB_DIFFERENCE_H

#include "base/buf.h"
#include "model/lab/snapshot.h"

/* Names the first difference, pages first, in one clause without a full stop. false: there is none,
 * and nothing is added. */
bool difference_words(struct buf *out, const struct snapshot *then, const struct snapshot *now);

#endif
