/*
 * The threads that processes have, to be watched: by number, as /proc lists them.
 */
#ifndef BLAME_EVENT_THREADS_H
#define BLAME_EVENT_THREADS_H

#include <sys/types.h>

#include "base/by_pid.h"

/* Adds those that /proc/PID/task names, each a pid_t; a process that is gone adds nothing. */
void threads_of(pid_t pid, struct by_pid *threads);

#endif
