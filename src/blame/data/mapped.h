/* What a mapping tells about its contents. Internal to src/blame/data. */
#ifndef BLAME_DATA_MAPPED_H
#define BLAME_DATA_MAPPED_H

#include "blame/data/program.h"

/* What the mapping decides by itself, whatever the runtime: stacks, what the dynamic linker fills
 * in. */
bool mapped_decides(
    const struct vma *vma, const struct data_place *place, struct data_found *found);

/* What it says if no runtime claimed the place: static data, named memory, a file's. */
bool mapped_says(const struct vma *vma, const struct data_place *place, struct data_found *found);

/*
 * The end of a thread's stack with its own mapping, which follows a guard page: after the thread's
 * descriptor, which the C library puts on top. 0: not a stack, or another C library's.
 */
uint64_t thread_stack_end(const struct memory_reader *memory, uint64_t start, uint64_t end);

#endif
