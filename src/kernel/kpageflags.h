/*
 * /proc/kpageflags: what the kernel knows about page frames. For root only.
 */
#ifndef KERNEL_KPAGEFLAGS_H
#define KERNEL_KPAGEFLAGS_H

#include <stddef.h>
#include <stdint.h>

#include "model/lab/snapshot.h"

/* A frame to look up, and the page that asks. */
struct frame_query {
	uint64_t pfn; /* never 0 */
	struct page *page;
};

/* -1: not allowed. */
int kpageflags_open(void);

/* Sets kpageflags of each page. Sorts the queries, so that neighbouring frames are read
 * together. */
void kpageflags_read(int fd, struct frame_query *queries, size_t count);

#endif
