/*
 * What is known about each of many processes or threads: entries that begin with a pid_t, in
 * ascending order of it.
 */
#ifndef BASE_BY_PID_H
#define BASE_BY_PID_H

#include <stddef.h>
#include <sys/types.h>

/* Empty if everything but each is zero. */
struct by_pid {
	size_t each; /* bytes of an entry */
	void *list;  /* for free() */
	size_t count, room;
};

/* Valid until the next one is added or dropped. NULL: there is none. */
void *by_pid_find(const struct by_pid *all, pid_t pid);

/* The entry of this pid, or a new one: zeros except for its pid. */
void *by_pid_add(struct by_pid *all, pid_t pid);

void by_pid_drop(struct by_pid *all, pid_t pid);

#endif
