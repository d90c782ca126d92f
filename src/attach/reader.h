/*
 * What this machine lets us read, and the readings that sampling is made of. Nothing here waits.
 */
#ifndef ATTACH_READER_H
#define ATTACH_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct reader {
	uint32_t page_size;
	bool pfn;  /* the kernel shows PFNs */
	bool scan; /* PAGEMAP_SCAN works */
	/* bit 34 of /proc/kpageflags says that an anonymous page's only owner wrote to it: Linux
	 * 5.19 */
	bool exclusive;
	uint64_t zero_pfn;          /* of the page of zeros; 0: not known */
	size_t huge_pages;          /* pages of a huge page; 0: none */
	int kpagecount, kpageflags; /* -1 */
};

/* -1: /proc is not what it has to be. */
int reader_open(struct reader *reader, struct err *err);
void reader_close(struct reader *reader);

/* All of count entries; false: errno is 0 where the memory is gone. */
bool reader_entries(
    const struct reader *reader, int pagemap, uint64_t address, uint64_t *entries, size_t count);

/* The first address at or after this one where something is present or swapped, below end; end if
 * nothing is. */
uint64_t reader_next(const struct reader *reader, int pagemap, uint64_t address, uint64_t end);

/* Map counts of count frames from pfn on; false: not allowed. */
bool reader_counts(const struct reader *reader, uint64_t pfn, uint64_t *counts, size_t count);
/* of /proc/kpageflags; 0: not known */
uint64_t reader_flags(const struct reader *reader, uint64_t pfn);
/* of count frames; false: not known */
bool reader_flags_run(const struct reader *reader, uint64_t pfn, uint64_t *flags, size_t count);

#endif
