/*
 * Drawings as files. The same drawing gives the same bytes. Each function appends, and fails with
 * ERR_MACHINE.
 */
#ifndef DRAW_FILES_H
#define DRAW_FILES_H

#include "base/buf.h"
#include "base/err.h"
#include "view/canvas/drawing.h"

int png_file(struct buf *out, const struct drawing *drawing, struct err *err);
int pdf_file(struct buf *out, const struct drawing *drawing, struct err *err);

/* "2023-11-14T22:13:20Z", or "" for a time outside the calendar. */
void file_time(char out[32], uint64_t time_s);

#endif
