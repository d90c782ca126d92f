/*
 * An ELF file, or its bytes: header, segments, sections. It may be anybody's, so nothing in it is
 * trusted: what points outside the file is ignored. Either word size; this machine's byte order.
 * Doesn't require libdw.
 *
 * Addresses are the file's own; mapped, they are at address + bias.
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

/* Take over the descriptor, or the bytes, even if they aren't ELF, which is false. */
bool elf_file_open(struct elf_file *file, int fd);
bool elf_file_of_bytes(struct elf_file *file, uint8_t *bytes, size_t size);

/* Releases the descriptor or the bytes: segments and sections stay. */
void elf_file_shut(struct elf_file *file);
void elf_file_close(struct elf_file *file);

/* false: the file ends before that */
bool elf_file_read(const struct elf_file *file, uint64_t offset, void *bytes, size_t size);

/* A part of the file plus a terminator; the caller frees it. NULL: there are no such bytes, or too
 * many. */
void *elf_file_part(const struct elf_file *file, uint64_t offset, uint64_t bytes);

/* The allocated section that contains the address; NULL: none. */
const struct elf_section *elf_section_at(const struct elf_file *file, uint64_t address);

/* The first segment of that type that contains the address; NULL: none. */
const struct elf_segment *elf_segment_at(
    const struct elf_file *file, uint64_t address, uint32_t type);

/* The file's own addresses [*from, *to) that are loaded; false: none. */
bool elf_extent(const struct elf_file *file, uint64_t *from, uint64_t *to);

/* What to add to the file's own addresses if it is mapped from offset on at start. */
bool elf_bias(
    const struct elf_file *file, uint64_t start, uint64_t offset, bool executable, uint64_t *bias);

#endif
