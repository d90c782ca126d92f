/*
 * A canvas as text: UTF-8 or ASCII as drawn, trailing blanks trimmed, a newline behind every row.
 */
#ifndef OUT_PICTURE_TEXT_H
#define OUT_PICTURE_TEXT_H

#include "base/buf.h"
#include "base/err.h"
#include "view/canvas/canvas.h"

/* A cell's characters, as many columns as it has, none for the right half of a wide one. What a terminal obeys becomes
 * U+FFFD, or '?' in ASCII. */
void text_cell(struct buf *out, const struct cell *cell, bool ascii);
void text_canvas(struct buf *out, const struct canvas *canvas);

/* Writes data to a new file: path, or path with -2, -3 ... before its ending if it exists. Written beside it, then
 * linked into place, so that no half-written file is left. *written is the name taken; the caller frees it. */
int save_new(const char *path, const void *data, size_t length, char **written, struct err *err);

/* The name that save_new() would take now; the caller frees it. */
char *save_name(const char *path);

/* Writes data to path, in place of what is there: written beside it, then renamed. A device or pipe is written to. */
int save_over(const char *path, const void *data, size_t length, struct err *err);

/* "cannot save PATH: ...", a full disk being the machine's fault and a bad name the user's. Returns -1. */
int save_error(struct err *err, int errnum, const char *path);

#endif
