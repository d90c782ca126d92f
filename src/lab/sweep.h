/*
 * Names that a lab gave its file and that no process is left to remove, because SIGKILL ended its
 * keeper too.
 */
#ifndef LAB_SWEEP_H
#define LAB_SWEEP_H

/*
 * Removes them from the directory of the lab's files and of shared memory objects: names of our own
 * form, of regular files that belong to the user and that no process holds locked. A living lab has
 * its file locked before it has a name, in whatever PID namespace it lives. Where locks don't work,
 * names stay.
 */
void sweep(void);

#endif
