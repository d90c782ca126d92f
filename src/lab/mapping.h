/*
 * A worker's mapping: the pages of the lab, each in a VMA of its own.
 *
 * Every second page is marked MADV_DONTDUMP, so that neighbours never merge: fault-around stays
 * within one page, and smaps has an entry for each. If one VMA is wanted (whole), huge pages are
 * kept away until they are asked for.
 */
#ifndef LAB_MAPPING_H
#define LAB_MAPPING_H

#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "lab/lab.h"
#include "model/words.h"

/* A descriptor that is never open. */
#define MAPPING_CLOSED INT_MAX

struct mapping {
	enum kind kind;
	uint32_t pages;
	size_t page_size;
	bool whole;     /* one VMA, and advice is given to all pages at once */
	int protection; /* PROT_ of a page whose protection was not changed */
	int file;       /* borrowed; -1 for the anonymous kinds */
	char *base;     /* of page 0 */
};

/* Maps all pages at wish, else at a fixed distance from it, else where the kernel likes. 0, or an
 * errno. */
int mapping_make(struct mapping *mapping, uintptr_t wish);

/* In a fresh address space: keeps the base if nothing is mapped there, or takes another. */
void mapping_forget(struct mapping *mapping);

/* One mmap(2) that begins at a page, if nothing is there: of that page as it was at first, but for
 * what is told, whose offset is that of the page `behind` pages before. 0, or an errno. */
int mapping_put(
    const struct mapping *mapping, uint32_t page, uint32_t behind, const struct lab_mapping *told);

char *mapping_page(const struct mapping *mapping, uint32_t page);

#endif
