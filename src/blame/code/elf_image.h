/*
 * An ELF file, or the bytes of one: its segments, its build-id, where its symbols stand. It may be
 * anybody's, so nothing in it is believed: what leads out of the file is not there. Either word
 * size; the byte order is this machine's.
 */
#ifndef BLAME_CODE_ELF_IMAGE_H
#define BLAME_CODE_ELF_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define IMAGE_SEGMENTS 32
#define IMAGE_BUILD_ID 64

struct image_segment {
	uint64_t address, offset, in_file, in_memory; /* bytes */
	bool executable;
};

/* A table of symbols with the table of their names: offsets and sizes in the file. */
struct image_symbol_table {
	uint64_t offset, size, names, names_size;
};

struct elf_image {
	int fd;         /* -1: bytes */
	uint8_t *bytes; /* owned */
	uint64_t size;
	unsigned word; /* bytes: 8 or 4 */
	uint16_t machine;
	uint64_t entry;
	size_t segments;
	struct image_segment segment[IMAGE_SEGMENTS]; /* those that are loaded */
	size_t build_id_size;
	uint8_t build_id[IMAGE_BUILD_ID];
	char debug_link[128]; /* .gnu_debuglink; "" */
	uint32_t debug_link_crc;
	struct image_symbol_table symtab, dynsym; /* size 0: there is none */
};

/* Take the descriptor, or the bytes, over; also where they are no ELF file, which is false. */
bool elf_image_open(struct elf_image *image, int fd);
bool elf_image_of_bytes(struct elf_image *image, uint8_t *bytes, size_t size);
void elf_image_close(struct elf_image *image);

/* false: the file ends before */
bool elf_image_read(const struct elf_image *image, uint64_t offset, void *bytes, size_t size);

/* The terminated text at an offset, cut to the room that there is; "" where there is none. */
void elf_image_text(const struct elf_image *image, uint64_t offset, char *text, size_t room);

/* The segment that a mapping of this part of the file shows. NULL: none. */
const struct image_segment *elf_image_segment(
    const struct elf_image *image, uint64_t offset, bool executable);

/* What is added to the addresses in the file, where this part of it is mapped at start. */
bool elf_image_bias(const struct elf_image *image, uint64_t start, uint64_t offset, bool executable,
    uint64_t *bias);

/* The checksum of .gnu_debuglink over the whole file; bounded by its size. */
uint32_t elf_image_crc(const struct elf_image *image);

bool elf_image_same_build(const struct elf_image *one, const struct elf_image *other);

#endif
