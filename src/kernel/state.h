/*
 * What struct kernel holds: shared by kernel.c, which opens it, and sampling.
 */
#ifndef KERNEL_STATE_H
#define KERNEL_STATE_H

#include "kernel/kernel.h"
#include "kernel/kpageflags.h"
#include "kernel/procps.h"
#include "kernel/smaps.h"
#include "kernel/vitals.h"

struct kernel {
	struct machine machine;
	struct library *library;
	int kpageflags; /* -1 if not allowed */
	bool no_scan;   /* the kernel has no PAGEMAP_SCAN */
	struct vitals vitals[PROCESSES_MAX];
	size_t smaps_bytes[PROCESSES_MAX]; /* that the last reading took */
	uint64_t smaps_cost_ns;            /* of the last reading of all of them */
	uint64_t smaps_read_ns;            /* CLOCK_MONOTONIC when it ended */
	struct memory memory;
	uint64_t memory_ns; /* CLOCK_MONOTONIC of memory; 0: never read */

	/* reused by every sample */
	struct smaps_list smaps;
	uint64_t *entries;
	bool *mapped; /* pages of the file that a process maps */
	uint32_t page_room;
	struct frame_query *queries;
	size_t query_room;
};

#endif
