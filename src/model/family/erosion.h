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

#define RATE_LEAST_NS UINT64_C(10000000000) /* a rate over less would be mostly chance */
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
	/* copied since the baseline, whatever became of it; for several processes including what
	 * parted, once */
	uint64_t ever_kib;
	/* parted since the baseline; for several processes counted once, and a part of ever_kib */
	uint64_t ever_parted_kib;
};

struct erosion_line {
	char name[MEMBER_NAME_MAX]; /* of the process; "": of more than one */
	struct erosion_point points[EROSION_POINTS];
	size_t first, end;         /* none: it was there only at a point that was dropped */
	struct erosion_point last; /* the newest of its points, even if that was dropped */
	uint64_t until_ns;         /* its time; 0: there was none */
};

struct erosion_mapping {
	uint64_t start, end; /* as struct region has it, when it was seen last */
	uint64_t offset, device, inode;
	enum region_kind kind;
	char *path; /* ""; none */
	/* index into the regions of erosion.last; SIZE_MAX: none */
	size_t region;
	struct erosion_line line; /* over all processes */
	/* in one process each, those with most copied, most first */
	struct erosion_line *parts[EROSION_PARTS];
	size_t part_count;
};

/* A range that was lost: pages [first, end) of a region in one process. */
struct erosion_event {
	uint64_t time_ns;
	char name[MEMBER_NAME_MAX];
	char *what;          /* the region's path, or the word of its kind */
	uint64_t address;    /* of its first page in that process */
	bool parted;         /* it was copied, but it isn't known by whom */
	uint64_t copied_kib; /* copied since the sample before; the range may contain other pages */
	uint64_t range_kib;
};

struct erosion {
	uint64_t times_ns[EROSION_POINTS];
	size_t count;
	struct erosion_line whole; /* the family; no point while no readable process lives */
	/* what processes that left had shared: it went with them */
	uint64_t gone_kib;
	struct erosion_line **lines; /* of processes, in the order of joining */
	size_t line_count;
	struct erosion_mapping *mappings[EROSION_MAPPINGS]; /* in no order */
	size_t mapping_count;
	/* mappings of the last sample with copies but without a line */
	size_t more_count;
	uint64_t more_kib; /* their copies */
	/* the newest last; of one sample the largest */
	struct erosion_event events[EROSION_EVENTS];
	size_t event_count;
	const struct family *last; /* held */
	bool based;                /* last is a saved baseline, not reported yet */
	bool saved_base;           /* the first point is a saved baseline */
};

struct erosion *erosion_new(void);
void erosion_free(struct erosion *erosion); /* NULL does nothing */

/* Call it before the first sample: what is shared in this family, read at another time, becomes
 * what was shared, and the first point. Its processes are identified by PID and start time,
 * whatever their names. NULL does nothing. */
void erosion_base(struct erosion *erosion, const struct family *baseline);

/* Takes a whole sample that has a baseline; ignores others. */
void erosion_add(struct erosion *erosion, const struct family *family);

/* NULL: none. The line of the mapping of region `index` of a family, which need not be the last;
 * and its part in one process. */
const struct erosion_line *erosion_line(const struct erosion *erosion, const char *name);
const struct erosion_mapping *erosion_mapping(
    const struct erosion *erosion, const struct family *family, size_t index);
const struct erosion_line *erosion_part(const struct erosion_mapping *mapping, const char *name);

/* Was it there in the last sample? */
bool erosion_is_there(const struct erosion *erosion, const struct erosion_line *line);

/* The time that a rate covers: the last minute, or as long as there are points. 0: the line has
 * fewer than two points, or has ended. line NULL: the family. */
uint64_t erosion_window_ns(const struct erosion *erosion, const struct erosion_line *line);

/* KiB copied per minute in that time, by ever_kib; parted by ever_parted_kib. COUNT_UNKNOWN: the
 * time is less than RATE_LEAST_NS. */
uint64_t erosion_rate(const struct erosion *erosion, const struct erosion_line *line);
uint64_t erosion_parted_rate(const struct erosion *erosion, const struct erosion_line *line);

/* What was lost, whoever copied: copied and parted, of a point; and its growth per minute. */
uint64_t point_went_kib(const struct erosion_point *point);
uint64_t erosion_went_rate(const struct erosion *erosion, const struct erosion_line *line);

/* Everything that was shared and no longer is, in processes that live or have left, is the sum of
 * these parts. */
struct erosion_sum {
	uint64_t was_kib; /* all that was shared */
	uint64_t still_kib, copied_kib, parted_kib, alone_kib;
	uint64_t let_go_kib; /* dropped, swapped, or no longer known */
	uint64_t left_kib;   /* it went with its process */
};

struct erosion_sum erosion_sum(const struct erosion *erosion);

#endif
