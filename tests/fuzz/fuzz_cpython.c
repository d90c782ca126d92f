/* CPython's memory, of each version. */
#include "config.h"

#include "../unit/paper_cpython.h"
#include "blame/data/decoders.h"
#include "fuzz_memory.h"

static size_t
fuzz_seed(unsigned which, uint8_t *bytes, size_t room)
{
	struct paper paper = {calloc(1, PAPER_BYTES), 0};
	struct paper_module module;

	if (which > 6 || room < PAPER_BYTES) {
		free(paper.bytes);
		return 0;
	}
	paper_cpython(&paper, &module, 8 + which);
	return fuzz_paper_seed(&paper, bytes);
}

/* The version is that of the memory, as it was put there. */
static void
fuzz_bytes(const uint8_t *bytes, size_t size)
{
	struct paper paper = {calloc(1, PAPER_BYTES), 0};
	size_t at = CPYTHON_LOOKUP - PAPER_BASE + 2;
	unsigned minor = size > at ? bytes[at] % 15 : 8;
	struct paper_module module;

	paper_cpython(&paper, &module, minor < 8 ? 8 : minor);
	free(paper.bytes);
	fuzz_decoder(&decoder_cpython, &module.module, bytes, size, false);
}
