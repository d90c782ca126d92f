/*
 * Holding processes still for one sample: PTRACE_SEIZE and PTRACE_INTERRUPT of every thread.
 *
 * No signal is sent, none that arrives meanwhile is lost, and no parent hears of it. A process of
 * our own, the guard, traces them; when it ends the kernel lets go of everybody, also of who sat in
 * the kernel (vfork(2)) and would have stopped later. It lets them go when it is told to, when we
 * end or are stopped, however that happens, and after FREEZE_MOST_SECONDS; nothing that is sent to
 * us or to our process group reaches it. Ctrl-Z does not stop us meanwhile. Who was stopped before
 * stays so. A blocking call that is interrupted goes on as after SIGSTOP and SIGCONT (signal(7):
 * epoll_wait and some others return EINTR).
 */
#ifndef ATTACH_FREEZE_H
#define ATTACH_FREEZE_H

#include <stdbool.h>
#include <stddef.h>

#define FREEZE_MOST_SECONDS 10

struct freeze;

/*
 * Holds the threads of the processes that have these /proc directories; end it with freeze_end(),
 * also where *still is false: then not all of them stand still within a second, or somebody else
 * traces them. NULL: no guard could be started, and nobody is held.
 */
struct freeze *freeze_begin(const int *dirs, size_t count, bool *still);

/* The pagemap of the guard, whose addresses are ours: for the caller to close. -1: it may not be
 * read, or freeze is NULL. */
int freeze_pagemap(const struct freeze *freeze);

/* Lets all of them continue. false: they continued earlier, because it took too long or we were
 * stopped; also for NULL. */
bool freeze_end(struct freeze *freeze);

#endif
