/* What the decoder of CPython says of memory on paper, in each version's layout. */
#include "config.h"

#include "blame/data/decoders.h"
#include "paper_cpython.h"
#include "tap.h"

static struct paper paper;
static struct memory_reader memory;

static const char *
said(void *layout, uint64_t address)
{
	static char text[256];
	struct data_place place = paper_place(&memory, address);
	struct data_found found = {.cause = CAUSE_UNKNOWN};

	if (!decoder_cpython.find(layout, &place, &found))
		return "nothing";
	snprintf(text, sizeof(text), "%s %s", cause_word(found.cause), found.object);
	return text;
}

static void
test_version(unsigned minor)
{
	struct paper_module module;
	void *layout;

	memset(paper.bytes, 0, PAPER_BYTES);
	paper_cpython(&paper, &module, minor);
	layout = decoder_cpython.recognize(&module.module, &memory);
	if (!ok(layout, "3.%u is recognized", minor))
		return;
	is_text(said(layout, CPYTHON_DICTS + 9), "allocator pool header", "3.%u: header", minor);
	for (unsigned i = 0; i < 6; i++)
		is_text(said(layout, cpython_dict(i)), "refcount dict", "3.%u: dict %u", minor, i);
	is_text(said(layout, cpython_dict(2) + 7), "refcount dict", "3.%u: its last byte", minor);
	is_text(said(layout, cpython_dict(2) - 16), "gc-mark dict", "3.%u: next", minor);
	is_text(said(layout, cpython_dict(2) - 1), "gc-mark dict", "3.%u: previous", minor);
	is_text(said(layout, cpython_dict(2) + 8), "object dict", "3.%u: its type", minor);
	is_text(said(layout, cpython_dict(6) - 16), "allocator freed block", "3.%u: link", minor);
	is_text(said(layout, cpython_dict(7) - 9), "allocator freed block", "3.%u: last", minor);
	is_text(said(layout, cpython_dict(7)), "unknown freed block", "3.%u: its rest", minor);
	is_text(said(layout, cpython_keys_at(0)), "refcount dict keys", "3.%u: keys", minor);
	is_text(said(layout, cpython_keys_at(0) + 50), "object dict keys", "3.%u: a key", minor);
	is_text(said(layout, cpython_keys_at(1) + 8), "unknown pointers to objects", "3.%u: items",
	    minor);
	is_text(said(layout, cpython_keys_at(2)), "refcount str", "3.%u: str", minor);
	is_text(said(layout, cpython_keys_at(2) + 40), "object str", "3.%u: its text", minor);
	is_text(said(layout, cpython_keys_at(3)), "unknown block of 176 bytes", "3.%u: raw", minor);
	is_text(said(layout, PAPER_BASE + 0x30000), "nothing", "3.%u: no pool", minor);
	decoder_cpython.forget(layout);
}

/* What a hostile target may do. */
static void
test_lies(void)
{
	struct paper_module module;
	void *layout;

	memset(paper.bytes, 0, PAPER_BYTES);
	paper_cpython(&paper, &module, 12);
	layout = decoder_cpython.recognize(&module.module, &memory);
	paper_word(&paper, cpython_dict(7) - 16, cpython_dict(6) - 16);
	paper.reads = 0;
	is_text(said(layout, cpython_dict(2)), "refcount dict", "free blocks in a circle");
	ok(paper.reads < 2000, "end: %u reads", (unsigned)paper.reads);
	paper_word(&paper, CPYTHON_DICT_TYPE + 8, CPYTHON_DICT_TYPE);
	is_text(said(layout, cpython_dict(2)), "unknown block of 64 bytes", "a type of itself");
	paper_word(&paper, CPYTHON_DICT_TYPE + 8, CPYTHON_TYPE);
	paper_text(&paper, CPYTHON_DICT_TYPE + 0x1c0, "di\033[2Jct");
	is_text(said(layout, cpython_dict(2)), "unknown block of 64 bytes", "a name that paints");
	paper_word(&paper, CPYTHON_DICT_TYPE + 24, UINT64_MAX - 3);
	is_text(said(layout, cpython_dict(2)), "unknown ", "a name that cannot be read");
	paper_word(&paper, cpython_dict(2) + 8, PAPER_BASE - 4096);
	is_text(said(layout, cpython_dict(2)), "unknown ", "a type that cannot be read");
	decoder_cpython.forget(layout);
}

static void
test_others(void)
{
	struct paper_module module;
	struct data_found found = {.cause = CAUSE_GC_MARK};
	struct data_place place;
	void *layout;

	paper_cpython(&paper, &module, 13);
	paper_symbol(&module, "_Py_DecRefShared", PAPER_BASE);
	module.module.bias = 0;
	layout = decoder_cpython.recognize(&module.module, &memory);
	is_text(said(layout, cpython_dict(0)), "nothing", "free-threaded: not decoded");
	place = paper_place(&memory, cpython_dict(0));
	ok(decoder_cpython.find_within(layout, &place, NULL, &found) &&
		found.cause == CAUSE_UNKNOWN && strcmp(found.object, "free-threaded") == 0,
	    "and it is said");
	decoder_cpython.forget(layout);
	paper_cpython(&paper, &module, 11);
	paper_word(&paper, CPYTHON_LOOKUP, UINT64_C(0x030f0000));
	ok(!decoder_cpython.recognize(&module.module, &memory), "3.15 is not known");
	memset(&module, 0, sizeof(module));
	paper_symbol(&module, "PyType_Type", CPYTHON_TYPE);
	ok(!decoder_cpython.recognize(&module.module, &memory), "nor is 3.7");
}

int
main(void)
{
	paper.bytes = calloc(1, PAPER_BYTES);
	memory = paper_memory(&paper);
	for (unsigned minor = 8; minor <= 14; minor++)
		test_version(minor);
	test_lies();
	test_others();
	free(paper.bytes);
	return done_testing();
}
