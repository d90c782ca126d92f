/*
 * Which processes are watched: by PID, by name, and their children.
 */
#ifndef ATTACH_WHO_H
#define ATTACH_WHO_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "attach/attach.h"
#include "base/err.h"

struct pids {
	pid_t *list;
	size_t count, room;
};

struct meant {
	struct pids pids; /* the PIDs that were asked for */
	bool descendants; /* theirs too */
	struct attach_match *others;
	size_t other_count;
};

void pids_add(struct pids *pids, pid_t pid);
void pids_free(struct pids *pids);

/* "4242", "4242,4243", "gunicorn". -1: that names no process. */
int who_find(struct meant *who, const char *text, struct err *err);
void who_release(struct meant *who);

/* Adds the children of a process, that is of each of its threads. false: not all could be read. */
bool who_children(pid_t pid, struct pids *children);

#endif
