/* glibc's heaps on paper: chunks of a heap that brk(2) moves, or of a thread's. */
#ifndef TESTS_PAPER_GLIBC_H
#define TESTS_PAPER_GLIBC_H

#include "paper.h"

#define GLIBC_CHUNKS 64u
#define GLIBC_CACHE_BYTES 0x290u
#define GLIBC_KEY UINT64_C(0x1234567890abcdef)

struct paper_heap {
	uint64_t first, end;
	uint64_t chunks[GLIBC_CHUNKS];
	uint64_t sizes[GLIBC_CHUNKS];
};

/* Sizes of 32 to 2048, chunks 5, 13 ... free, chunk 7 in a thread's cache, 9 and 10 in a fast bin;
 * the top up to the end. */
static void
paper_heap(struct paper *paper, struct paper_heap *heap, uint64_t first, uint64_t end)
{
	uint64_t at = first;

	heap->first = first;
	heap->end = end;
	for (unsigned i = 0; i < GLIBC_CHUNKS; i++) {
		uint64_t bytes = i ? 32 + i * i % 127 * 16 : GLIBC_CACHE_BYTES;
		bool free_before = i && (i - 1) % 8 == 5;

		if (i == 9 || i == 10)
			bytes = 64;
		paper_word(paper, at + 8, bytes | !free_before);
		if (i % 8 == 5)
			paper_word(paper, at + bytes, bytes);
		heap->chunks[i] = at;
		heap->sizes[i] = bytes;
		at += bytes;
	}
	paper_word(paper, at + 8, (end - at) | 1);
	paper_put(paper, first + 16 + 2, (const uint16_t[]){1}, 2);
	paper_word(paper, first + 16 + 128 + 8, heap->chunks[7] + 16);
	paper_word(paper, heap->chunks[7] + 16, (heap->chunks[7] + 16) >> 12);
	paper_word(paper, heap->chunks[7] + 24, GLIBC_KEY);
	paper_word(paper, heap->chunks[9] + 16, heap->chunks[10] ^ (heap->chunks[9] + 16) >> 12);
}

/* A thread's heap: its head, its arena, its chunks. */
static void
paper_thread_heap(struct paper *paper, struct paper_heap *heap)
{
	paper_word(paper, PAPER_BASE, PAPER_BASE + 0x30);
	paper_word(paper, PAPER_BASE + 16, PAPER_BYTES);
	paper_word(paper, PAPER_BASE + 24, PAPER_BYTES);
	paper_heap(paper, heap, PAPER_BASE + 0x8d0, PAPER_BASE + PAPER_BYTES);
}

static void
paper_libc(struct paper_module *module)
{
	memset(module, 0, sizeof(*module));
	paper_symbol(module, "malloc", PAPER_BASE);
	paper_symbol(module, "gnu_get_libc_version", PAPER_BASE);
}

#endif
