/*
 * Searching all private writable memory of a process: only present pages are read, a slice at a
 * time, and pauses are longer than searches.
 */
#ifndef BLAME_MEMORY_SWEEP_H
#define BLAME_MEMORY_SWEEP_H

#include "blame/suspect.h"

struct memory_sweep {
	uint64_t cursor; /* 0: the next slice begins with the first page */
	uint64_t rests_until_ns;
};

/* Is it time for another slice? */
bool memory_sweep_due(const struct memory_sweep *sweep);

/* Calls run for each run of present pages, and rests as many times as long as that took. true: the
 * slice reached the end of the memory. */
bool memory_sweep(struct memory_sweep *sweep, struct suspect *suspect, unsigned rest_times,
    void (*run)(void *of, uint64_t address, const uint8_t *bytes, size_t size), void *of);

#endif
