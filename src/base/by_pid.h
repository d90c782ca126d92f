/*
 * What is known of each of many processes or threads: entries that begin with a pid_t, in ascending
 * order of it.
 */
#ifndef BASE_BY_PID_H
#define BASE_BY_PID_H

#include <stddef.h>
#include <sys/types.h>

/* Zeros but for each: an empty one. */
struct by_pid {
	size_t each; /* bytes of an entry */
	void *list;  /* for free() */
	size_t count, room;
};

/* Good until the next that is added or dropped. NULL: there is none. */
void *by_pid_find(const struct by_pid *all, pid_t pid);

/* The one that is there, or a new one: zeros but for its number. */
void *by_pid_add(struct by_pid *all, pid_t pid);

void by_pid_drop(struct by_pid *all, pid_t pid);

#endif
