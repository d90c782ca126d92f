/*
 * The step from one sample to the next, shared by the sources of the erosion. Internal to
 * src/model.
 */
#ifndef MODEL_FAMILY_EROSION_STEP_H
#define MODEL_FAMILY_EROSION_STEP_H

#include "model/family/erosion.h"

/* KiB that went since the sample before. */
struct went {
	uint64_t copied, parted;
	uint64_t counted; /* of the parted pages: where their copy is counted */
};

void went_add(struct went *to, const struct went *from);

struct erosion_step {
	struct erosion *erosion;
	const struct family *last; /* NULL: there is none */
	const struct family *family;
	/* index into last->member for each member of the family; MEMBER_NONE */
	int *member_last;
	int *member_now;          /* and the reverse */
	struct went *member_went; /* for each member of the family */
	struct went *went;        /* for each strip of the current region */
};

/* The largest ranges of a step, so that a thousand single pages don't push out what matters. */
#define EVENTS_A_SAMPLE 8

struct erosion_range {
	const struct region *region;
	const struct strip *strip;
	uint64_t first, end, copied; /* pages */
	bool parted;
};

struct erosion_ranges {
	struct erosion_range list[EVENTS_A_SAMPLE];
	size_t count;
};

/* erosion_went.c: fills in step->went for the region's strips, and adds to the ranges; and turns
 * those into events. */
void step_compare(
    struct erosion_step *step, const struct region *region, struct erosion_ranges *ranges);
void step_tell(struct erosion_step *step, struct erosion_ranges *ranges);

/* The region of a family that has most of these addresses in a process; NULL: none. Tries the guess
 * first. */
const struct region *region_over(
    const struct family *family, size_t member, uint64_t start, uint64_t end, size_t guess);
uint64_t strip_start(const struct family *family, const struct strip *strip); /* addresses */
uint64_t strip_stop(const struct family *family, const struct strip *strip);

/* erosion.c: a line that is all zeros begins at the previous point if its tally is known, else at
 * this one; and adds a point. */
void step_begin(const struct erosion_step *step, struct erosion_line *line, const char *name,
    const struct tally *before);
void step_put(const struct erosion_step *step, struct erosion_line *line, const struct tally *tally,
    const struct went *went);

/* erosion_mappings.c: finds each line's mapping, before points are added; and adds the points of
 * one region. */
void step_find_mappings(struct erosion_step *step);
void step_put_region(struct erosion_step *step, size_t index);
void mapping_free(struct erosion_mapping *mapping);

#endif
