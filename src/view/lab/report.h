/*
 * Answers in words, for --batch in text and for `show`: plain lines, no canvas.
 */
#ifndef VIEW_LAB_REPORT_H
#define VIEW_LAB_REPORT_H

#include <stddef.h>

#include "base/buf.h"
#include "model/lab/events.h"
#include "model/lab/snapshot.h"

/* Sanitised, in lines of 76 cells, each after indent. */
void report_paragraph(struct buf *out, const char *text, const char *indent);

#define REPORT_CELLS 76 /* a line's width, unless another is given */

/* "step 3  write a:2" and the paragraph of what happened. */
void report_step(
    struct buf *out, const struct snapshot *now, const struct events *events, size_t cells);

/* the table: a row per page, a column per process */
void report_state(struct buf *out, const struct snapshot *now);
void report_frames(struct buf *out, const struct snapshot *now); /* F2 <- b c */
void report_file(struct buf *out, const struct snapshot *now);
void report_memory(struct buf *out, const struct snapshot *now);

/* One page of one process: state and why, the 64 bits decoded, its smaps entry, its frame and the
 * processes that map it. */
void report_page(struct buf *out, const struct snapshot *now, char process, uint32_t page);

/* The same for `explain`: every bit and field with its meaning, as the help screen shows it. */
void report_explain(struct buf *out, const struct snapshot *now, char process, uint32_t page);

#endif
