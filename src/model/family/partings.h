/*
 * What fault events tell about pages that are parted: each process either copied the page or kept
 * what it had.
 */
#ifndef MODEL_FAMILY_PARTINGS_H
#define MODEL_FAMILY_PARTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "model/family/family.h"

struct parting_told {
	size_t region; /* index into family.regions */
	uint64_t page;
	size_t member; /* whose cell is parted */
	bool copied;   /* it made a copy; else it kept the frame that was there */
};

struct partings_told {
	struct parting_told *list;
	size_t count, room;
};

void partings_add(struct partings_told *told, const struct parting_told *one);

/* Turns those cells to copied and private ones, and counts again. As family_take_blame(): call it
 * once, before anything else uses the family, whose regions it puts in another order. */
void family_take_partings(const struct family *family, const struct partings_told *told);

#endif
