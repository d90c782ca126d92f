#include "config.h"
#include "blame/code/elf_image.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

#define SECTIONS_MOST 65536
#define NOTES_MOST 65536
#define HEADERS_MOST 512
#define PAGE_LEAST 4096

bool
elf_image_read(const struct elf_image *image, uint64_t offset, void *bytes, size_t size)
{
	if (offset > image->size || size > image->size - offset)
		return false;
	if (image->fd < 0) {
		memcpy(bytes, image->bytes + offset, size);
		return true;
	}
	return pread(image->fd, bytes, size, (off_t)offset) == (ssize_t)size;
}

void
elf_image_text(const struct elf_image *image, uint64_t offset, char *text, size_t room)
{
	size_t size = room - 1;

	text[0] = '\0';
	if (offset >= image->size)
		return;
	if (size > image->size - offset)
		size = image->size - offset;
	if (!elf_image_read(image, offset, text, size))
		size = 0;
	text[size] = '\0';
}

static bool
image_header(struct elf_image *image, Elf64_Ehdr *header)
{
	Elf32_Ehdr narrow;
	const uint16_t one = 1;
	unsigned char order = *(const unsigned char *)&one ? ELFDATA2LSB : ELFDATA2MSB;

	if (!elf_image_read(image, 0, &narrow, sizeof(narrow)) ||
	    memcmp(narrow.e_ident, ELFMAG, SELFMAG) != 0 || narrow.e_ident[EI_DATA] != order)
		return false;
	image->word = narrow.e_ident[EI_CLASS] == ELFCLASS32 ? 4 : 8;
	if (image->word == 8)
		return elf_image_read(image, 0, header, sizeof(*header));
	memset(header, 0, sizeof(*header));
	header->e_machine = narrow.e_machine;
	header->e_entry = narrow.e_entry;
	header->e_phoff = narrow.e_phoff;
	header->e_shoff = narrow.e_shoff;
	header->e_phentsize = narrow.e_phentsize;
	header->e_phnum = narrow.e_phnum;
	header->e_shentsize = narrow.e_shentsize;
	header->e_shnum = narrow.e_shnum;
	header->e_shstrndx = narrow.e_shstrndx;
	return true;
}

static bool
image_segment_at(const struct elf_image *image, uint64_t offset, Elf64_Phdr *segment)
{
	Elf32_Phdr narrow;

	if (image->word == 8)
		return elf_image_read(image, offset, segment, sizeof(*segment));
	if (!elf_image_read(image, offset, &narrow, sizeof(narrow)))
		return false;
	*segment = (Elf64_Phdr){.p_type = narrow.p_type,
	    .p_flags = narrow.p_flags,
	    .p_offset = narrow.p_offset,
	    .p_vaddr = narrow.p_vaddr,
	    .p_filesz = narrow.p_filesz,
	    .p_memsz = narrow.p_memsz};
	return true;
}

static bool
image_section_at(const struct elf_image *image, uint64_t offset, Elf64_Shdr *section)
{
	Elf32_Shdr narrow;

	if (image->word == 8)
		return elf_image_read(image, offset, section, sizeof(*section));
	if (!elf_image_read(image, offset, &narrow, sizeof(narrow)))
		return false;
	*section = (Elf64_Shdr){.sh_name = narrow.sh_name,
	    .sh_type = narrow.sh_type,
	    .sh_offset = narrow.sh_offset,
	    .sh_size = narrow.sh_size,
	    .sh_link = narrow.sh_link,
	    .sh_flags = narrow.sh_flags};
	return true;
}

static size_t
note_padded(size_t size)
{
	return (size + 3) & ~(size_t)3;
}

static void
image_notes(struct elf_image *image, uint64_t offset, uint64_t size)
{
	Elf64_Nhdr note; /* the same in both word sizes */
	uint64_t at = 0;

	if (size > NOTES_MOST)
		return;
	while (!image->build_id_size && elf_image_read(image, offset + at, &note, sizeof(note))) {
		uint64_t name = at + sizeof(note), desc = name + note_padded(note.n_namesz);
		char owner[4] = "";

		if (note.n_namesz > size || note.n_descsz > size || desc + note.n_descsz > size)
			return;
		if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == sizeof(owner) &&
		    note.n_descsz && note.n_descsz <= IMAGE_BUILD_ID &&
		    elf_image_read(image, offset + name, owner, sizeof(owner)) &&
		    memcmp(owner, "GNU", sizeof(owner)) == 0 &&
		    elf_image_read(image, offset + desc, image->build_id, note.n_descsz))
			image->build_id_size = note.n_descsz;
		at = desc + note_padded(note.n_descsz);
	}
}

static void
image_take_segment(struct elf_image *image, const Elf64_Phdr *segment)
{
	if (segment->p_type == PT_NOTE)
		image_notes(image, segment->p_offset, segment->p_filesz);
	if (segment->p_type != PT_LOAD || image->segments == IMAGE_SEGMENTS)
		return;
	image->segment[image->segments++] = (struct image_segment){segment->p_vaddr,
	    segment->p_offset, segment->p_filesz, segment->p_memsz, (segment->p_flags & PF_X) != 0};
}

static void
image_segments(struct elf_image *image, const Elf64_Ehdr *header)
{
	size_t least = image->word == 8 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	Elf64_Phdr segment;

	if (header->e_phentsize < least)
		return;
	for (unsigned i = 0; i < header->e_phnum && i < HEADERS_MOST; i++)
		if (image_segment_at(
			image, header->e_phoff + (uint64_t)i * header->e_phentsize, &segment))
			image_take_segment(image, &segment);
}

/* Sections that are not in this file, as in one of debug information, have their size all the
 * same: SHT_NOBITS. */
static void
image_debug_link(struct elf_image *image, const Elf64_Shdr *section)
{
	size_t length;

	elf_image_text(image, section->sh_offset, image->debug_link, sizeof(image->debug_link));
	length = strlen(image->debug_link);
	if (length + 1 >= sizeof(image->debug_link) || strchr(image->debug_link, '/') ||
	    !elf_image_read(image, section->sh_offset + note_padded(length + 1),
		&image->debug_link_crc, sizeof(image->debug_link_crc)))
		image->debug_link[0] = '\0';
}

struct image_sections {
	uint64_t offset, each, count, names;
};

static bool
image_numbered_section(const struct elf_image *image, const struct image_sections *sections,
    uint64_t number, Elf64_Shdr *section)
{
	return number < sections->count &&
	    image_section_at(image, sections->offset + number * sections->each, section);
}

static void
image_symbols(const struct elf_image *image, const struct image_sections *sections,
    const Elf64_Shdr *section, struct image_symbol_table *table)
{
	Elf64_Shdr names;

	if (!image_numbered_section(image, sections, section->sh_link, &names) ||
	    names.sh_type != SHT_STRTAB || section->sh_offset > image->size ||
	    section->sh_size > image->size - section->sh_offset)
		return;
	*table = (struct image_symbol_table){
	    section->sh_offset, section->sh_size, names.sh_offset, names.sh_size};
}

static void
image_take_section(
    struct elf_image *image, const struct image_sections *sections, const Elf64_Shdr *section)
{
	char name[24];

	if (section->sh_type == SHT_SYMTAB)
		image_symbols(image, sections, section, &image->symtab);
	else if (section->sh_type == SHT_DYNSYM)
		image_symbols(image, sections, section, &image->dynsym);
	else if (section->sh_type == SHT_NOTE)
		image_notes(image, section->sh_offset, section->sh_size);
	if (section->sh_type != SHT_PROGBITS || section->sh_flags & SHF_ALLOC)
		return;
	elf_image_text(image, sections->names + section->sh_name, name, sizeof(name));
	if (strcmp(name, ".gnu_debuglink") == 0)
		image_debug_link(image, section);
}

static void
image_read_sections(struct elf_image *image, const Elf64_Ehdr *header)
{
	struct image_sections sections = {header->e_shoff, header->e_shentsize, header->e_shnum, 0};
	size_t least = image->word == 8 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
	Elf64_Shdr section;

	if (!header->e_shoff || header->e_shentsize < least || sections.count > SECTIONS_MOST ||
	    !image_numbered_section(image, &sections, header->e_shstrndx, &section))
		return;
	sections.names = section.sh_offset;
	for (uint64_t i = 0; i < sections.count; i++)
		if (image_numbered_section(image, &sections, i, &section))
			image_take_section(image, &sections, &section);
}

static bool
image_take_in(struct elf_image *image)
{
	Elf64_Ehdr header;

	if (!image_header(image, &header)) {
		elf_image_close(image);
		return false;
	}
	image->machine = header.e_machine;
	image->entry = header.e_entry;
	image_segments(image, &header);
	image_read_sections(image, &header);
	return true;
}

bool
elf_image_open(struct elf_image *image, int fd)
{
	struct stat stat;

	memset(image, 0, sizeof(*image));
	image->fd = fd;
	if (fd >= 0 && fstat(fd, &stat) == 0 && S_ISREG(stat.st_mode) && stat.st_size > 0)
		image->size = (uint64_t)stat.st_size;
	return image_take_in(image);
}

bool
elf_image_of_bytes(struct elf_image *image, uint8_t *bytes, size_t size)
{
	memset(image, 0, sizeof(*image));
	image->fd = -1;
	image->bytes = bytes;
	image->size = size;
	return image_take_in(image);
}

void
elf_image_close(struct elf_image *image)
{
	if (image->fd >= 0)
		close(image->fd);
	free(image->bytes);
	memset(image, 0, sizeof(*image));
	image->fd = -1;
}

/* A page of a file may belong to two segments: that with the mapping's permissions is meant. */
const struct image_segment *
elf_image_segment(const struct elf_image *image, uint64_t offset, bool executable)
{
	const struct image_segment *other = NULL;

	for (size_t i = 0; i < image->segments; i++) {
		const struct image_segment *segment = &image->segment[i];
		uint64_t from = segment->offset & ~(uint64_t)(PAGE_LEAST - 1);

		if (offset < from || offset - from >= segment->offset - from + segment->in_file)
			continue;
		if (segment->executable == executable)
			return segment;
		other = segment;
	}
	return other;
}

bool
elf_image_bias(
    const struct elf_image *image, uint64_t start, uint64_t offset, bool executable, uint64_t *bias)
{
	const struct image_segment *segment = elf_image_segment(image, offset, executable);

	if (!segment)
		return false;
	*bias = start - offset + segment->offset - segment->address;
	return true;
}

static uint32_t
crc_of_byte(uint32_t value)
{
	for (int bit = 0; bit < 8; bit++)
		value = value & 1 ? value >> 1 ^ 0xedb88320U : value >> 1;
	return value;
}

uint32_t
elf_image_crc(const struct elf_image *image)
{
	uint32_t table[256], crc = ~0U;
	uint8_t bytes[16384];

	for (uint32_t i = 0; i < 256; i++)
		table[i] = crc_of_byte(i);
	for (uint64_t at = 0; at < image->size;) {
		uint64_t left = image->size - at;
		size_t size = left < sizeof(bytes) ? left : sizeof(bytes);

		if (!elf_image_read(image, at, bytes, size))
			return 0;
		for (size_t i = 0; i < size; i++)
			crc = table[(crc ^ bytes[i]) & 255] ^ crc >> 8;
		at += size;
	}
	return ~crc;
}

bool
elf_image_same_build(const struct elf_image *one, const struct elf_image *other)
{
	return one->build_id_size && one->build_id_size == other->build_id_size &&
	    memcmp(one->build_id, other->build_id, one->build_id_size) == 0;
}
