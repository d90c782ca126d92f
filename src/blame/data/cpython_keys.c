#include "config.h"
#include "blame/data/cpython.h"

/*
 * The keys of a dict: a header, indices, entries. Up to 3.10 the header has the size, the lookup
 * function, and the usable and used counts; from 3.11 on sizes as powers of two, and the kind.
 */
#define KEYS_SIZE_MIN 8
#define KEYS_SIZE_MAX (UINT64_C(1) << 40)
#define KEYS_LOG2_MAX 40

static bool
keys_fill(const struct data_block *block, uint64_t bytes)
{
	return bytes <= block->bytes && block->bytes - bytes < 32;
}

struct keys_by_size {
	uint64_t count, size, lookup, usable, entries;
};

static uint64_t
keys_index_bytes(uint64_t size)
{
	return size <= 0x80      ? size
	    : size <= 0x8000     ? size * 2
	    : size <= 0x80000000 ? size * 4
				 : size * 8;
}

static bool
keys_by_size_fit(
    const struct cpython *python, const struct keys_by_size *keys, const struct data_block *block)
{
	if (keys->size < KEYS_SIZE_MIN || keys->size > KEYS_SIZE_MAX ||
	    keys->size & (keys->size - 1) || keys->lookup < python->start ||
	    keys->lookup >= python->end || keys->usable > keys->size || keys->entries > keys->size)
		return false;
	return keys_fill(
	    block, sizeof(*keys) + keys_index_bytes(keys->size) + keys->size * 2 / 3 * 24);
}

struct keys_by_log2 {
	uint64_t count;
	uint8_t log2_size, log2_index_bytes, kind, unused;
	uint32_t version;
	uint64_t usable, entries;
};

#define KEYS_GENERAL 0
#define KEYS_KINDS 3

static bool
keys_by_log2_fit(const struct keys_by_log2 *keys, const struct data_block *block)
{
	uint64_t size, each = keys->kind == KEYS_GENERAL ? 24 : 16;

	if (keys->log2_size < 3 || keys->log2_size > KEYS_LOG2_MAX ||
	    keys->log2_index_bytes < keys->log2_size ||
	    keys->log2_index_bytes > keys->log2_size + 3 || keys->kind >= KEYS_KINDS)
		return false;
	size = UINT64_C(1) << keys->log2_size;
	if (keys->usable > size || keys->entries > size)
		return false;
	return keys_fill(
	    block, sizeof(*keys) + (UINT64_C(1) << keys->log2_index_bytes) + size * 2 / 3 * each);
}

bool
cpython_is_keys(const struct cpython *python, const struct memory_reader *memory,
    const struct data_block *block)
{
	struct keys_by_log2 by_log2;
	struct keys_by_size by_size;

	if (python->layout->keys_by_log2)
		return memory_read(memory, block->start, &by_log2, sizeof(by_log2)) &&
		    by_log2.count && by_log2.count < UINT32_MAX &&
		    keys_by_log2_fit(&by_log2, block);
	return memory_read(memory, block->start, &by_size, sizeof(by_size)) && by_size.count &&
	    by_size.count < UINT32_MAX && keys_by_size_fit(python, &by_size, block);
}

#define VALUES_SINCE 11 /* in a block of their own, with bytes in front that tell their order */
#define VALUES_UNTIL 12
#define VALUES_PREFIX_MAX 32

bool
cpython_is_values(const struct cpython *python, const struct memory_reader *memory,
    const struct data_block *block)
{
	if (python->layout->minor < VALUES_SINCE || python->layout->minor > VALUES_UNTIL)
		return false;
	for (uint64_t prefix = 8; prefix <= VALUES_PREFIX_MAX && prefix < block->bytes;
	     prefix += 8) {
		uint8_t last[2]; /* how many there are, and how long the prefix is */

		if (!memory_read(
			memory, block->start + prefix - sizeof(last), last, sizeof(last)) ||
		    last[1] != prefix)
			continue;
		for (uint64_t room = prefix - 2; room + 10 > prefix && room; room--)
			if (last[0] <= room && keys_fill(block, prefix + room * 8))
				return true;
	}
	return false;
}
