#include "config.h"
#include "blame/data/glibc.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define ARENA_BINS 112 /* where the pairs of links begin: one pair per bin */
#define ARENA_BIN_COUNT 127
#define EMPTY_BINS_MIN 24
#define DATA_BYTES_MAX (1u << 20)

/* Both links of an empty bin point to where its chunk would begin: 16 bytes before them. */
static bool
bin_is_empty(const uint64_t links[2], uint64_t address)
{
	return links[0] == address - 16 && links[1] == address - 16;
}

static unsigned
arena_empty_bins(const uint64_t *words, uint64_t address)
{
	unsigned empty = 0;

	for (size_t i = 0; i < ARENA_BIN_COUNT; i++)
		empty +=
		    bin_is_empty(words + ARENA_BINS / 8 + 2 * i, address + ARENA_BINS + 16 * i);
	return empty;
}

/* At the end: the next arena, the next free one, threads, current and maximum system memory. */
static bool
arena_is_at(const uint64_t *words, uint64_t address)
{
	const uint64_t *last = words + GLIBC_ARENA_BYTES / 8 - 5;

	return words[GLIBC_ARENA_TOP / 8] % 16 == 0 && words[GLIBC_ARENA_TOP / 8] && last[0] &&
	    last[2] && last[2] < UINT16_MAX && last[3] && last[3] % 4096 == 0 &&
	    last[3] <= last[4] && arena_empty_bins(words, address) >= EMPTY_BINS_MIN;
}

static uint64_t
arena_within(const uint64_t *words, size_t count, uint64_t address)
{
	for (size_t i = 0; i + GLIBC_ARENA_BYTES / 8 <= count; i++)
		if (arena_is_at(words + i, address + i * 8))
			return address + i * 8;
	return 0;
}

uint64_t
glibc_find_arena(const struct module *module, const struct memory_reader *memory)
{
	uint64_t named = module_symbol(module, "main_arena"), arena = 0;

	if (named)
		return named;
	for (size_t i = 0; i < module->elf->section_count && !arena; i++) {
		const struct elf_section *section = &module->elf->sections[i];
		uint64_t address = module->bias + section->address;
		uint64_t *words;

		if (strcmp(section->name, ".data") != 0 || section->bytes > DATA_BYTES_MAX ||
		    address % 8)
			continue;
		words = mem_zero(section->bytes / 8 + 1, 8);
		if (memory_read(memory, address, words, section->bytes))
			arena = arena_within(words, section->bytes / 8, address);
		free(words);
	}
	return arena;
}
