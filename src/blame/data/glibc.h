/*
 * glibc's malloc, as 2.26 to 2.42 lay it out: chunks, each with its size in front; a main heap that
 * brk(2) moves, heaps of 64 MiB for threads, chunks of their own mapping. Internal to
 * src/blame/data.
 *
 * Chunks are found by walking sizes from a heap's first one. Where walks went is kept for all
 * processes of a program, as places to begin at; the memory of the process that is asked about must
 * bear it out, or it is walked anew. Walks share an allowance of steps.
 */
#ifndef BLAME_DATA_GLIBC_H
#define BLAME_DATA_GLIBC_H

#include "blame/data/decoder.h"

#define GLIBC_HEAPS 64
#define GLIBC_ARENA_TOP 96
#define GLIBC_ARENA_BYTES 2200 /* a multiple of 8 */

struct glibc_heap {
	uint64_t first, end; /* the first chunk, and where the last one ends */
	uint64_t *starts;    /* chunks that a walk came by, ascending; the first one's first */
	size_t count, room;
};

struct glibc {
	uint64_t main_arena; /* 0: not found */
	uint64_t tcache_key; /* that freed chunks of a thread's cache bear; 0: not known yet */
	struct glibc_heap heaps[GLIBC_HEAPS];
	uint64_t allowance; /* steps that walks may still take */
};

struct glibc_chunk {
	uint64_t start, bytes; /* with its header: two words, of which the first is the user's
				  of the chunk before, unless that one is free */
	bool free;             /* in a bin, or the top: what follows it says so */
	bool mapped;           /* a mapping of its own */
};

/* Where main_arena lies in libc's data: symbols of it are stripped, its bins point to themselves.
 * 0: not found. */
uint64_t glibc_find_arena(const struct module *module, const struct memory_reader *memory);

/* The bounds of the heap of the place; false: it is in none. own: the place is in what a heap keeps
 * of itself, ahead of its chunks. */
bool glibc_heap_bounds(const struct data_place *place, uint64_t *first, uint64_t *end, bool *own);

/* false: in no chunk that could be made sure of. */
bool glibc_chunk_of(struct glibc *glibc, const struct data_place *place, struct glibc_chunk *chunk);

#endif
