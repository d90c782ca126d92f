/*
 * Processes as their fork events reported them: each one's parent, since when it executes another
 * program, and whether a sample has ever seen it. Those that ended are kept until the next sample
 * is settled, since only that says whether they went unseen.
 */
#ifndef BLAME_JOIN_KINDRED_H
#define BLAME_JOIN_KINDRED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/by_pid.h"

#define KINDRED_MOST 262144

struct kindred_one {
	pid_t pid, parent; /* parent 0: unknown */
	/* it existed before, and its parent is from /proc: it may have executed another program
	 * since */
	bool assumed;
	bool seen; /* in a sample */
	bool ended;
	bool forked;      /* its fork was told */
	uint64_t born_ns; /* CLOCK_MONOTONIC, of its fork; 0: unknown */
	uint64_t exec_ns; /* CLOCK_MONOTONIC; 0: it has not */
};

struct kindred {
	struct by_pid all; /* struct kindred_one */
	uint64_t unseen;   /* ended, and never in a sample */
	bool missed;       /* there were more than can be kept */
};

/* The existing entry, or a new one. NULL: there is no room. Valid until the next call. */
struct kindred_one *kindred_enter(struct kindred *kindred, pid_t pid);

void kindred_forked(struct kindred *kindred, pid_t pid, pid_t parent, uint64_t time_ns);
void kindred_ended(struct kindred *kindred, pid_t pid);

/* When a process began to execute its program: of what came before, its memory no longer tells. 0:
 * unknown, or at its fork. */
uint64_t kindred_program_since(const struct kindred *kindred, pid_t pid);

/* Counts those that ended unseen, and drops all that ended. */
void kindred_settle(struct kindred *kindred);

#endif
