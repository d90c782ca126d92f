/*
 * Sizes and the kernel's bits in words, for every screen and answer.
 */
#ifndef VIEW_CANVAS_WORDING_H
#define VIEW_CANVAS_WORDING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

/* "12K", "1.2M", "3.4G"; "?" for COUNT_UNKNOWN. */
void size_text(struct buf *out, uint64_t kib);

/* The names of the bits that are set, "63 present, 56 mapped exactly once". */
void pagemap_bits_text(struct buf *out, uint64_t entry);

void kpageflags_text(struct buf *out, uint64_t flags);

/* Lines that say the same: a pagemap entry with its 64 bits; nothing for flags 0. */
void explain_entry(struct buf *out, bool known, uint64_t entry);

void explain_flags(struct buf *out, uint64_t flags);

#endif
