#include "config.h"
#include "blame/data/cpython.h"

#include <stdlib.h>

#include "base/mem.h"
#include "blame/data/decoders.h"

/* Newest first. 3.15 and later are unknown. */
static const struct cpython_layout layouts[] = {
    {14, "PyUnicodeWriter_Create", 16384, true, true, true, true},
    {13, "PyDict_GetItemRef", 16384, true, true, true, false},
    {12, "PyType_FromMetaclass", 16384, true, true, true, false},
    {11, "Py_Version", 16384, true, true, true, false},
    {10, "PyModule_AddObjectRef", 16384, false, false, false, false},
    {9, "PyObject_CallNoArgs", 4096, false, false, false, false},
    {8, "PyCode_NewWithPosOnlyArgs", 4096, false, false, false, false},
};

static const struct cpython_layout *
cpython_layout_of(const struct module *module, const struct memory_reader *memory)
{
	uint64_t version = module_symbol(module, "Py_Version");
	uint32_t told = 0;

	if (version && memory_read(memory, version, &told, sizeof(told)) &&
	    (told >> 24 != 3 || (told >> 16 & 0xff) > layouts[0].minor))
		return NULL;
	for (size_t i = 0; i < sizeof(layouts) / sizeof(*layouts); i++)
		if (elf_symbol_named(module->symbols, layouts[i].since))
			return &layouts[i];
	return NULL;
}

static void *
cpython_recognize(const struct module *module, const struct memory_reader *memory)
{
	uint64_t type_type = module_symbol(module, "PyType_Type");
	const struct cpython_layout *layout =
	    type_type && memory->word == 8 ? cpython_layout_of(module, memory) : NULL;
	struct cpython *python;

	if (!layout)
		return NULL;
	python = mem_zero(1, sizeof(*python));
	*python = (struct cpython){
	    .layout = layout,
	    .free_threaded = module_symbol(module, "_Py_DecRefShared") != 0,
	    .type_type = type_type,
	    .code_type = module_symbol(module, "PyCode_Type"),
	    .list_type = module_symbol(module, "PyList_Type"),
	    .set_type = module_symbol(module, "PySet_Type"),
	    .frozen_type = module_symbol(module, "PyFrozenSet_Type"),
	    .start = module->start,
	    .end = module->end,
	};
	return python;
}

#define FRAME_STACK_PAGE 4096
#define FRAME_STACK_MIN 16384
#define FRAME_STACK_PAGES 16
#define FRAME_STACK_WORDS 16 /* the first frame's own words, before its locals */

/* A chunk of the stack of Python frames: the previous chunk's address, its size, then frames, each
 * of which points to its code. */
static bool
cpython_is_frame_stack(const struct cpython *python, const struct data_place *place, uint64_t start)
{
	uint64_t bytes = memory_word(place->memory, start + 8);
	struct cpython_type type;

	if (bytes < FRAME_STACK_MIN || bytes & (bytes - 1) || place->address - start >= bytes ||
	    bytes > place->end - start)
		return false;
	for (unsigned i = 0; i < FRAME_STACK_WORDS; i++) {
		uint64_t word =
		    memory_word(place->memory, start + 24 + (uint64_t)i * 8) & ~UINT64_C(3);

		if (word && cpython_object_at(python, place->memory, word, false, &type) &&
		    type.address == python->code_type)
			return true;
	}
	return false;
}

static bool
cpython_find_frame_stack(
    const struct cpython *python, const struct data_place *place, struct data_found *found)
{
	uint64_t page = place->address / FRAME_STACK_PAGE * FRAME_STACK_PAGE;

	for (unsigned i = 0; i < FRAME_STACK_PAGES && page >= place->start; i++) {
		if (cpython_is_frame_stack(python, place, page))
			return data_claim(found, CAUSE_STACK, RUNTIME_CPYTHON, "Python frames");
		page -= FRAME_STACK_PAGE;
	}
	return false;
}

static bool
cpython_find(void *layout, const struct data_place *place, struct data_found *found)
{
	const struct cpython *python = layout;

	if (python->free_threaded)
		return false;
	if (place->module)
		return cpython_word_claim(python, place, found);
	if (place->is_brk)
		return false;
	return cpython_pool_find(python, place, found) ||
	    (python->layout->has_frame_stack && cpython_find_frame_stack(python, place, found));
}

static bool
cpython_find_within(void *layout, const struct data_place *place, const struct data_block *block,
    struct data_found *found)
{
	const struct cpython *python = layout;

	if (python->free_threaded) /* recognized, but the layout of its objects is unknown */
		return !block && data_claim(found, CAUSE_UNKNOWN, RUNTIME_CPYTHON, "free-threaded");
	return block ? cpython_block_claim(python, place, block, found)
		     : cpython_word_claim(python, place, found);
}

const struct decoder decoder_cpython = {RUNTIME_CPYTHON, cpython_recognize, free, cpython_find,
    cpython_find_within, NULL, cpython_may_own, cpython_owned};
