/* Ruby's memory, of each version. */
#include "config.h"

#include "../unit/paper_ruby.h"
#include "blame/data/decoders.h"
#include "fuzz_memory.h"

static size_t
fuzz_seed(unsigned which, uint8_t *bytes, size_t room)
{
	static const int versions[][2] = {{2, 7}, {3, 0}, {3, 1}, {3, 2}, {3, 3}, {3, 4}};
	struct paper paper = {calloc(1, PAPER_BYTES), 0};
	struct paper_module module;

	if (which >= sizeof(versions) / sizeof(*versions) || room < PAPER_BYTES) {
		free(paper.bytes);
		return 0;
	}
	paper_ruby(&paper, &module, versions[which][0], versions[which][1]);
	return fuzz_paper_seed(&paper, bytes);
}

static void
fuzz_bytes(const uint8_t *bytes, size_t size)
{
	struct paper_module module = {0};

	paper_symbol(&module, "ruby_api_version", RUBY_VERSION_AT);
	fuzz_decoder(&decoder_ruby, &module.module, bytes, size, false);
}
