#include "config.h"
#include "blame/data/ruby.h"

#include <stdio.h>
#include <stdlib.h>

#include "blame/data/decoders.h"

#define AGES_IN_FLAGS UINT64_C(0x60)
#define PROMOTED_IN_FLAGS UINT64_C(0x20) /* ages have bitmaps of their own */

static const struct ruby_layout ruby_layouts[] = {
    {2, 7, 16384, false, 56, AGES_IN_FLAGS, 192, false, true, true},
    {3, 0, 16384, false, 56, AGES_IN_FLAGS, 192, false, true, true},
    {3, 1, 16384, true, 56, AGES_IN_FLAGS, 192, false, true, true},
    {3, 2, 65536, true, 64, AGES_IN_FLAGS, 184, false, false, true},
    {3, 3, 65536, true, 72, PROMOTED_IN_FLAGS, 184, true, false, false},
    {3, 4, 65536, true, 72, PROMOTED_IN_FLAGS, 184, true, false, false},
};

/* Its memory tells the version; if that page isn't present, the file's name does. */
static bool
ruby_version_of(const struct module *module, const struct memory_reader *memory, int version[2])
{
	uint64_t told = module_symbol(module, "ruby_api_version");

	if (!told)
		return false;
	return memory_read(memory, told, version, 2 * sizeof(*version)) ||
	    sscanf(module->name, "libruby-%d.%d.so", &version[0], &version[1]) == 2 ||
	    sscanf(module->name, "libruby.so.%d.%d", &version[0], &version[1]) == 2;
}

static void *
ruby_recognize(const struct module *module, const struct memory_reader *memory)
{
	int version[2];

	if (memory->word != 8 || !ruby_version_of(module, memory, version))
		return NULL;
	for (size_t i = 0; i < sizeof(ruby_layouts) / sizeof(*ruby_layouts); i++)
		if (version[0] == (int)ruby_layouts[i].major &&
		    version[1] == (int)ruby_layouts[i].minor)
			return (void *)(uintptr_t)&ruby_layouts[i];
	return NULL;
}

static void
ruby_forget(void *layout)
{
	(void)layout; /* a row of the table */
}

static bool
ruby_find(void *layout, const struct data_place *place, struct data_found *found)
{
	struct ruby_page page;
	uint64_t within;

	if (place->module || !ruby_page_read(layout, place->memory, place->address, &page))
		return false;
	if (place->address < page.body + 8)
		return data_claim(found, CAUSE_ALLOCATOR, RUNTIME_RUBY, "heap page");
	if (place->address < page.start)
		return false;
	within = (place->address - page.start) / page.slot_bytes;
	return within < page.slots &&
	    ruby_slot_claim(layout, place, page.start + within * page.slot_bytes, found);
}

/* A page's struct: some words, then the bitmaps. */
static bool
ruby_page_struct_claim(const struct ruby_layout *layout, const struct data_place *place,
    const struct data_block *block, struct data_found *found)
{
	struct ruby_page page;

	for (unsigned at = 16; at < 64; at += 8) {
		uint64_t word = memory_word(place->memory, block->start + at);

		if (!ruby_page_read(layout, place->memory, word, &page) ||
		    page.page != block->start)
			continue;
		return place->address < block->start + layout->bits_at
		    ? data_claim(found, CAUSE_ALLOCATOR, RUNTIME_RUBY, "heap page")
		    : data_claim(found, CAUSE_GC_MARK, RUNTIME_RUBY, "mark bits");
	}
	return false;
}

/* Objects still to be marked: chunks of 500 pointers and a link. */
#define MARK_STACK_BYTES 4008
#define MARK_STACK_LINK 4000
#define MARK_STACK_LOOKED_AT 8

static bool
ruby_mark_stack_claim(const struct ruby_layout *layout, const struct data_place *place,
    const struct data_block *block, struct data_found *found)
{
	unsigned objects = 0;

	if (block->bytes != MARK_STACK_BYTES)
		return false;
	for (unsigned i = 0; i < MARK_STACK_LOOKED_AT; i++) {
		uint64_t object = memory_word(place->memory, block->start + (uint64_t)i * 8);

		if (object && !ruby_is_slot(layout, place->memory, object))
			return false;
		objects += object != 0;
	}
	return objects && data_claim(found, CAUSE_GC_MARK, RUNTIME_RUBY, "mark stack");
}

static bool
ruby_find_within(void *layout, const struct data_place *place, const struct data_block *block,
    struct data_found *found)
{
	return block &&
	    (ruby_page_struct_claim(layout, place, block, found) ||
		ruby_mark_stack_claim(layout, place, block, found));
}

const struct decoder decoder_ruby = {RUNTIME_RUBY, ruby_recognize, ruby_forget, ruby_find,
    ruby_find_within, NULL, ruby_may_own, ruby_owned};
