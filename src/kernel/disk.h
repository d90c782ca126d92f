/*
 * What a file system does with the pages of its files, tested on a file that has no other user.
 *
 * The name of a file system says little: an overlay behaves as what is below it. Needs neither
 * cachestat(2) nor root: our own smaps tells.
 */
#ifndef KERNEL_DISK_H
#define KERNEL_DISK_H

#include <stdbool.h>

struct disk_ways {
	bool writes_back;    /* msync(2) makes a page clean: it is in memory and on a disk */
	bool page_by_page;   /* and leaves pages alone that it was not told of */
	bool keeps_the_rest; /* ftruncate(2) leaves the pages mapped that lie before the cut */
};

/* Fills the file with two pages and cuts it. false: it could not be tried; errno says why. */
bool disk_try(int file, struct disk_ways *ways);

#endif
