/*
 * A worker from the inside: a process of ours that maps the pages (or, as the clerk, only holds the
 * file) and obeys.
 *
 * It has nothing of ours but its socket, its lifeline and the file; it ends with _exit().
 */
#ifndef LAB_WORKER_H
#define LAB_WORKER_H

#include "lab/mapping.h"

struct worker_start {
	char name; /* LAB_CLERK: it maps nothing */
	int sock, lifeline;
	struct mapping mapping; /* to be made */
	uintptr_t wish;         /* desired address of page 0 */
	int cpu;                /* to run on, or -1 */
};

/* The words on the command line of a worker after execve, and their number. */
#define WORKER_GOES_ON "--worker"
#define WORKER_WORDS 12

/* Call it right after fork(2), with all signals blocked. */
_Noreturn void worker_run(const struct worker_start *start);

/* After execve, with the words that it passed to itself. */
_Noreturn void worker_go_on(char *words[WORKER_WORDS]);

#endif
