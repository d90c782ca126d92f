/*
 * System memory and a process's counts, through the procps library: libproc2 (procps-ng 4) or
 * libprocps (3.3). Nothing else includes its headers.
 */
#ifndef KERNEL_PROCPS_H
#define KERNEL_PROCPS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "model/lab/snapshot.h"

#define COUNTED_MAX PROCESSES_MAX /* processes per call */

struct library;

/* What is counted for one process; COUNT_UNKNOWN if the library didn't say. */
struct counted {
	pid_t pid;
	uint64_t minor_faults, major_faults;
	uint64_t rss_anon_kib, rss_file_kib, rss_shmem_kib;
};

/* Never NULL: if part of the library doesn't work, what it would tell is unknown. */
struct library *library_open(void);
void library_close(struct library *library); /* NULL does nothing */

void library_memory(struct library *library, struct memory *memory);

/* Fills each entry, found by its pid. */
void library_count(struct library *library, struct counted *counted, size_t count);

#endif
