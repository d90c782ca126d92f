/*
 * What a file system does with the pages of its files, tested on a file that nobody else uses.
 *
 * A file system's name says little: an overlay behaves like what is below it. Requires neither
 * cachestat(2) nor root: our own smaps tells.
 */
#ifndef KERNEL_DISK_H
#define KERNEL_DISK_H

#include <stdbool.h>

struct disk_ways {
	bool writes_back;    /* msync(2) makes a page clean: it is in memory and on a disk */
	bool page_by_page;   /* and leaves alone the pages that it was not given */
	bool keeps_the_rest; /* ftruncate(2) leaves pages before the cut mapped */
};

/* Fills the file with two pages and cuts it. false: the test failed; errno says why. */
bool disk_try(int file, struct disk_ways *ways);

#endif
