/* What the decoder of Ruby says of memory on paper, in each version's layout. */
#include "config.h"

#include "blame/data/decoders.h"
#include "paper_ruby.h"
#include "tap.h"

static struct paper paper, earlier;
static struct memory_reader memory, before;

static const char *
said(void *layout, uint64_t address, bool compared)
{
	static char text[256];
	struct data_place place = paper_place(&memory, address);
	struct data_found found = {.cause = CAUSE_UNKNOWN};

	place.before = compared ? &before : NULL;
	if (!decoder_ruby.find(layout, &place, &found))
		return "nothing";
	snprintf(text, sizeof(text), "%s %s", cause_word(found.cause), found.object);
	return text;
}

static const char *
said_within(void *layout, uint64_t address, uint64_t bytes)
{
	static char text[256];
	struct data_place place = paper_place(&memory, address);
	struct data_block block = {RUBY_STRUCT, bytes, false};
	struct data_found found = {.cause = CAUSE_UNKNOWN};

	if (!decoder_ruby.find_within(layout, &place, &block, &found))
		return "nothing";
	snprintf(text, sizeof(text), "%s %s", cause_word(found.cause), found.object);
	return text;
}

/* The flags of a slot, before and now, and what is said of their word. */
static void
test_flags(void *layout, uint64_t was, uint64_t now, const char *wanted, const char *what)
{
	paper_word(&earlier, ruby_slot(4), was);
	paper_word(&paper, ruby_slot(4), now);
	is_text(said(layout, ruby_slot(4), true), wanted, "%s", what);
}

static void
test_version(int major, int minor)
{
	struct paper_module module;
	bool ages_apart = major == 3 && minor >= 3;
	void *layout;

	memset(paper.bytes, 0, PAPER_BYTES);
	paper_ruby(&paper, &module, major, minor);
	memcpy(earlier.bytes, paper.bytes, PAPER_BYTES);
	layout = decoder_ruby.recognize(&module.module, &memory);
	if (!ok(layout, "%d.%d is recognized", major, minor))
		return;
	is_text(said(layout, RUBY_BODY, false), "allocator heap page", "a page's head");
	is_text(said(layout, RUBY_BODY + 20, false), "nothing", "between head and slots");
	is_text(said(layout, ruby_slot(1) + 39, false), "object Regexp", "contents");
	is_text(said(layout, ruby_slot(1), false), "unknown Regexp", "flags alone do not tell");
	is_text(said(layout, ruby_slot(3) + 8, false), "allocator free slot", "a free slot");
	test_flags(layout, 0x27, 0x27, "gc-mark Array", "the same value");
	test_flags(layout, 0x25, 0x25, ages_apart ? "gc-mark String" : "unknown String",
	    "the same value, of a string");
	paper_word(&paper, ruby_slot(4) + 16, 9);
	test_flags(layout, 0x25, 0x25, "object String", "the same value, and another length");
	paper_word(&paper, ruby_slot(4) + 16, 0);
	test_flags(layout, 0x05, 0x25, "gc-mark String", "older");
	test_flags(layout, 0x05, 0x45, ages_apart ? "object String" : "gc-mark String", "bit 6");
	test_flags(layout, 0x05, 0x805, "object String", "frozen");
	test_flags(layout, 0x07, 0, "gc-mark swept Array", "swept");
	test_flags(layout, 0x07, 0x08, "gc-mark swept Array", "swept, and used again");
	test_flags(layout, 0, 0x08, "object Hash", "new");
	test_flags(layout, 0, 0, "allocator free slot", "free, as before");
	is_text(said_within(layout, RUBY_STRUCT + 4, 1736), "allocator heap page", "its struct");
	is_text(said_within(layout, RUBY_STRUCT + 80, 1736), "gc-mark mark bits", "its bitmaps");
	paper_word(&paper, RUBY_BODY, RUBY_STRUCT + 8);
	is_text(said_within(layout, RUBY_STRUCT + 80, 1736), "nothing", "of another page");
	decoder_ruby.forget(layout);
}

static void
test_mark_stack(void)
{
	struct paper_module module;
	void *layout;

	memset(paper.bytes, 0, PAPER_BYTES);
	paper_ruby(&paper, &module, 3, 1);
	layout = decoder_ruby.recognize(&module.module, &memory);
	for (unsigned i = 0; i < 500; i++)
		paper_word(&paper, RUBY_STRUCT + 0x4000 + i * 8u, ruby_slot(i % 300));
	struct data_place place = paper_place(&memory, RUBY_STRUCT + 0x4800);
	struct data_block block = {RUBY_STRUCT + 0x4000, 4008, false};
	struct data_found found = {.cause = CAUSE_UNKNOWN};

	ok(decoder_ruby.find_within(layout, &place, &block, &found) &&
		found.cause == CAUSE_GC_MARK && strcmp(found.object, "mark stack") == 0,
	    "objects that are still to be marked");
	paper_word(&paper, block.start + 16, 12345);
	ok(!decoder_ruby.find_within(layout, &place, &block, &found), "something else is none");
	paper_put(&paper, RUBY_VERSION_AT, (const int[]){3, 5, 0}, 12);
	ok(!decoder_ruby.recognize(&module.module, &memory), "3.5 is not known");
}

int
main(void)
{
	const int versions[][2] = {{2, 7}, {3, 0}, {3, 1}, {3, 2}, {3, 3}, {3, 4}};

	paper.bytes = calloc(1, PAPER_BYTES);
	earlier.bytes = calloc(1, PAPER_BYTES);
	memory = paper_memory(&paper);
	before = paper_memory(&earlier);
	for (size_t i = 0; i < sizeof(versions) / sizeof(*versions); i++)
		test_version(versions[i][0], versions[i][1]);
	test_mark_stack();
	free(paper.bytes);
	free(earlier.bytes);
	return done_testing();
}
