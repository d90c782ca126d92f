/*
 * What changed between two samples, which may come from different runs: processes and mappings
 * found again.
 *
 * A process is the same by number and start, else by name where neither of them is taken; a mapping
 * by address and path, else by path and offset. Pure. The families stay the caller's and must live
 * as long.
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
	uint64_t weight;               /* how much moved at all */
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
	/* where both were blamed; those that changed most first */
	struct cause_change *causes;
	size_t cause_count;
};

void family_diff(struct family_diff *diff, const struct family *before, const struct family *after);
void family_diff_release(struct family_diff *diff);

/* A change of so many KiB between the two, as KiB a minute; false: less time than RATE_LEAST_NS
 * went from the one to the other. */
bool diff_per_minute(const struct family_diff *diff, int64_t kib, int64_t *rate);

/* After less before, KiB; NULL families count as 0. */
int64_t tally_change_kib(const struct family *before, const struct tally *was,
    const struct family *after, const struct tally *is, enum page_state state);

#endif
