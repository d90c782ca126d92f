/*
 * Facts about one thing: lines of "label\ttext\n"; an empty label continues the one before.
 */
#ifndef VIEW_CANVAS_FACTS_H
#define VIEW_CANVAS_FACTS_H

#include "base/buf.h"
#include "view/canvas/canvas.h"

/* Each label once, the text wrapped beside it, inside both margins. If they don't all fit, the last
 * row says how much is missing and which key shows it. Returns the row after the last. */
int facts_draw(struct canvas *canvas, int margin, int row, int row_limit, const char *facts);

/* The same as lines of help. */
void facts_text(struct buf *out, const char *facts);

#endif
