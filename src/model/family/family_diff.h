/*
 * Differences between two samples, possibly of different runs: processes and mappings are matched.
 *
 * A process is matched by PID and start time, else by name if both are unmatched; a mapping by
 * address and path, else by path and offset. Pure. The families stay the caller's and must live as
 * long.
 */
#ifndef MODEL_FAMILY_FAMILY_DIFF_H
#define MODEL_FAMILY_FAMILY_DIFF_H

#include "model/family/family.h"

struct member_change {
	const struct member *before, *after; /* NULL: not there */
};

struct region_change {
	const struct region *before, *after;
	int64_t kib[PAGE_STATE_COUNT]; /* after less before */
	uint64_t weight;               /* how much changed in all */
};

struct cause_change {
	enum cause cause;
	enum runtime runtime;
	uint64_t before_kib, after_kib; /* copied for it */
};

struct family_diff {
	const struct family *before, *after;
	struct member_change *members;
	size_t member_count;
	struct region_change *regions; /* only those that differ; most first */
	size_t region_count;
	/* if both were blamed; the largest changes first */
	struct cause_change *causes;
	size_t cause_count;
};

void family_diff(struct family_diff *diff, const struct family *before, const struct family *after);
void family_diff_release(struct family_diff *diff);

/* Converts a change in KiB between the two to KiB per minute; false: less than RATE_LEAST_NS lies
 * between them. */
bool diff_per_minute(const struct family_diff *diff, int64_t kib, int64_t *rate);

/* After less before, KiB; NULL families count as 0. */
int64_t tally_change_kib(const struct family *before, const struct tally *was,
    const struct family *after, const struct tally *is, enum page_state state);

#endif
