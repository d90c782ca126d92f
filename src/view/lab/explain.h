/*
 * Numbers, contents and pages in words, for the screen and for answers in text. Internal to
 * src/view, and to src/out for the content of a page.
 */
#ifndef VIEW_LAB_EXPLAIN_H
#define VIEW_LAB_EXPLAIN_H

#include <stdbool.h>

#include "base/buf.h"
#include "model/lab/snapshot.h"

/* The readable start of a page, with one '.' for each other byte (with ascii: for each that isn't
 * ASCII). */
void content_text(struct buf *out, const struct content *content, bool ascii);

/* "shared x3", "shared+out", "copied": the state as a table cell says it, in at most this many
 * cells if possible. */
void state_text(struct buf *out, const struct process *process, uint32_t page, int cells);

/* "stopped", "killed by SIGKILL"; nothing for a process that runs. */
void life_text(struct buf *out, const struct process *process);

/* "cached", "dirty", "writeback", "-", "?": translated. */
const char *file_page_word(const struct file_page *page);

/* "used 1.2G", "dirty 0K" ...: system memory, as many parts as fit, with the separator between
 * them. */
void memory_text(struct buf *out, const struct memory *memory, const char *separator, size_t cells);

/* Nothing is written back, and cachestat doesn't count pages that processes wrote as dirty. */
bool file_lacks_disk(const struct snapshot *now);

/* "10 cached, 1 dirty", or "10 cached, no disk" of file pages; brief: "1 dirty", "10 cached". */
void file_summary(struct buf *out, const struct snapshot *now, bool brief);

/* Everything about one page, most important first: lines of "label\ttext\n"; an empty label goes on
 * with the one before. */
void explain_page(
    struct buf *out, const struct snapshot *now, const struct process *process, uint32_t page);

/* The processes that map the same frame as this page, itself included: bit 0 is a. */
uint16_t page_mappers(const struct snapshot *now, const struct process *process, uint32_t page);

#endif
