/* Bytes of memory for a decoder, on paper: it is asked about many addresses of it, and each answer
 * must come after a bounded number of reads and be fit to be shown. */
#ifndef TESTS_FUZZ_MEMORY_H
#define TESTS_FUZZ_MEMORY_H

#include "../unit/paper.h"
#include "base/dice.h"
#include "base/utf8.h"
#include "fuzz.h"

#define FUZZ_ADDRESSES 48
#define FUZZ_READS_MAX 60000 /* of one question */

static struct paper fuzz_paper = {NULL, 0};

static void
fuzz_check(const struct data_found *found)
{
	fuzz_expect(found->cause < CAUSE_COUNT && found->runtime < RUNTIME_COUNT, "an answer");
	fuzz_expect(memchr(found->object, '\0', sizeof(found->object)), "a name that ends");
	for (const char *at = found->object; *at; at++)
		fuzz_expect((unsigned char)*at >= ' ' && *at != 0x7f, "a name without controls");
}

static void
fuzz_owned(const struct decoder *decoder, void *layout, const struct memory_reader *memory,
    uint64_t object)
{
	const uint64_t words[2] = {memory_word(memory, object), memory_word(memory, object + 8)};
	struct data_owned owned[OWNED_MOST];
	size_t count = decoder->owned ? decoder->owned(layout, memory, object, owned) : 0;

	fuzz_expect(count <= OWNED_MOST, "few owned");
	fuzz_expect(!count || decoder->may_own(layout, words), "what owns passes the quick test");
	for (size_t i = 0; i < count; i++)
		fuzz_expect(owned[i].start && owned[i].type[0], "what is owned has a type");
}

static void
fuzz_ask(const struct decoder *decoder, void *layout, struct data_place *place)
{
	struct data_found found = {.cause = CAUSE_UNKNOWN};
	struct data_block block = {place->address / 64 * 64, 64, place->address & 1};

	fuzz_paper.reads = 0;
	if (decoder->find(layout, place, &found))
		fuzz_check(&found);
	if (decoder->block && decoder->block(layout, place, &block))
		fuzz_expect(place->address - block.start < block.bytes ||
			place->address - block.start + 16 < 16,
		    "a block that holds the place");
	if (decoder->find_within && decoder->find_within(layout, place, &block, &found))
		fuzz_check(&found);
	if (decoder->find_within && decoder->find_within(layout, place, NULL, &found))
		fuzz_check(&found);
	fuzz_owned(decoder, layout, place->memory, place->address / 8 * 8);
	fuzz_expect(fuzz_paper.reads < FUZZ_READS_MAX, "few reads");
}

/* The last 16 bytes say which addresses; before: the same memory, read backwards in pages. */
static void
fuzz_decoder(const struct decoder *decoder, const struct module *module, const uint8_t *bytes,
    size_t size, bool is_brk)
{
	struct memory_reader memory = paper_memory(&fuzz_paper);
	struct dice dice = {size};
	void *layout;

	if (!fuzz_paper.bytes)
		fuzz_paper.bytes = calloc(1, PAPER_BYTES);
	memset(fuzz_paper.bytes, 0, PAPER_BYTES);
	memcpy(fuzz_paper.bytes, bytes, size < PAPER_BYTES ? size : PAPER_BYTES);
	for (size_t i = 0; i < size && i < 4096; i += 8)
		dice.state = dice.state * 31 + bytes[i];
	layout = decoder->recognize(module, &memory);
	for (unsigned i = 0; layout && i < FUZZ_ADDRESSES; i++) {
		uint32_t most = i % 2 && size ? (uint32_t)size : PAPER_BYTES;
		struct data_place place =
		    paper_place(&memory, PAPER_BASE + dice_below(&dice, most));

		place.is_brk = is_brk;
		place.before = i % 3 ? &memory : NULL;
		fuzz_ask(decoder, layout, &place);
	}
	if (layout)
		decoder->forget(layout);
}

__attribute__((unused)) static size_t
fuzz_paper_seed(struct paper *paper, uint8_t *bytes)
{
	memcpy(bytes, paper->bytes, PAPER_BYTES);
	free(paper->bytes);
	return PAPER_BYTES;
}

#endif
