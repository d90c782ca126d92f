#include "config.h"
#include "blame/data/cpython.h"

#include <string.h>

#define TYPE_WORDS 22 /* up to tp_flags */
#define TYPE_NAME 3
#define TYPE_BASIC_BYTES 4
#define TYPE_FLAGS 21
#define BASIC_BYTES_MAX (1u << 20)

static bool
type_is_meta(const struct cpython *python, const struct memory_reader *memory, uint64_t address)
{
	uint64_t words[TYPE_WORDS];

	if (address == python->type_type)
		return true;
	return address % 8 == 0 && memory_read(memory, address, words, sizeof(words)) &&
	    words[TYPE_FLAGS] & CPYTHON_TYPE_SUBCLASS &&
	    (words[1] == python->type_type || words[1] == address ||
		memory_word(memory, words[1] + 8) == python->type_type);
}

static bool
cpython_type_at(const struct cpython *python, const struct memory_reader *memory, uint64_t address,
    struct cpython_type *type)
{
	uint64_t words[TYPE_WORDS];

	if (!address || address % 8 || !memory_read(memory, address, words, sizeof(words)) ||
	    words[TYPE_BASIC_BYTES] < 16 || words[TYPE_BASIC_BYTES] > BASIC_BYTES_MAX ||
	    !type_is_meta(python, memory, words[1]))
		return false;
	type->address = address;
	type->flags = words[TYPE_FLAGS];
	type->basic_bytes = words[TYPE_BASIC_BYTES];
	return data_text(memory, words[TYPE_NAME], type->name, sizeof(type->name)) && type->name[0];
}

/* Pointers are never counts: a freed block or a collector's list has pointers there. */
static bool
count_is_plausible(const struct cpython *python, uint64_t count, bool dead)
{
	if (python->layout->flags_in_count && count >> 56 == 0)
		count = count >> 32 & 0xffff ? UINT64_MAX : count & UINT32_MAX;
	return count <= UINT32_MAX && (dead || count);
}

bool
cpython_object_at(const struct cpython *python, const struct memory_reader *memory, uint64_t object,
    bool dead, struct cpython_type *type)
{
	uint64_t head[2];

	return object % 8 == 0 && memory_read(memory, object, head, sizeof(head)) &&
	    count_is_plausible(python, head[0], dead) &&
	    cpython_type_at(python, memory, head[1], type);
}

/* Words that precede an object of that type. */
static uint64_t
type_front_bytes(const struct cpython *python, const struct cpython_type *type)
{
	bool preheader = python->layout->has_preheader && type->flags & CPYTHON_PREHEADER;

	return (type->flags & CPYTHON_HAVE_GC ? 16 : 0) + (preheader ? 16 : 0);
}

static bool
object_claim(
    const struct cpython_type *type, uint64_t object, uint64_t address, struct data_found *found)
{
	enum cause cause = CAUSE_OBJECT;

	if (address >= object && address < object + 8)
		cause = CAUSE_REFCOUNT;
	else if (type->flags & CPYTHON_HAVE_GC && address < object && address >= object - 16)
		cause = CAUSE_GC_MARK;
	return data_claim(found, cause, RUNTIME_CPYTHON, type->name);
}

/* A compact string is smaller than its type says. */
static bool
block_object_claim(const struct cpython *python, const struct data_place *place,
    const struct data_block *block, struct data_found *found)
{
	struct cpython_type type;

	for (uint64_t front = 0; front <= 32; front += 16) {
		uint64_t object = block->start + front;

		if (cpython_object_at(python, place->memory, object, true, &type) &&
		    type_front_bytes(python, &type) == front &&
		    (type.flags & CPYTHON_UNICODE_SUBCLASS ||
			front + type.basic_bytes <= block->bytes))
			return object_claim(&type, object, place->address, found);
	}
	return false;
}

#define POINTERS_LOOKED_AT 4

/* An array of pointers to objects, such as a list's: the words around the place, and the block's
 * first. */
static bool
block_is_pointers(
    const struct cpython *python, const struct data_place *place, const struct data_block *block)
{
	uint64_t word = place->address / 8 * 8;
	const uint64_t look[POINTERS_LOOKED_AT] = {block->start, word, word - 8, word + 8};
	unsigned pointers = 0;
	struct cpython_type type;

	for (size_t i = 0; i < POINTERS_LOOKED_AT; i++) {
		uint64_t to;

		if (look[i] < block->start || look[i] + 8 > block->start + block->bytes)
			continue;
		to = memory_word(place->memory, look[i]);
		if (to && !cpython_object_at(python, place->memory, to, false, &type))
			return false;
		pointers += to != 0;
	}
	return pointers > 1;
}

/* A type, or its name, that could not be read: unknown. */
static bool
type_is_hidden(const struct cpython *python, const struct memory_reader *memory, uint64_t address)
{
	uint64_t words[TYPE_WORDS];
	char letter;

	if (!address || address % 8 || address >> 47)
		return false;
	if (!memory_read(memory, address, words, sizeof(words)))
		return true;
	return type_is_meta(python, memory, words[1]) &&
	    !memory_read(memory, words[TYPE_NAME], &letter, 1);
}

static bool
block_is_hidden(
    const struct cpython *python, const struct data_place *place, const struct data_block *block)
{
	for (uint64_t front = 0; front <= 32 && front + 16 <= block->bytes; front += 16) {
		uint64_t head[2];

		if (memory_read(place->memory, block->start + front, head, sizeof(head)) &&
		    head[0] && count_is_plausible(python, head[0], false) &&
		    type_is_hidden(python, place->memory, head[1]))
			return true;
	}
	return false;
}

bool
cpython_block_claim(const struct cpython *python, const struct data_place *place,
    const struct data_block *block, struct data_found *found)
{
	if (block_object_claim(python, place, block, found))
		return true;
	if (block->free)
		return false;
	if (cpython_is_keys(python, place->memory, block))
		return data_claim(found,
		    place->address < block->start + 8 ? CAUSE_REFCOUNT : CAUSE_OBJECT,
		    RUNTIME_CPYTHON, "dict keys");
	if (cpython_is_values(python, place->memory, block))
		return data_claim(found, CAUSE_OBJECT, RUNTIME_CPYTHON, "dict values");
	if (block_is_pointers(python, place, block))
		return data_claim(found, CAUSE_UNKNOWN, RUNTIME_CPYTHON, "pointers to objects");
	return block_is_hidden(python, place, block) &&
	    data_claim(found, CAUSE_UNKNOWN, RUNTIME_CPYTHON, "");
}

bool
cpython_word_claim(
    const struct cpython *python, const struct data_place *place, struct data_found *found)
{
	uint64_t word = place->address / 8 * 8;
	struct cpython_type type;

	if (cpython_object_at(python, place->memory, word, false, &type))
		return data_claim(found, CAUSE_REFCOUNT, RUNTIME_CPYTHON, type.name);
	for (unsigned front = 8; !place->module && front <= 16; front += 8)
		if (cpython_object_at(python, place->memory, word + front, false, &type) &&
		    type.flags & CPYTHON_HAVE_GC)
			return data_claim(found, CAUSE_GC_MARK, RUNTIME_CPYTHON, type.name);
	return false;
}
