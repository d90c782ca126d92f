/*
 * Threads that read beside ours when a whole sample is wanted at once.
 */
#ifndef ATTACH_READERS_H
#define ATTACH_READERS_H

#include <pthread.h>
#include <stddef.h>

#define READERS_MOST 8

/* One per core that we may use, at most READERS_MOST; 1 if the kernel doesn't say. */
size_t readers_count(void);

/*
 * Starts total - 1 threads, so that there are total including the caller; at most READERS_MOST.
 * They take no signals, and the caller joins them. Returns how many could be started: the work must
 * get done without them too.
 */
size_t readers_start(pthread_t *threads, size_t total, void *(*work)(void *), void *data);

#endif
