/*
 * Page table entries of one process, from its /proc/PID/pagemap.
 *
 * The descriptor pins the address space it was opened for: once that is gone, reads give 0 bytes.
 */
#ifndef KERNEL_PAGEMAP_H
#define KERNEL_PAGEMAP_H

#include <stdbool.h>
#include <stdint.h>

#include "model/lab/snapshot.h"

/* Reads the entries of count pages from address on. Returns how many were read, 0 if none. */
uint32_t pagemap_read(
    int fd, uint64_t address, uint32_t page_size, uint64_t *entries, uint32_t count);

/* Sets zero of every page to TRI_YES or TRI_NO through PAGEMAP_SCAN. false: that failed; errno is
 * ENOTTY where the kernel lacks it (before Linux 6.7). */
bool pagemap_scan_zero(
    int fd, uint64_t address, uint32_t page_size, struct page *pages, uint32_t count);

/* Does the kernel show us the PFN of a page of our own? TRI_UNKNOWN if our own pagemap can't be
 * read; errno says why. */
enum tri pagemap_shows_pfn(uint32_t page_size);

/*
 * Does the kernel map its page of zeros when memory that was never written is read? Tried with a
 * page of our own. TRI_UNKNOWN if that can't be read. *pfn: of the page of zeros; 0 if there is
 * none or PFNs are hidden.
 */
enum tri pagemap_zero_page(uint32_t page_size, uint64_t *pfn);

#endif
