/*
 * Which build of a program a file belongs to: by its build-id, or by the checksum that
 * .gnu_debuglink gives for its separate debug file.
 */
#ifndef BLAME_CODE_BUILD_H
#define BLAME_CODE_BUILD_H

#include "blame/elf_file.h"

struct build_id {
	size_t size; /* bytes; 0: none */
	uint8_t bytes[64];
};

struct debug_link {
	char name[128]; /* without a directory; "": none */
	uint32_t crc;
};

void build_id_read(struct build_id *id, const struct elf_file *file);
void debug_link_read(struct debug_link *link, const struct elf_file *file);

/* false also if neither has one */
bool build_ids_are_one(const struct build_id *one, const struct build_id *other);

/* The checksum of .gnu_debuglink over the whole file; bounded by its size. */
uint32_t elf_file_crc(const struct elf_file *file);

#endif
