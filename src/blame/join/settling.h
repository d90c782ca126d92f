/*
 * A sample beside the one before it and the fault events in between: which fault made which copy.
 */
#ifndef BLAME_JOIN_SETTLING_H
#define BLAME_JOIN_SETTLING_H

#include <stddef.h>
#include <stdint.h>

#include "blame/join/blame_sums.h"
#include "blame/join/copies_between.h"
#include "blame/join/fault_table.h"
#include "blame/join/kindred.h"
#include "model/family/family.h"
#include "model/family/partings.h"

struct settling {
	const struct family *before, *after;
	const struct kindred *kindred;
	const struct fault_table *table;
	uint64_t page_bytes;
	uint64_t real_ahead_ns;         /* CLOCK_REALTIME minus CLOCK_MONOTONIC */
	struct blame_sums *sums;        /* receives the copies */
	struct partings_told *partings; /* receives what is told about parted pages */

	/* the current page */
	const struct copy_party *parties;
	size_t party_count;
};

/* CLOCK_MONOTONIC of a CLOCK_REALTIME. */
uint64_t settling_steady(const struct settling *settling, uint64_t real_ns);

void settling_find(struct settling *settling);

#endif
