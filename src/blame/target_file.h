/*
 * The files of a process that isn't ours, as it sees them, by their path below its root; those that
 * it maps are opened by suspect_open_file(). Only regular files are opened, and none of a file
 * system that a process answers for (FUSE): nothing here waits for anyone.
 */
#ifndef BLAME_TARGET_FILE_H
#define BLAME_TARGET_FILE_H

#include "blame/suspect.h"

/* An absolute path below the process's root, without leaving it. -1: unavailable. */
int target_open_path(const struct suspect *suspect, const char *path);

/* A file of this machine. -1: unavailable. */
int target_open_ours(const char *path);

#endif
