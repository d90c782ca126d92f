/*
 * What this machine lets us read, and the readings that samples consist of. Nothing here waits.
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
	/* bit 34 of /proc/kpageflags tells that an anonymous page's only owner wrote to it: Linux
	 * 5.19 */
	bool exclusive;
	bool ksm_flags_all;         /* KPF_KSM is set on every anonymous page, as by Linux 6.12 */
	bool ksm_merged;            /* KSM has merged pages, as of reader_refresh() */
	uint64_t zero_pfn;          /* of the page of zeros; 0: unknown */
	size_t huge_pages;          /* pages in a huge page; 0: there are none */
	int kpagecount, kpageflags; /* -1 */
};

/* -1: /proc is not as it must be. */
int reader_open(struct reader *reader, struct err *err);
void reader_close(struct reader *reader);

/* Before each sample. */
void reader_refresh(struct reader *reader);

/* Reads all of count entries; false: errno is 0 if the memory is gone. */
bool reader_entries(
    const struct reader *reader, int pagemap, uint64_t address, uint64_t *entries, size_t count);

/* The first address from this one on, below end, at which a page is present or swapped; end if
 * there is none. */
uint64_t reader_next(const struct reader *reader, int pagemap, uint64_t address, uint64_t end);

/* Map counts of count frames from pfn on; false: not allowed. */
bool reader_counts(const struct reader *reader, uint64_t pfn, uint64_t *counts, size_t count);
/* from /proc/kpageflags; 0: unknown */
uint64_t reader_flags(const struct reader *reader, uint64_t pfn);
/* Do these flags belong to a page that KSM has merged, as far as they tell? */
bool reader_is_merged(const struct reader *reader, uint64_t flags);
/* of count frames; false: unknown */
bool reader_flags_run(const struct reader *reader, uint64_t pfn, uint64_t *flags, size_t count);

#endif
