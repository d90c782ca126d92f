/*
 * Threads. Signals are the first thread's: no other takes any.
 */
#ifndef BASE_THREAD_H
#define BASE_THREAD_H

#include <pthread.h>
#include <stdbool.h>

/* false: the system has no more threads. */
bool thread_start(pthread_t *thread, void *(*work)(void *), void *data);

#endif
