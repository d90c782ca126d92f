/*
 * Processes as their fork events told them: of whom each came, since which moment it is another
 * program, and whether a sample has ever seen it. Those that ended are kept until the next sample
 * is settled, since only that says whether they went unseen.
 */
#ifndef BLAME_JOIN_KINDRED_H
#define BLAME_JOIN_KINDRED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define KINDRED_MOST 262144

struct kindred_one {
	pid_t pid, parent; /* parent 0: not known */
	/* it was there before, and its parent is the one that /proc says: it may have been another
	 * program since */
	bool assumed;
	bool seen; /* in a sample */
	bool ended;
	bool forked;      /* its fork was told */
	uint64_t exec_ns; /* CLOCK_MONOTONIC; 0: it is what it was */
};

struct kindred {
	struct kindred_one *list; /* ascending pids */
	size_t count, room;
	uint64_t unseen; /* ended, and never in a sample */
	bool missed;     /* there were more than are kept */
};

void kindred_release(struct kindred *kindred);

/* NULL: nobody; kindred_enter() makes it known, NULL where there is no room. Good until the next
 * that is entered or dropped. */
struct kindred_one *kindred_of(const struct kindred *kindred, pid_t pid);
struct kindred_one *kindred_enter(struct kindred *kindred, pid_t pid);

void kindred_forked(struct kindred *kindred, pid_t pid, pid_t parent);
void kindred_ended(struct kindred *kindred, pid_t pid);

/* Counts those that ended unseen, and lets go of all that ended. */
void kindred_settle(struct kindred *kindred);

#endif
