/*
 * Processes that come and go between two samples: the kernel reports each fork and exit (the proc
 * connector, CN_PROC). They are followed from parent to child, and counted if they end before a
 * sample has read them.
 *
 * A separate thread receives the events, so that none is missed while a sample is read. Where the
 * kernel does not tell it (another namespace than the first, an ordinary user before Linux 6.6),
 * and once it says that something was missed, the number is not known.
 */
#ifndef ATTACH_UNSEEN_H
#define ATTACH_UNSEEN_H

#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct unseen;

/* NULL: the kernel does not tell. */
struct unseen *unseen_open(void);
void unseen_close(struct unseen *unseen); /* NULL does nothing, here as below */

/* From now on the forks of this process count: those that it made before are not known. */
void unseen_follow(struct unseen *unseen, pid_t pid);

/* What was told of the forks of a process. */
struct unseen_fork {
	pid_t child; /* of the last one; 0: there was none */
	uint64_t count;
};

enum unseen_since {
	UNSEEN_NOTHING,  /* they are not told, or some were missed */
	UNSEEN_FOLLOWED, /* those since it is followed */
	UNSEEN_BIRTH,    /* all that it ever made */
};

enum unseen_since unseen_last_fork(struct unseen *unseen, pid_t pid, struct unseen_fork *last);

/* What a sample found of a process. */
struct unseen_sighting {
	pid_t pid;
	bool read;  /* its memory was */
	bool ended; /* it has none any more */
};

/* A sample is complete, and these are all that are in it: the others that ended were not seen. */
void unseen_settle(struct unseen *unseen, const struct unseen_sighting *sightings, size_t count);

/* How many there were until the last unseen_settle(), for certain. true: and no more. */
bool unseen_count(struct unseen *unseen, uint64_t *count);

#endif
