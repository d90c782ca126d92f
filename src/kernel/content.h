/*
 * The first bytes of the file's pages, read so that nothing is faulted in and no disk is asked.
 *
 * Anonymous memory is not read: every way to read it from outside leaves a reference on the frame,
 * and the next write would copy it. Its contents follow from the acts: model/lab/contents.h.
 */
#ifndef KERNEL_CONTENT_H
#define KERNEL_CONTENT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/lab/snapshot.h"

/* Contents of the file's pages that are in the page cache: cachestat or mincore says so, or mapped,
 * count of them, that a process maps the page. */
void content_of_file(
    int file, uint32_t page_size, struct file_page *pages, const bool *mapped, uint32_t count);

#endif
