/*
 * ioctl(PAGEMAP_SCAN), Linux 6.7: ranges of pages by what they are, without an entry for each page.
 * Source: Documentation/admin-guide/mm/pagemap.rst.
 */
#ifndef KERNEL_SCAN_H
#define KERNEL_SCAN_H

#include <stdint.h>

#define SCAN_PRESENT (UINT64_C(1) << 3)
#define SCAN_SWAPPED (UINT64_C(1) << 4)
#define SCAN_PFNZERO (UINT64_C(1) << 5)
#define SCAN_HUGE (UINT64_C(1) << 6)

/* Addresses [start, end) that have these of the requested categories. */
struct scan_range {
	uint64_t start, end, categories;
};

/* Finds up to room ranges from *at to end that have any of the categories. Returns how many, and
 * sets *at to where it stopped, end if there is nothing more. -1: errno is ENOTTY where the kernel
 * lacks it. */
int scan_ranges(int pagemap, uint64_t *at, uint64_t end, uint64_t any_of, struct scan_range *ranges,
    unsigned room);

/* The first page from address on that has any of the categories; end if there is none. -1: as
 * scan_ranges(). */
int scan_first(int pagemap, uint64_t *address, uint64_t end, uint64_t any_of);

#endif
