/*
 * Processes that come and go between two samples: the kernel reports each fork and exit (the proc
 * connector, CN_PROC). They are followed from parent to child, and counted if they end before a
 * sample has read them.
 *
 * A separate thread receives the events, so that none is missed while a sample is read. Where the
 * kernel doesn't report them (another namespace than the first, an ordinary user before Linux 6.6),
 * and once it says that some were missed, the number is unknown.
 */
#ifndef ATTACH_UNSEEN_H
#define ATTACH_UNSEEN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct unseen;

/* NULL: the kernel doesn't report them. */
struct unseen *unseen_open(void);
void unseen_close(struct unseen *unseen); /* NULL does nothing, here as below */

/* Counts the forks of this process from now on; earlier ones are unknown. */
void unseen_follow(struct unseen *unseen, pid_t pid);

/* What was reported about a process's forks. */
struct unseen_fork {
	pid_t child; /* the last one; 0: there was none */
	uint64_t count;
};

enum unseen_since {
	UNSEEN_NOTHING,  /* not reported, or some were missed */
	UNSEEN_FOLLOWED, /* those since it has been followed */
	UNSEEN_BIRTH,    /* all it ever made */
};

enum unseen_since unseen_last_fork(struct unseen *unseen, pid_t pid, struct unseen_fork *last);

/* What a sample found of a process. */
struct unseen_sighting {
	pid_t pid;
	bool read;  /* its memory was */
	bool ended; /* it has ended */
};

/* A sample is complete, and these are all the processes in it: others that have ended were not
 * seen. */
void unseen_settle(struct unseen *unseen, const struct unseen_sighting *sightings, size_t count);

/* How many there were up to the last unseen_settle(), at least. true: exactly that many. */
bool unseen_count(struct unseen *unseen, uint64_t *count);

#endif
