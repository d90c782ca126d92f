/*
 * CPython's objects and memory. Internal to src/blame/data: cpython.c recognizes the interpreter
 * and finds what lies at an address through pools, objects and dict keys.
 *
 * Tested on the interpreters 3.8, 3.9, 3.10, 3.11, 3.12, 3.13 and 3.14; 64 bits only. Sources:
 * Objects/obmalloc.c, Include/internal/pycore_gc.h, pycore_dict.h, Objects/dict-common.h,
 * Include/cpython/object.h of each.
 */
#ifndef BLAME_DATA_CPYTHON_H
#define BLAME_DATA_CPYTHON_H

#include "blame/data/decoder.h"

struct cpython_layout {
	unsigned minor;
	/* a function that this version has and the one before lacks */
	const char *since;
	unsigned pool_bytes;  /* of pymalloc */
	bool has_preheader;   /* two words before the collector's, for instances' dicts */
	bool keys_by_log2;    /* dict keys store their sizes as powers of two */
	bool has_frame_stack; /* Python frames are on a stack of their own */
	bool flags_in_count;  /* the upper half of the reference count's word holds flags */
};

struct cpython {
	const struct cpython_layout *layout;
	bool free_threaded; /* its objects are laid out differently */
	uint64_t type_type, code_type;
	uint64_t list_type, set_type, frozen_type;
	uint64_t start, end; /* of its module */
};

struct cpython_type {
	char name[BLAME_NAME_MAX];
	uint64_t address, flags;
	uint64_t basic_bytes;
};

#define CPYTHON_HAVE_GC (UINT64_C(1) << 14)
#define CPYTHON_UNICODE_SUBCLASS (UINT64_C(1) << 28)
#define CPYTHON_TYPE_SUBCLASS (UINT64_C(1) << 31)
#define CPYTHON_PREHEADER (UINT64_C(3) << 3) /* managed dict, managed weak references */

/* Is an object there? Its type is then valid. dead: also accepts one without references. */
bool cpython_object_at(const struct cpython *python, const struct memory_reader *memory,
    uint64_t object, bool dead, struct cpython_type *type);

/* The object, or keys or values of a dict, that fill the block. Pointers to objects are unknown:
 * it isn't said whose they are. */
bool cpython_block_claim(const struct cpython *python, const struct data_place *place,
    const struct data_block *block, struct data_found *found);

/* The word belongs to an object, judged by its neighbours alone. */
bool cpython_word_claim(
    const struct cpython *python, const struct data_place *place, struct data_found *found);

/* false: not in any pool of pymalloc. */
bool cpython_pool_find(
    const struct cpython *python, const struct data_place *place, struct data_found *found);

/* Values of an instance's dict, which has its keys in common with others, that fill the block. */
bool cpython_is_values(const struct cpython *python, const struct memory_reader *memory,
    const struct data_block *block);

/* may_own() and owned() of decoder.h: the items of lists and sets. */
bool cpython_may_own(const void *layout, const uint64_t words[2]);
size_t cpython_owned(const void *layout, const struct memory_reader *memory, uint64_t object,
    struct data_owned owned[OWNED_MOST]);

/* Keys of a dict that begin at the block's start and fill it. */
bool cpython_is_keys(const struct cpython *python, const struct memory_reader *memory,
    const struct data_block *block);

#endif
