/*
 * A target's memory, read sparsely. Readers trust nothing that they find: any address may point
 * anywhere, even in circles, and any size may be a lie.
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

/* 0 if it can't be read, so that a zero address and an unknown one are treated alike. */
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
