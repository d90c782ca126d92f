/*
 * PNG and PDF, by cowscope-draw: a program of its own, one of PART_HELPERS.
 */
#ifndef OUT_PICTURE_DRAW_H
#define OUT_PICTURE_DRAW_H

#include "base/buf.h"
#include "base/err.h"
#include "out/picture/picture.h"
#include "view/canvas/drawing.h"

#define DRAW_SECONDS 10 /* it is killed after that */

/* As picture_png() and picture_pdf(), with the helper at this path. */
int draw_with(const char *helper, struct buf *out, const struct picture *picture,
    enum drawing_kind kind, struct err *err);

/* Runs the helper: `input` goes in, its output is appended. No process is left. */
int draw_run(
    const char *helper, struct buf *out, const struct buf *input, int seconds, struct err *err);

#endif
