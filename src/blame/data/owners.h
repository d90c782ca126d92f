/*
 * Owners: memory of an allocator belongs to the object of an interpreter that points to it. They
 * are found by searching the memory of a program for such objects; each use checks in the process
 * itself whether the object still points there. Internal to src/blame/data.
 */
#ifndef BLAME_DATA_OWNERS_H
#define BLAME_DATA_OWNERS_H

#include "blame/data/program.h"

/* Claims what an object owns. block NULL: it isn't known which block of an allocator it is. false:
 * no owner is known. */
bool owners_find(struct program *program, struct suspect *suspect, const struct data_place *place,
    const struct data_block *block, struct data_found *found);

void owners_release(struct owners *owners);

#endif
