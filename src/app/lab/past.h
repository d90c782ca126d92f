/*
 * The commands of a session's steps, so that they can be replayed, including steps whose snapshots
 * were dropped.
 */
#ifndef APP_LAB_PAST_H
#define APP_LAB_PAST_H

#include <stddef.h>
#include <stdint.h>

#include "model/lab/past_step.h"
#include "model/lab/snapshot.h"

#define PAST_MAX 100000 /* steps; beyond that the older half is dropped */

struct past {
	struct past_step *steps; /* ascending, without a gap */
	size_t count;
};

void past_add(struct past *past, const struct snapshot *now, unsigned processes);
/* A later moment of the newest step. */
void past_look(struct past *past, const struct snapshot *now);
void past_free(struct past *past);

const struct past_step *past_at(const struct past *past, uint32_t step); /* NULL: not kept */

/* The step at which its lab began. NULL: not kept. */
const struct past_step *past_lab(const struct past *past, uint32_t step);

#endif
