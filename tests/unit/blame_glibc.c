/* What the decoder of glibc's malloc says of memory on paper. */
#include "config.h"

#include "blame/data/decoders.h"
#include "blame/data/glibc.h"
#include "paper_glibc.h"
#include "tap.h"

static struct paper paper;
static struct memory_reader memory;
static bool is_brk;

static struct data_place
place_at(uint64_t address)
{
	struct data_place place = paper_place(&memory, address);

	place.is_brk = is_brk;
	return place;
}

static const char *
said(void *layout, uint64_t address)
{
	static char text[256];
	struct data_place place = place_at(address);
	struct data_found found = {.cause = CAUSE_UNKNOWN};

	if (!decoder_glibc.find(layout, &place, &found))
		return "nothing";
	snprintf(text, sizeof(text), "%s %s", cause_word(found.cause), found.object);
	return text;
}

static bool
block_is(void *layout, uint64_t address, uint64_t start, uint64_t bytes, bool is_free)
{
	struct data_place place = place_at(address);
	struct data_block block;

	return decoder_glibc.block(layout, &place, &block) && block.start == start &&
	    block.bytes == bytes && block.free == is_free;
}

static void
test_chunks(void *layout, const struct paper_heap *heap)
{
	for (unsigned i = 0; i < GLIBC_CHUNKS; i++) {
		uint64_t start = heap->chunks[i] + 16, bytes = heap->sizes[i] - 8;

		is_text(said(layout, heap->chunks[i] + 12), "allocator chunk header",
		    "header of chunk %u", i);
		ok(block_is(layout, start + 20, start, bytes, i % 8 == 5 || i == 7),
		    "chunk %u from its inside", i);
		if (i % 8 != 5)
			ok(block_is(
			       layout, heap->chunks[i] + heap->sizes[i] + 7, start, bytes, i == 7),
			    "the next one's first word is its own");
	}
}

static void
test_words(void *layout, const struct paper_heap *heap)
{
	is_text(said(layout, heap->first + 20), "allocator tcache", "a thread's cache");
	is_text(said(layout, heap->chunks[7] + 24), "allocator tcache link", "in it");
	is_text(said(layout, heap->chunks[9] + 16), "allocator fastbin link", "a fast bin");
	is_text(said(layout, heap->chunks[9] + 24), "nothing", "behind its link");
	is_text(said(layout, heap->chunks[13] + 16), "allocator free chunk", "a bin's link");
	is_text(said(layout, heap->chunks[13] + heap->sizes[13]), "allocator free chunk",
	    "the size at its end");
	is_text(said(layout, heap->chunks[12] + 20), "nothing", "what the program wrote");
}

/* Chunks that were joined since a walk came by. */
static void
test_changed(void *layout, struct paper_heap *heap)
{
	uint64_t bytes = heap->sizes[40] + heap->sizes[41] + heap->sizes[42];

	paper_word(&paper, heap->chunks[40] + 8, bytes | 1);
	ok(block_is(layout, heap->chunks[41] + 60, heap->chunks[40] + 16, bytes - 8, false),
	    "three chunks became one");
	paper.reads = 0;
	for (unsigned i = 0; i < GLIBC_CHUNKS; i++)
		paper_word(&paper, heap->chunks[i] + 8, 33);
	said(layout, heap->end - 64);
	ok(paper.reads < 100000, "a heap of lies: %u reads", (unsigned)paper.reads);
	paper_word(&paper, heap->chunks[3] + 8, 1);
	is_text(said(layout, heap->end - 64), "nothing", "a size of nothing ends it");
}

static void
test_mapped(void *layout)
{
	memset(paper.bytes, 0, PAPER_BYTES);
	paper_word(&paper, PAPER_BASE + 8, 0x5000 | 2);
	paper_word(&paper, PAPER_BASE + 0x5008, 0x3000 | 2);
	ok(block_is(layout, PAPER_BASE + 0x100, PAPER_BASE + 16, 0x4ff0, false), "a mapped chunk");
	ok(block_is(layout, PAPER_BASE + 0x7fff, PAPER_BASE + 0x5010, 0x2ff0, false), "the next");
	is_text(said(layout, PAPER_BASE + 0x5009), "allocator chunk header", "its header");
	ok(!block_is(layout, PAPER_BASE + 0x8000, PAPER_BASE + 0x5010, 0x2ff0, false), "no more");
	paper_word(&paper, PAPER_BASE, 0x4000);
	ok(block_is(layout, PAPER_BASE + 0x6000, PAPER_BASE + 0x5010, 0x2ff0, false),
	    "back to where it begins");
}

/* Memory that is no chunk, and a chunk behind many others: each page is read once, not for each
 * address. */
static void
test_mapped_reads(void *layout)
{
	uint64_t first = PAPER_BASE + PAPER_BYTES / 2, end = PAPER_BASE + PAPER_BYTES;

	memset(paper.bytes, 0, PAPER_BYTES);
	paper.reads = 0;
	for (uint64_t at = PAPER_BASE; at < first; at += 64)
		said(layout, at);
	ok(paper.reads < 3 * (first - PAPER_BASE) / 64, "no chunks: %u reads of %u places",
	    (unsigned)paper.reads, (unsigned)(first - PAPER_BASE) / 64);
	for (uint64_t at = first; at < end; at += 4096)
		paper_word(&paper, at + 8, 4096 | 2);
	said(layout, end - 64);
	paper.reads = 0;
	for (uint64_t at = end - 4096 + 64; at < end; at += 64)
		ok(block_is(layout, at, end - 4096 + 16, 4080, false),
		    "in the last of many chunks");
	ok(paper.reads < 4 * 63, "the chunk is known: %u reads", (unsigned)paper.reads);
}

int
main(void)
{
	struct paper_module module;
	struct paper_heap heap;
	void *layout;

	paper.bytes = calloc(1, PAPER_BYTES);
	memory = paper_memory(&paper);
	paper_libc(&module);
	for (unsigned i = 0; i < 2; i++) {
		layout = decoder_glibc.recognize(&module.module, &memory);
		is_brk = i == 0;
		memset(paper.bytes, 0, PAPER_BYTES);
		if (is_brk)
			paper_heap(&paper, &heap, PAPER_BASE, PAPER_BASE + PAPER_BYTES);
		else
			paper_thread_heap(&paper, &heap);
		if (!is_brk)
			is_text(said(layout, PAPER_BASE + 0x100), "allocator arena", "an arena");
		test_chunks(layout, &heap);
		test_words(layout, &heap);
		test_changed(layout, &heap);
		decoder_glibc.forget(layout);
	}
	layout = decoder_glibc.recognize(&module.module, &memory);
	test_mapped(layout);
	decoder_glibc.forget(layout);
	layout = decoder_glibc.recognize(&module.module, &memory);
	test_mapped_reads(layout);
	decoder_glibc.forget(layout);
	free(paper.bytes);
	return done_testing();
}
