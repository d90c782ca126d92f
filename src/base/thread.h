/*
 * Threads. Signals go to the first thread: no other takes any.
 */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/* false: the system can't start another thread. */
bool thread_start(pthread_t *thread, void *(*work)(void *), void *data);

#endif
