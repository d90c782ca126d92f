/*
 * A ward: a program that isn't trusted, and everything that it starts.
 *
 * It has no input, and its output goes nowhere. It can't become somebody else, and has limits of
 * processor time, of memory (each process), of processes and of what it writes. Where we are root
 * it runs as a user that nobody else is. We are the subreaper of all that it starts, so that
 * nothing of it is left after ward_end().
 */
#ifndef APP_GRADE_WARD_H
#define APP_GRADE_WARD_H

#include <stdbool.h>
#include <sys/types.h>

#include "base/err.h"

#define WARD_PROCESSES 64
#define WARD_BYTES ((unsigned long)1 << 30) /* of address space, a process */
#define WARD_FILE_BYTES ((unsigned long)64 << 20)

struct ward {
	pid_t pid;
	int go;     /* written to, to start it */
	int failed; /* yields an errno if it can't be started, else end of file */
	bool ended;
	int status; /* ended: exit status, or 128 plus the signal */
};

/* It waits for ward_begin(). cpu_seconds: for each process. -1: there can be no other process. */
int ward_start(struct ward *ward, char *const *argv, int cpu_seconds, struct err *err);

/* -1: it can't be run: ERR_USAGE. */
int ward_begin(struct ward *ward, const char *name, struct err *err);

/* Takes the status of what has ended. */
void ward_reap(struct ward *ward);

/* Kills all of it, until nothing is left. */
void ward_end(struct ward *ward);

#endif
