/*
 * A file made in a child process, because Cairo aborts when it can't embed a font in a PDF: then
 * only the child ends. Call it before any thread starts.
 */
#ifndef DRAW_TRIAL_H
#define DRAW_TRIAL_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "view/canvas/drawing.h"

typedef int file_maker(struct buf *out, const struct drawing *drawing, struct err *err);

/*
 * Appends what `make` appends, and fails as it does. If a signal ended it: -1, *died is true,
 * nothing is appended and err is unchanged.
 */
int trial(
    file_maker *make, struct buf *out, const struct drawing *drawing, bool *died, struct err *err);

#endif
