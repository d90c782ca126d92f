/*
 * cachestat(2), Linux 6.5: which pages of a file are in the page cache, dirty, under writeback. It
 * doesn't touch the pages, and requires write access to the file or owning it.
 */
#ifndef KERNEL_CACHESTAT_H
#define KERNEL_CACHESTAT_H

#include <stdbool.h>
#include <stdint.h>

#include "model/lab/snapshot.h"

/* false also on an overlay file system, where it would say that nothing is cached. */
bool cachestat_works(int file);

/* Sets cached, dirty and writeback of the file's first count pages; a page that the kernel won't
 * tell about stays as it is. Exact for each page: a range is queried as a whole and halved until
 * all its pages are alike. */
void cachestat_read(int file, uint32_t page_size, struct file_page *pages, uint32_t count);

#endif
