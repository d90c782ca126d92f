/* What a mapping says of what lies in it. Internal to src/blame/data. */
#ifndef BLAME_DATA_MAPPED_H
#define BLAME_DATA_MAPPED_H

#include "blame/data/program.h"

/* What the mapping decides by itself, whatever runtime is there: stacks, what the dynamic linker
 * fills in. */
bool mapped_decides(
    const struct vma *vma, const struct data_place *place, struct data_found *found);

/* What it says where no runtime claimed the place: static data, named memory, a file's. */
bool mapped_says(const struct vma *vma, const struct data_place *place, struct data_found *found);

/*
 * Where the stack of a thread ends that has its own mapping, which a guard page precedes: after the
 * thread's descriptor, which the C library puts on top. 0: it is none, or its C library does it in
 * another way.
 */
uint64_t thread_stack_end(const struct memory_reader *memory, uint64_t start, uint64_t end);

#endif
