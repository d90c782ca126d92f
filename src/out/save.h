/*
 * Files that are saved whole or not at all.
 */
#ifndef OUT_SAVE_H
#define OUT_SAVE_H

#include <stddef.h>

#include "base/err.h"

/* Writes data to a new file: path, or path with -2, -3 ... before its ending if it exists. Written
 * beside it, then linked into place, so that no half-written file is left. *written: the name
 * taken, which the caller frees. */
int save_new(const char *path, const void *data, size_t length, char **written, struct err *err);

/* The name that save_new() would take now; the caller frees it. */
char *save_name(const char *path);

/* Writes data to path, replacing what is there: written beside it, then renamed. A device or pipe
 * is written to. */
int save_over(const char *path, const void *data, size_t length, struct err *err);

/* "cannot save PATH: ...", a full disk being the machine's fault and a bad name the user's. Returns
 * -1. */
int save_error(struct err *err, int errnum, const char *path);

#endif
