/*
 * Threads that read beside ours, for a whole sample that is wanted at once.
 */
#ifndef ATTACH_READERS_H
#define ATTACH_READERS_H

#include <pthread.h>
#include <stddef.h>

#define READERS_MOST 8

/* One for each core that we may use, at most READERS_MOST; 1 where the kernel does not say. */
size_t readers_count(void);

/*
 * Starts total - 1 threads, so that with the caller there are total; at most READERS_MOST. They get
 * no signals, and the caller joins them. Returns how many could be started: what they share must be
 * done without them too.
 */
size_t readers_start(pthread_t *threads, size_t total, void *(*work)(void *), void *data);

#endif
