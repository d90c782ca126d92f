/* glibc's heaps: that of brk(2), a thread's, chunks of their own mapping. */
#include "config.h"

#include "../unit/paper_glibc.h"
#include "blame/data/decoders.h"
#include "fuzz_memory.h"

static size_t
fuzz_seed(unsigned which, uint8_t *bytes, size_t room)
{
	struct paper paper = {calloc(1, PAPER_BYTES), 0};
	struct paper_heap heap;

	if (which > 2 || room < PAPER_BYTES) {
		free(paper.bytes);
		return 0;
	}
	if (which == 0)
		paper_heap(&paper, &heap, PAPER_BASE, PAPER_BASE + PAPER_BYTES);
	else if (which == 1)
		paper_thread_heap(&paper, &heap);
	else
		for (uint64_t at = 0; at < PAPER_BYTES; at += 0x4000)
			paper_word(&paper, PAPER_BASE + at + 8, 0x4000 | 2);
	return fuzz_paper_seed(&paper, bytes);
}

static void
fuzz_bytes(const uint8_t *bytes, size_t size)
{
	struct paper_module module;

	paper_libc(&module);
	fuzz_decoder(&decoder_glibc, &module.module, bytes, size, true);
	fuzz_decoder(&decoder_glibc, &module.module, bytes, size, false);
}
