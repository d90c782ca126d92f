/*
 * The status of the lab's processes: alive or stopped, their parent, their counters.
 *
 * Each process's /proc/PID/stat is held open and read for every sample: within microseconds it
 * tells the state and whether the counts moved. Only if they did, or once a second, is libproc2
 * asked for them.
 */
#ifndef KERNEL_VITALS_H
#define KERNEL_VITALS_H

#include <stdbool.h>
#include <stdint.h>

#include "kernel/kernel.h"
#include "kernel/procps.h"

/* The fields of /proc/PID/stat that are used. */
struct stat_line {
	char state;
	pid_t ppid;
	uint64_t minor, major, rss;
};

/* false: this is not such a line. comm may hold anything, including ")" and newlines. */
bool stat_parse(struct stat_line *line, const char *text, size_t length);

/* One for each process name. */
struct vitals {
	pid_t pid;  /* 0: nobody */
	int stat;   /* descriptor, or -1 */
	bool known; /* now could be read */
	struct stat_line now, counted_at;
	uint64_t counted_ns; /* CLOCK_MONOTONIC; 0: never */
	struct counted counted;
};

void vitals_init(struct vitals vitals[PROCESSES_MAX]);
void vitals_release(struct vitals vitals[PROCESSES_MAX]);

/* Reads the state: sets life and ppid of the process. Its pages must have been read before. */
void vitals_life(struct vitals *vitals, const struct subject *subject, struct process *process);

/* Must its counts be read again? moved: something about it changed. */
bool vitals_is_stale(const struct vitals *vitals, bool moved, uint64_t now_ns);

/* Takes what the library counted. */
void vitals_counted(struct vitals *vitals, const struct counted *counted, uint64_t now_ns);

/* Sets the counts of the process, as far as they are known. */
void vitals_copy(const struct vitals *vitals, struct process *process);

#endif
