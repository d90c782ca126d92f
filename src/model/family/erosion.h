/*
 * Erosion: what was shared in the baseline and no longer is, over time. It is fed one family after
 * the other.
 *
 * A point is one sample. When there are EROSION_POINTS of them, every second one is dropped: the
 * distance of points grows, the first and the last stay. A line has a number for each point of
 * [first, end): of a process from the one on at which it joined to the last at which it was seen;
 * of a mapping, over all processes or in one of them, alike.
 *
 * was, still and copied are what is there at that point, of the processes that live then: what a
 * process had goes with it. ever counts on, for the family and for mappings beyond the end of
 * processes: everything that was seen to be copied since the baseline; a page that was shared again
 * and copied again counts twice. The rate is that of ever, so no worker that leaves lowers it. What
 * a process copied after its last sample nobody saw, and it is in none of them.
 *
 * However long it is fed, memory is bounded by the processes that live: lines of those that left
 * are kept for the EROSION_LEFT last of them, EROSION_MAPPINGS mappings have a line, those of which
 * most is copied, and in each of them EROSION_PARTS processes.
 *
 * Units: KiB; times are CLOCK_REALTIME in nanoseconds.
 */
#ifndef MODEL_FAMILY_EROSION_H
#define MODEL_FAMILY_EROSION_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/family/family.h"

#define RATE_LEAST_NS UINT64_C(10000000000) /* a rate from less would be mostly chance */
#define EROSION_POINTS 512
#define EROSION_EVENTS 64
#define EROSION_LEFT 16
#define EROSION_MAPPINGS 32
#define EROSION_PARTS 16

struct erosion_point {
	uint64_t was_kib;    /* shared in the baseline, or when a process was forked since */
	uint64_t still_kib;  /* of this: shared now */
	uint64_t copied_kib; /* of this: copied now */
	uint64_t parted_kib; /* of this: parted now */
	uint64_t alone_kib;  /* of this: private now, left alone by the others */
	/* copied since the baseline, whatever became of it; of more than one process also what
	 * parted, once */
	uint64_t ever_kib;
	/* parted since; of more than one process counted once, and a part of ever_kib */
	uint64_t ever_parted_kib;
};

struct erosion_line {
	char name[MEMBER_NAME_MAX]; /* of the process; "": of more than one */
	struct erosion_point points[EROSION_POINTS];
	size_t first, end;         /* none: it was there at a point that was dropped */
	struct erosion_point last; /* the newest of its points, also where that was dropped */
	uint64_t until_ns;         /* its time; 0: there was none */
};

struct erosion_mapping {
	uint64_t start, end; /* as struct region has it, when it was seen last */
	uint64_t offset, device, inode;
	enum region_kind kind;
	char *path; /* "" where there is none */
	/* index into the regions of erosion.last; SIZE_MAX: it is not there */
	size_t region;
	struct erosion_line line; /* over all processes */
	/* in one process each, those with most copied, most first */
	struct erosion_line *parts[EROSION_PARTS];
	size_t part_count;
};

/* A range that went: pages [first, end) of a region in one process. */
struct erosion_event {
	uint64_t time_ns;
	char name[MEMBER_NAME_MAX];
	char *what;          /* the region's path, or the word of its kind */
	uint64_t address;    /* of its first page in that process */
	bool parted;         /* that it was copied is known, and not by whom */
	uint64_t copied_kib; /* copied since the sample before; the range may hold others between */
	uint64_t range_kib;
};

struct erosion {
	uint64_t times_ns[EROSION_POINTS];
	size_t count;
	struct erosion_line whole; /* the family; no point where nobody lives who may be read */
	/* what had been shared of those that left: it went with them */
	uint64_t gone_kib;
	struct erosion_line **lines; /* of processes, in the order of joining */
	size_t line_count;
	struct erosion_mapping *mappings[EROSION_MAPPINGS]; /* in no order */
	size_t mapping_count;
	/* mappings of the last sample of which something is copied and that have no line */
	size_t more_count;
	uint64_t more_kib; /* what is copied of them */
	/* the newest last; of one sample the largest */
	struct erosion_event events[EROSION_EVENTS];
	size_t event_count;
	const struct family *last; /* held */
	bool based;                /* last is a saved baseline, of which nothing was told yet */
	bool saved_base;           /* the first point is a saved baseline */
};

struct erosion *erosion_new(void);
void erosion_free(struct erosion *erosion); /* NULL does nothing */

/* Before the first sample: what is shared in this one, read at another time, is what was shared,
 * and the first point. Its processes are known by number and start, whatever their names are. NULL
 * does nothing. */
void erosion_base(struct erosion *erosion, const struct family *baseline);

/* Takes a whole sample that has a baseline; others are passed over. */
void erosion_add(struct erosion *erosion, const struct family *family);

/* NULL: none. The mapping of region `index` of a family, which need not be the last; and its part
 * of a process. */
const struct erosion_line *erosion_line(const struct erosion *erosion, const char *name);
const struct erosion_mapping *erosion_mapping(
    const struct erosion *erosion, const struct family *family, size_t index);
const struct erosion_line *erosion_part(const struct erosion_mapping *mapping, const char *name);

/* Whether it was there in the last sample. */
bool erosion_is_there(const struct erosion *erosion, const struct erosion_line *line);

/* The time that a rate is of: the last minute, or as long as there are points. 0: the line has
 * fewer than two, or is not there any more. line NULL: the family. */
uint64_t erosion_window_ns(const struct erosion *erosion, const struct erosion_line *line);

/* KiB copied a minute in that time, by ever_kib; parted by ever_parted_kib. COUNT_UNKNOWN: it is
 * less than RATE_LEAST_NS, too short to say. */
uint64_t erosion_rate(const struct erosion *erosion, const struct erosion_line *line);
uint64_t erosion_parted_rate(const struct erosion *erosion, const struct erosion_line *line);

/* What went, by whomever it was: copied and parted, of a point; and its growth a minute. */
uint64_t point_went_kib(const struct erosion_point *point);
uint64_t erosion_went_rate(const struct erosion *erosion, const struct erosion_line *line);

/* What is no longer shared that was, of those that live and those that left, is the sum of its
 * parts. */
struct erosion_sum {
	uint64_t was_kib; /* all that was shared */
	uint64_t still_kib, copied_kib, parted_kib, alone_kib;
	uint64_t let_go_kib; /* dropped, swapped, or not known any more */
	uint64_t left_kib;   /* it went with its process */
};

struct erosion_sum erosion_sum(const struct erosion *erosion);

#endif
