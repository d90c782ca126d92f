#include "config.h"
#include "blame/code/build.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#define NOTES_MOST 65536 /* bytes */

static uint64_t
note_padded(uint64_t size)
{
	return (size + 3) & ~(uint64_t)3;
}

static void
notes_find_id(struct build_id *id, const uint8_t *notes, uint64_t size)
{
	Elf64_Nhdr note; /* the same in both word sizes */

	for (uint64_t at = 0; at + sizeof(note) <= size;) {
		uint64_t name = at + sizeof(note), desc;

		memcpy(&note, notes + at, sizeof(note));
		desc = name + note_padded(note.n_namesz);
		at = desc + note_padded(note.n_descsz);
		if (desc + note.n_descsz > size)
			return;
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == sizeof(ELF_NOTE_GNU) &&
		    memcmp(notes + name, ELF_NOTE_GNU, sizeof(ELF_NOTE_GNU)) == 0 &&
		    note.n_descsz && note.n_descsz <= sizeof(id->bytes)) {
			memcpy(id->bytes, notes + desc, note.n_descsz);
			id->size = note.n_descsz;
			return;
		}
	}
}

static void
file_find_id(struct build_id *id, const struct elf_file *file, uint64_t offset, uint64_t bytes)
{
	uint8_t *notes = id->size || bytes > NOTES_MOST ? NULL : elf_file_part(file, offset, bytes);

	if (notes)
		notes_find_id(id, notes, bytes);
	free(notes);
}

void
build_id_read(struct build_id *id, const struct elf_file *file)
{
	id->size = 0;
	for (size_t i = 0; i < file->segment_count; i++)
		if (file->segments[i].type == PT_NOTE)
			file_find_id(
			    id, file, file->segments[i].offset, file->segments[i].file_bytes);
	for (size_t i = 0; i < file->section_count; i++)
		if (file->sections[i].type == SHT_NOTE)
			file_find_id(id, file, file->sections[i].offset, file->sections[i].bytes);
}

bool
build_ids_are_one(const struct build_id *one, const struct build_id *other)
{
	return one->size && one->size == other->size &&
	    memcmp(one->bytes, other->bytes, one->size) == 0;
}

static bool
section_is_link(const struct elf_section *section)
{
	return section->type == SHT_PROGBITS && !(section->flags & SHF_ALLOC) &&
	    strcmp(section->name, ".gnu_debuglink") == 0;
}

static void
section_read_link(
    struct debug_link *link, const struct elf_file *file, const struct elf_section *section)
{
	char text[sizeof(link->name) + sizeof(link->crc)] = "";
	size_t size = section->bytes < sizeof(text) ? section->bytes : sizeof(text), length;

	if (!elf_file_read(file, section->offset, text, size))
		return;
	length = strnlen(text, size);
	if (length >= sizeof(link->name) || strchr(text, '/') ||
	    note_padded(length + 1) + sizeof(link->crc) > size)
		return;
	memcpy(link->name, text, length + 1);
	memcpy(&link->crc, text + note_padded(length + 1), sizeof(link->crc));
}

void
debug_link_read(struct debug_link *link, const struct elf_file *file)
{
	memset(link, 0, sizeof(*link));
	for (size_t i = 0; i < file->section_count && !link->name[0]; i++)
		if (section_is_link(&file->sections[i]))
			section_read_link(link, file, &file->sections[i]);
}

static uint32_t
crc_of_byte(uint32_t value)
{
	for (int bit = 0; bit < 8; bit++)
		value = value & 1 ? value >> 1 ^ 0xedb88320U : value >> 1;
	return value;
}

uint32_t
elf_file_crc(const struct elf_file *file)
{
	uint32_t table[256], crc = ~0U;
	uint8_t bytes[16384];

	for (uint32_t i = 0; i < 256; i++)
		table[i] = crc_of_byte(i);
	for (uint64_t at = 0; at < file->size;) {
		uint64_t left = file->size - at;
		size_t size = left < sizeof(bytes) ? left : sizeof(bytes);

		if (!elf_file_read(file, at, bytes, size))
			return 0;
		for (size_t i = 0; i < size; i++)
			crc = table[(crc ^ bytes[i]) & 255] ^ crc >> 8;
		at += size;
	}
	return ~crc;
}
