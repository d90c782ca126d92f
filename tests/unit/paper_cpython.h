/* A small CPython on paper: types, a pool of dicts with one freed block, a pool of strings, keys.
 */
#ifndef TESTS_PAPER_CPYTHON_H
#define TESTS_PAPER_CPYTHON_H

#include "paper.h"

#define CPYTHON_TYPE (PAPER_BASE + 0x1000)
#define CPYTHON_DICT_TYPE (PAPER_BASE + 0x1200)
#define CPYTHON_STR_TYPE (PAPER_BASE + 0x1400)
#define CPYTHON_CODE_TYPE (PAPER_BASE + 0x1600)
#define CPYTHON_LOOKUP (PAPER_BASE + 0x2000)
#define CPYTHON_TEXT_END (PAPER_BASE + 0x3000)
#define CPYTHON_DICTS (PAPER_BASE + 0x10000) /* a pool */
#define CPYTHON_KEYS (PAPER_BASE + 0x14000)  /* a pool */
#define CPYTHON_DICT_BLOCK 64u
#define CPYTHON_KEYS_BLOCK 176u

static const char *const cpython_since[] = {"PyCode_NewWithPosOnlyArgs", "PyObject_CallNoArgs",
    "PyModule_AddObjectRef", "Py_Version", "PyType_FromMetaclass", "PyDict_GetItemRef",
    "PyUnicodeWriter_Create"};

static void
paper_type(struct paper *paper, uint64_t type, const char *name, uint64_t flags)
{
	paper_word(paper, type, 1);
	paper_word(paper, type + 8, CPYTHON_TYPE);
	paper_word(paper, type + 24, type + 0x1c0);
	paper_text(paper, type + 0x1c0, name);
	paper_word(paper, type + 32, 48);
	paper_word(paper, type + 168, flags);
}

static void
paper_pool(struct paper *paper, uint64_t pool, uint64_t bytes, uint32_t block, uint32_t used)
{
	const uint32_t tail[] = {0, block / 16 - 1, 48 + used * block, (uint32_t)bytes - block};

	paper_word(paper, pool, used);
	paper_put(paper, pool + 32, tail, sizeof(tail));
}

static uint64_t
cpython_dict(unsigned i)
{
	return CPYTHON_DICTS + 48 + i * CPYTHON_DICT_BLOCK + 16;
}

static uint64_t
cpython_keys_at(unsigned i)
{
	return CPYTHON_KEYS + 48 + i * CPYTHON_KEYS_BLOCK;
}

static void
paper_keys(struct paper *paper, uint64_t keys, unsigned minor)
{
	const uint64_t by_size[] = {1, 8, CPYTHON_LOOKUP, 4, 1};
	const uint8_t by_log2[] = {3, 3, 0, 0};

	paper_put(paper, keys, by_size, sizeof(by_size));
	if (minor < 11)
		return;
	paper_put(paper, keys + 8, by_log2, sizeof(by_log2));
	paper_word(paper, keys + 16, 4);
	paper_word(paper, keys + 24, 1);
}

static void
paper_cpython(struct paper *paper, struct paper_module *module, unsigned minor)
{
	uint64_t pool = minor < 10 ? 4096 : 16384;

	memset(module, 0, sizeof(*module));
	for (unsigned i = 8; i <= minor; i++)
		if (i != 11 || minor == 11)
			paper_symbol(module, cpython_since[i - 8], CPYTHON_LOOKUP);
	paper_symbol(module, "PyType_Type", CPYTHON_TYPE);
	module->module.start = PAPER_BASE;
	module->module.end = CPYTHON_TEXT_END;
	paper_word(paper, CPYTHON_LOOKUP, (uint64_t)3 << 24 | (uint64_t)minor << 16);
	paper_type(paper, CPYTHON_TYPE, "type", UINT64_C(1) << 31 | UINT64_C(1) << 14);
	paper_type(paper, CPYTHON_DICT_TYPE, "dict", UINT64_C(1) << 14);
	paper_type(paper, CPYTHON_STR_TYPE, "str", UINT64_C(1) << 28);
	paper_pool(paper, CPYTHON_DICTS, pool, CPYTHON_DICT_BLOCK, 8);
	for (unsigned i = 0; i < 6; i++) {
		paper_word(paper, cpython_dict(i) - 16, cpython_dict(i + 1) - 16);
		paper_word(paper, cpython_dict(i), 1 + i);
		paper_word(paper, cpython_dict(i) + 8, CPYTHON_DICT_TYPE);
	}
	paper_word(paper, CPYTHON_DICTS + 8, cpython_dict(6) - 16); /* 6 and 7 are freed */
	paper_word(paper, cpython_dict(6) - 16, cpython_dict(7) - 16);
	paper_pool(paper, CPYTHON_KEYS, pool, CPYTHON_KEYS_BLOCK, 4);
	paper_keys(paper, cpython_keys_at(0), minor);
	paper_word(paper, cpython_keys_at(1), cpython_dict(0)); /* items of a list */
	paper_word(paper, cpython_keys_at(1) + 8, cpython_dict(1));
	paper_word(paper, cpython_keys_at(2), 7);
	paper_word(paper, cpython_keys_at(2) + 8, CPYTHON_STR_TYPE);
	paper_word(paper, cpython_keys_at(3), UINT64_C(0x0101010101010101)); /* raw memory */
}

#endif
