/*
 * glibc's malloc as laid out by 2.26 to 2.42: chunks, each preceded by its size; a main heap that
 * brk(2) moves, heaps of 64 MiB for threads, chunks with a mapping of their own. Internal to
 * src/blame/data.
 *
 * Chunks are found by walking sizes from a heap's first one. Visited positions are kept for all
 * processes of a program, as starting points; the memory of the process at hand must confirm them,
 * or it is walked again. Walks share an allowance of steps.
 */
#ifndef BLAME_DATA_GLIBC_H
#define BLAME_DATA_GLIBC_H

#include "blame/data/decoder.h"

#define GLIBC_PAGE 4096
#define GLIBC_IS_MMAPPED 2u /* of the bits below a chunk's size */
#define GLIBC_FLAGS 7u

#define GLIBC_HEAPS 64
#define GLIBC_AREAS 1024
#define GLIBC_AREA_PAGES 256
#define GLIBC_ARENA_TOP 96
#define GLIBC_ARENA_BYTES 2200 /* a multiple of 8 */

struct glibc_heap {
	uint64_t first, end; /* the first chunk, and the end of the last */
	uint64_t *starts;    /* chunks that walks passed, ascending; the heap's first one first */
	size_t count, room;
};

/* What was learned about mapped chunks in some pages, in order to read each of them once. */
struct glibc_area {
	uint64_t number;                      /* of the area, from 1; 0: none */
	uint64_t chunk;                       /* the last one that was found to reach into it */
	uint64_t bare[GLIBC_AREA_PAGES / 64]; /* bits: no chunk begins at this page */
};

struct glibc {
	uint64_t main_arena; /* 0: not found */
	uint64_t tcache_key; /* marks freed chunks in a thread's cache; 0: unknown so far */
	struct glibc_heap heaps[GLIBC_HEAPS];
	uint64_t allowance; /* steps left for walks */
	struct glibc_area areas[GLIBC_AREAS];
	uint64_t finds; /* since the areas were forgotten */
};

struct glibc_chunk {
	uint64_t start, bytes; /* with its header: two words, of which the first is the user's
				  of the chunk before, unless that one is free */
	bool free;             /* in a bin, or the top chunk: the following chunk says so */
	bool mapped;           /* a mapping of its own */
};

/* Where main_arena lies in libc's data: its symbols are stripped, but its bins point to themselves.
 * 0: not found. */
uint64_t glibc_find_arena(const struct module *module, const struct memory_reader *memory);

/* The bounds of the heap that contains the place; false: none does. own: the place is in the heap's
 * own data, before its chunks. */
bool glibc_heap_bounds(const struct data_place *place, uint64_t *first, uint64_t *end, bool *own);

/* false: not in a chunk that could be confirmed. */
bool glibc_chunk_of(struct glibc *glibc, const struct data_place *place, struct glibc_chunk *chunk);

/* The same, of chunks with a mapping of their own. */
bool glibc_chunk_mapped(
    struct glibc *glibc, const struct data_place *place, struct glibc_chunk *chunk);

#endif
