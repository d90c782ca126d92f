/*
 * Numbers, contents and pages in words, for the screen and for answers in text. Internal to
 * src/view, and to src/out for the content of a page.
 */
#ifndef VIEW_LAB_EXPLAIN_H
#define VIEW_LAB_EXPLAIN_H

#include <stdbool.h>

#include "base/buf.h"
#include "model/lab/snapshot.h"

/* The readable start of a page, one '.' for each byte that is not (with ascii: not ASCII). */
void content_text(struct buf *out, const struct content *content, bool ascii);

/* "shared x3", "shared+out", "copied": the state as a cell of the table says it, in at most so many
 * cells where it can. */
void state_text(struct buf *out, const struct process *process, uint32_t page, int cells);

/* "used 1.2G", "dirty 0K" ...: the system's memory, as many parts as fit, with the separator
 * between them. */
void memory_text(struct buf *out, const struct memory *memory, const char *separator, size_t cells);

/* Nothing is written back, and cachestat counts no page as dirty that processes did write. */
bool file_lacks_disk(const struct snapshot *now);

/* "10 cached, 1 dirty" of file pages, or "10 cached, no disk"; brief: "1 dirty", "10 cached". */
void file_summary(struct buf *out, const struct snapshot *now, bool brief);

/* Everything about one page, most important first: lines of "label\ttext\n"; an empty label goes on
 * with the one before. */
void explain_page(
    struct buf *out, const struct snapshot *now, const struct process *process, uint32_t page);

/* Who maps the same frame as this page: a set, bit 0 is a. The process itself is in it. */
uint16_t page_mappers(const struct snapshot *now, const struct process *process, uint32_t page);

#endif
