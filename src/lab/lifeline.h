/*
 * The lifeline: a pipe whose write end only we hold. When it closes, for whatever reason, the
 * kernel kills the worker that armed the read end, even a stopped one.
 *
 * The owner is kept per open file description, so every worker needs a pipe of its own.
 */
#ifndef LAB_LIFELINE_H
#define LAB_LIFELINE_H

#include <stddef.h>
#include <sys/types.h>

/* ends[0] is the worker's, ends[1] ours. 0, or -1 with errno. */
int lifeline_open(int ends[2]);

/* As fork(2). In the child all signals are blocked, so that none reaches it before it is ready. */
pid_t lifeline_fork(void);

/* In the worker. -1: the other end is closed already, or the kernel refuses. */
int lifeline_arm(int end);

/* Closes every descriptor except the kept ones, moves those above 2 and puts dead ends in place of
 * standard input, output and error. dead_end is one of the kept. -1 with errno. */
int lifeline_close_others(int *keep[], size_t count, int *dead_end);

#endif
