/*
 * A name for the lab's own file, and a process that removes it when the lab ends, whatever ends it.
 *
 * The keeper creates the name itself and then waits for the end of the lifeline, so that the name
 * never exists without a process to remove it. Only SIGKILL can end it earlier: the next start then
 * removes the name (lab/sweep.h).
 */
#ifndef LAB_KEEPER_H
#define LAB_KEEPER_H

#include <sys/types.h>

/* In the clerk: gives the nameless file the path as its name, which must be unused. lifeline: the
 * clerk's end. 0, or an errno; *keeper: its pid. */
int keeper_start(int file, const char *path, int lifeline, pid_t *pid);

/* unlink(2), if path is still a name of the file: ESTALE if it is another's. 0, or an errno. */
int keeper_take_name(int file, const char *path);

#endif
