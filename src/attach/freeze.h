/*
 * Holding processes still for one sample: PTRACE_SEIZE and PTRACE_INTERRUPT of every thread.
 *
 * No signal is sent, none that arrives meanwhile is lost, and no parent hears of it. A thread of our own traces them: when it ends the
 * kernel lets go of everybody, also of who sat in the kernel (vfork(2)) and would have stopped later, and it ends when we do, however
 * that happens. Nobody is held for longer than FREEZE_MOST_SECONDS, and Ctrl-Z does not stop us meanwhile. Whoever sends us a SIGSTOP
 * just then stops them too, until SIGCONT or our end. A blocking call that is interrupted goes on as after SIGSTOP and SIGCONT
 * (signal(7): epoll_wait and some others return EINTR).
 */
#ifndef ATTACH_FREEZE_H
#define ATTACH_FREEZE_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define FREEZE_MOST_SECONDS 10

struct freeze;

/*
 * Holds the threads of these processes; end it with freeze_end(), also where *still is false: then not all of them stand still within
 * a second, or somebody else traces them. NULL: no thread could be started, and nobody is held.
 */
struct freeze *freeze_begin(const pid_t *pids, size_t count, bool *still);

/* Lets all of them go on. false: it took too long, and they went on before. NULL is fine, and false. */
bool freeze_end(struct freeze *freeze);

#endif
