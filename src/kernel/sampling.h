/*
 * A sample under construction: shared by sampling.c, which joins the readings, and pages.c, which
 * reads the pages of one process. Internal to these two.
 */
#ifndef KERNEL_SAMPLING_H
#define KERNEL_SAMPLING_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/state.h"

struct sampling {
	struct kernel *kernel;
	const struct sample_request *request;
	struct snapshot *snapshot;
	const struct snapshot *before; /* NULL where it has another shape */
	bool acted, moved;             /* a process acted; something looks different from before */
	bool keep_smaps;   /* of processes that look unchanged: reading it costs too much */
	uint64_t smaps_ns; /* spent on smaps */
};

/* The index under which struct kernel keeps what it knows about this process: 0 for a. */
size_t sampling_slot(const struct process *process);

/* The same process in the last snapshot, or NULL. */
const struct process *sampling_before(const struct sampling *s, const struct process *process);

bool sampling_same_entries(
    const struct sampling *s, const struct process *one, const struct process *other);

/* pagemap, smaps, the page of zeros; both again if they contradict each other. */
void sampling_read_pages(
    struct sampling *s, const struct subject *subject, struct process *process);

#endif
