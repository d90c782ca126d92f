/*
 * What SVG and HTML share: sanitised text, colours, dates.
 */
#ifndef OUT_PICTURE_MARKUP_H
#define OUT_PICTURE_MARKUP_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "view/canvas/canvas.h"

/* Text of an element or a quoted attribute. Characters that must never reach a terminal, or that
 * XML forbids, become U+FFFD. */
void markup_text(struct buf *out, const char *text);

/* As markup_text, but keeps line ends. */
void markup_lines(struct buf *out, const char *text);

/* A cell's character; a blank if it is empty. Returns its UTF-16 code units before escaping. */
size_t markup_cell(struct buf *out, const struct cell *cell);

void markup_color(struct buf *out, uint32_t rgb); /* "#56b4e9" */

/* "2026-11-21T02:11:09Z"; nothing after the year 9999. */
void markup_date(struct buf *out, uint64_t seconds);

#endif
