/*
 * Names that a lab gave its file and that nobody is left to take away: SIGKILL ended its keeper
 * too.
 */
#ifndef LAB_SWEEP_H
#define LAB_SWEEP_H

/*
 * Takes them away, in the directory of the lab's files and of shared memory objects: names of our
 * own kind, of regular files that are the user's and that nobody holds locked. A lab that lives has
 * its file locked from before it has a name, in whatever PID namespace it lives. Where locks do not
 * work, names stay.
 */
void sweep(void);

#endif
