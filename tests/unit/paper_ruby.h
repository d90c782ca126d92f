/* A page of Ruby's slots on paper, with its struct. */
#ifndef TESTS_PAPER_RUBY_H
#define TESTS_PAPER_RUBY_H

#include "paper.h"

#define RUBY_VERSION_AT (PAPER_BASE + 0x100)
#define RUBY_STRUCT (PAPER_BASE + 0x2010) /* in a chunk */
#define RUBY_BODY (PAPER_BASE + 0x10000)
#define RUBY_FIRST 56u /* bytes in front of the first slot */

static uint64_t
ruby_slot(unsigned i)
{
	return RUBY_BODY + RUBY_FIRST + i * 40u;
}

/* The bitmaps lie far behind start in every version: it is looked for. */
static void
paper_ruby(struct paper *paper, struct paper_module *module, int major, int minor)
{
	const int version[] = {major, minor, 0};
	bool large = major == 3 && minor >= 2;
	uint16_t slots = (uint16_t)(((large ? 65536u : 16384u) - RUBY_FIRST) / 40);
	const uint16_t sized[] = {40, slots}, plain[] = {slots, 0};

	memset(module, 0, sizeof(*module));
	paper_symbol(module, "ruby_api_version", RUBY_VERSION_AT);
	paper_put(paper, RUBY_VERSION_AT, version, sizeof(version));
	paper_word(paper, RUBY_BODY, RUBY_STRUCT);
	paper_put(paper, RUBY_STRUCT, major == 3 && minor >= 1 ? sized : plain, sizeof(sized));
	paper_word(paper, RUBY_STRUCT + (large ? 32 : 24), ruby_slot(0));
	for (unsigned i = 0; i < slots; i++) {
		paper_word(paper, ruby_slot(i), i % 3 ? 0x05 + i % 4 : 0);
		paper_word(paper, ruby_slot(i) + 8, i % 3 ? 0 : ruby_slot(i + 3));
	}
}

#endif
