/*
 * What an ELF file says of itself: segments, sections, symbols. Read from a descriptor, in bounded
 * size; the file may be anyone's, so nothing in it is trusted. Both word sizes, this machine's byte
 * order. Needs no libdw.
 *
 * Addresses are the file's own. What is mapped stands at address + bias.
 */
#ifndef BLAME_ELF_SYMBOLS_H
#define BLAME_ELF_SYMBOLS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct elf_segment {
	uint32_t type, flags; /* PT_LOAD ..., PF_W ... */
	uint64_t address, memory_bytes, offset, file_bytes;
};

struct elf_section {
	const char *name;
	uint32_t type; /* SHT_NOBITS ... */
	uint64_t flags, address, bytes, offset;
};

struct elf_symbol {
	const char *name;
	uint64_t address, bytes;
	uint8_t type; /* STT_OBJECT, STT_FUNC ... */
};

struct elf_symbols {
	unsigned word; /* 8 or 4 */
	uint16_t machine;
	bool fixed; /* linked to stand at its own addresses */
	struct elf_segment *segments;
	struct elf_section *sections;
	/* defined ones of .dynsym, and of .symtab where there is one; ascending addresses */
	struct elf_symbol *symbols;
	size_t segment_count, section_count, symbol_count;
	char *names[3]; /* what the names point into */
};

/* false: not an ELF file, or damaged; *elf is then empty. */
bool elf_symbols_read(struct elf_symbols *elf, int fd);
void elf_symbols_release(struct elf_symbols *elf);

/* NULL: none. */
const struct elf_symbol *elf_symbol_named(const struct elf_symbols *elf, const char *name);

/* The innermost one whose bytes hold the address; NULL: none. */
const struct elf_symbol *elf_symbol_at(
    const struct elf_symbols *elf, uint64_t address, uint8_t type);

/* The allocated one that holds the address; NULL: none. */
const struct elf_section *elf_section_at(const struct elf_symbols *elf, uint64_t address);

/* The first of that type that holds the address; NULL: none. */
const struct elf_segment *elf_segment_at(
    const struct elf_symbols *elf, uint64_t address, uint32_t type);

/* [*from, *to) of the file's own addresses that are loaded; false: nothing is. */
bool elf_extent(const struct elf_symbols *elf, uint64_t *from, uint64_t *to);

/* What to add to the file's own addresses, where the file is mapped from offset on at start. */
bool elf_bias(
    const struct elf_symbols *elf, uint64_t start, uint64_t offset, uint64_t page, uint64_t *bias);

#endif
