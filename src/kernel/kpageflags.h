/*
 * /proc/kpageflags: what the kernel knows of page frames. For root only.
 */
#ifndef KERNEL_KPAGEFLAGS_H
#define KERNEL_KPAGEFLAGS_H

#include <stddef.h>
#include <stdint.h>

#include "model/lab/snapshot.h"

/* A frame to be looked up, and the page that wants to know. */
struct frame_query {
	uint64_t pfn; /* never 0 */
	struct page *page;
};

/* -1 where it is not allowed. */
int kpageflags_open(void);

/* Sets kpageflags of each page. Sorts the queries, so that neighbours are read together. */
void kpageflags_read(int fd, struct frame_query *queries, size_t count);

#endif
