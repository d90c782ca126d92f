/*
 * Numbers, contents and pages in words, for the screen and for answers in text. Internal to
 * src/view, and to src/out for the content of a page.
 */
#ifndef VIEW_LAB_EXPLAIN_H
#define VIEW_LAB_EXPLAIN_H

#include <stdbool.h>

#include "base/buf.h"
#include "model/lab/snapshot.h"

/* "12K", "1.2M", "3.4G"; "?" for COUNT_UNKNOWN. */
void size_text(struct buf *out, uint64_t kib);

/* The readable start of a page, one '.' for each byte that is not (with ascii: not ASCII). */
void content_text(struct buf *out, const struct content *content, bool ascii);

/* "shared x3", "shared+out", "copied": the state as a cell of the table says it, in at most so many
 * cells where it can. */
void state_text(struct buf *out, const struct process *process, uint32_t page, int cells);

/* "used 1.2G", "dirty 0K" ...: the system's memory, as many parts as fit, with the separator
 * between them. */
void memory_text(struct buf *out, const struct memory *memory, const char *separator, size_t cells);

/* "10 cached, 1 dirty" of file pages; brief: "1 dirty". */
void file_summary(struct buf *out, const struct snapshot *now, bool brief);

/* Everything about one page, most important first: lines of "label\ttext\n"; an empty label goes on
 * with the one before. */
void explain_page(
    struct buf *out, const struct snapshot *now, const struct process *process, uint32_t page);

/* The names of the bits that are set, "63 present, 56 mapped exactly once". */
void pagemap_bits_text(struct buf *out, uint64_t entry);
void kpageflags_text(struct buf *out, uint64_t flags);

/* The same as such lines: a pagemap entry with its 64 bits; nothing for flags 0. */
void explain_entry(struct buf *out, bool known, uint64_t entry);
void explain_flags(struct buf *out, uint64_t flags);

/* Who maps the same frame as this page: a set, bit 0 is a. The process itself is in it. */
uint16_t page_mappers(const struct snapshot *now, const struct process *process, uint32_t page);

#endif
