/*
 * Holding processes still for one sample: PTRACE_SEIZE and PTRACE_INTERRUPT of every thread.
 *
 * No signal is sent and no parent hears of it; when we end, however that happens, the kernel lets go of every thread. A blocking call
 * that is interrupted goes on as after SIGSTOP and SIGCONT (signal(7): epoll_wait and some others return EINTR).
 */
#ifndef ATTACH_FREEZE_H
#define ATTACH_FREEZE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct frozen {
	pid_t *threads;
	size_t count, room;
};

/* Adds the threads of a process. false: not all of them stand still within a second, or somebody else traces them. */
bool freeze_process(struct frozen *frozen, pid_t pid);

/* Lets all of them go on. A thread that sat in the kernel and did not stand still yet stays in the list, for the next call. */
void freeze_end(struct frozen *frozen);

#endif
