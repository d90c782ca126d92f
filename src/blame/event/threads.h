/*
 * The threads that processes have, to be watched: by number, as /proc lists them.
 */
#ifndef BLAME_EVENT_THREADS_H
#define BLAME_EVENT_THREADS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

/* A set of numbers; zeroed memory is an empty one. */
struct numbers {
	pid_t *list; /* ascending */
	size_t count, room;
};

/* true: it was not in it. */
bool numbers_add(struct numbers *numbers, pid_t number);
bool numbers_has(const struct numbers *numbers, pid_t number);
void numbers_drop(struct numbers *numbers, pid_t number);
void numbers_free(struct numbers *numbers);

/* Adds those that /proc/PID/task names; a process that is gone adds nothing. */
void threads_of(pid_t pid, struct numbers *threads);

#endif
