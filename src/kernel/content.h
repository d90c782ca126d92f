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

/* Contents of the count pages of the file that are in the page cache: according to cachestat or
 * mincore, or because a process maps them (mapped). */
void content_of_file(
    int file, uint32_t page_size, struct file_page *pages, const bool *mapped, uint32_t count);

#endif
