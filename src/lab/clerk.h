/*
 * Operations on the file without a mapping, in a process that may block on the disk.
 */
#ifndef LAB_CLERK_H
#define LAB_CLERK_H

#include "lab/mapping.h"
#include "lab/wire.h"

/* Any LAB_FILE_ operation, on a mapping's file without mapping it; writes the whole answer. */
void clerk_answer(const struct mapping *mapping, const struct wire_request *request, int lifeline,
    struct wire_writer *writer);

/* mincore(2) of the pages from `at` on, one byte a page into the answer; 0 for an unmapped page. */
void clerk_put_resident(char *at, uint32_t pages, size_t page_size, struct wire_writer *writer);

#endif
