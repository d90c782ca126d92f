/*
 * An ELF file, or the bytes of one: what it begins with, its segments, its sections. It may be
 * anybody's, so nothing in it is believed: what leads out of the file is not there. Either word
 * size; the byte order is this machine's. Needs no libdw.
 *
 * Addresses are the file's own. What is mapped stands at address + bias.
 */
#ifndef BLAME_ELF_FILE_H
#define BLAME_ELF_FILE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct elf_segment {
	uint32_t type, flags; /* PT_LOAD ..., PF_W ... */
	uint64_t address, memory_bytes, offset, file_bytes;
};

struct elf_section {
	const char *name; /* "": it has none */
	uint32_t type;    /* SHT_NOBITS ... */
	uint64_t flags, address, bytes, offset;
	uint32_t link; /* number of another section */
};

struct elf_file {
	int fd;         /* -1: bytes */
	uint8_t *bytes; /* owned */
	uint64_t size;
	unsigned word; /* bytes: 8 or 4 */
	uint16_t machine;
	uint64_t entry;
	struct elf_segment *segments;
	struct elf_section *sections;
	size_t segment_count, section_count;
	char *section_names;
};

/* Take the descriptor, or the bytes, over; also where they are no ELF file, which is false. */
bool elf_file_open(struct elf_file *file, int fd);
bool elf_file_of_bytes(struct elf_file *file, uint8_t *bytes, size_t size);

/* Lets go of the descriptor or the bytes: segments and sections stay. */
void elf_file_shut(struct elf_file *file);
void elf_file_close(struct elf_file *file);

/* false: the file ends before */
bool elf_file_read(const struct elf_file *file, uint64_t offset, void *bytes, size_t size);

/* A part of the file with a terminator behind it, for free(). NULL: there are no such bytes, or
 * they are too many. */
void *elf_file_part(const struct elf_file *file, uint64_t offset, uint64_t bytes);

/* The allocated one that holds the address; NULL: none. */
const struct elf_section *elf_section_at(const struct elf_file *file, uint64_t address);

/* The first of that type that holds the address; NULL: none. */
const struct elf_segment *elf_segment_at(
    const struct elf_file *file, uint64_t address, uint32_t type);

/* [*from, *to) of the file's own addresses that are loaded; false: nothing is. */
bool elf_extent(const struct elf_file *file, uint64_t *from, uint64_t *to);

/* What to add to the file's own addresses, where the file is mapped from offset on at start. */
bool elf_bias(
    const struct elf_file *file, uint64_t start, uint64_t offset, bool executable, uint64_t *bias);

#endif
