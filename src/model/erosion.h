/*
 * Erosion: what was shared in the baseline and is no longer, over time. Fed with one family after the other.
 *
 * A point is one sample; all lines have a point for each, from the one on at which their process joined. When there are
 * EROSION_POINTS of them, every second one is dropped: the distance of points grows, the first and the last stay.
 * Units: KiB; times are CLOCK_REALTIME in nanoseconds.
 */
#ifndef MODEL_EROSION_H
#define MODEL_EROSION_H

#include <stddef.h>
#include <stdint.h>

#include "model/family.h"

#define EROSION_POINTS 512
#define EROSION_EVENTS 64

struct erosion_point {
	uint64_t was_kib;    /* shared in the baseline */
	uint64_t still_kib;  /* of this: shared now */
	uint64_t copied_kib; /* of this: copied now */
};

struct erosion_line {
	char name[KIN_NAME_MAX];
	struct erosion_point points[EROSION_POINTS]; /* before it joined, all 0 */
	size_t first;                                /* the point at which it joined */
};

/* A range that went: pages [first, end) of a region in one process. */
struct erosion_event {
	uint64_t time_ns;
	char name[KIN_NAME_MAX];
	char *what;          /* the region's path, or the word of its kind */
	uint64_t address;    /* of its first page in that process */
	uint64_t copied_kib; /* copied since the sample before; the range may hold others between */
	uint64_t range_kib;
};

struct erosion {
	uint64_t times_ns[EROSION_POINTS];
	size_t count;
	struct erosion_point whole[EROSION_POINTS]; /* the family */
	struct erosion_line **lines;                /* in the order of joining */
	size_t line_count;
	struct erosion_event events[EROSION_EVENTS]; /* the newest last; of one sample the largest */
	size_t event_count;
	const struct family *last; /* held */
};

struct erosion *erosion_new(void);
void erosion_free(struct erosion *erosion); /* NULL does nothing */

/* Takes a whole sample that has a baseline; others are passed over. */
void erosion_add(struct erosion *erosion, const struct family *family);

const struct erosion_line *erosion_line(const struct erosion *erosion, const char *name); /* NULL: none */

/* KiB copied a minute, over the last minute or as long as there are points; 0 with fewer than two. line NULL: the family. */
uint64_t erosion_rate(const struct erosion *erosion, const struct erosion_line *line);

#endif
