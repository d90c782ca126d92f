/*
 * A target's memory, read sparsely. What reads it trusts nothing that it finds: every address may
 * lead anywhere, also in circles, and every size may be a lie.
 */
#ifndef BLAME_MEMORY_H
#define BLAME_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct memory_reader {
	/* false: not all of these bytes are present, or they may not be read */
	bool (*read)(void *of, uint64_t address, void *bytes, size_t size);
	void *of;
	unsigned word; /* bytes of a pointer: 8 or 4 */
};

static inline bool
memory_read(const struct memory_reader *reader, uint64_t address, void *bytes, size_t size)
{
	return address + size >= address && reader->read(reader->of, address, bytes, size);
}

/* 0 where it cannot be read, so that an address that is 0 and one that is unknown are one. */
static inline uint64_t
memory_word(const struct memory_reader *reader, uint64_t address)
{
	uint64_t word = 0;
	uint32_t half = 0;

	if (reader->word == 4)
		return memory_read(reader, address, &half, sizeof(half)) ? half : 0;
	return memory_read(reader, address, &word, sizeof(word)) ? word : 0;
}

#endif
