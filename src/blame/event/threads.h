/*
 * The threads of processes, to be watched: by their IDs, as /proc lists them.
 */
#ifndef BLAME_EVENT_THREADS_H
#define BLAME_EVENT_THREADS_H

#include <sys/types.h>

#include "base/by_pid.h"

/* Adds those listed in /proc/PID/task, each a pid_t; adds none for a process that has ended. */
void threads_of(pid_t pid, struct by_pid *threads);

#endif
