#include "config.h"
#include "blame/elf_file.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

#define ELF_SEGMENTS_MOST 512
#define ELF_PART_MOST (256U << 20)        /* bytes */
#define ELF_SECTION_NAMES_MOST (1U << 20) /* bytes */

bool
elf_file_read(const struct elf_file *file, uint64_t offset, void *bytes, size_t size)
{
	if (offset > file->size || size > file->size - offset)
		return false;
	if (file->fd >= 0)
		return pread(file->fd, bytes, size, (off_t)offset) == (ssize_t)size;
	memcpy(bytes, file->bytes + offset, size);
	return true;
}

void *
elf_file_part(const struct elf_file *file, uint64_t offset, uint64_t bytes)
{
	char *part;

	if (!bytes || bytes > ELF_PART_MOST || offset > file->size || bytes > file->size - offset)
		return NULL;
	part = mem_zero(bytes + 1, 1);
	if (elf_file_read(file, offset, part, bytes))
		return part;
	free(part);
	return NULL;
}

/* A table in the file: its position, and the number and size of its entries. */
struct elf_table {
	uint64_t offset;
	size_t each, count;
};

struct elf_head {
	uint16_t machine;
	uint64_t entry;
	struct elf_table segments, sections;
	size_t section_names; /* number of the section with their names */
};

/* For either word size. */
#define HEAD_OF(raw) \
	((struct elf_head){(raw)->e_machine, (raw)->e_entry, \
	    {(raw)->e_phoff, (raw)->e_phentsize, (raw)->e_phnum}, \
	    {(raw)->e_shoff, (raw)->e_shentsize, (raw)->e_shnum}, (raw)->e_shstrndx})
#define SEGMENT_OF(raw) \
	((struct elf_segment){(raw)->p_type, (raw)->p_flags, (raw)->p_vaddr, (raw)->p_memsz, \
	    (raw)->p_offset, (raw)->p_filesz})
#define SECTION_OF(raw) \
	((struct elf_section){"", (raw)->sh_type, (raw)->sh_flags, (raw)->sh_addr, (raw)->sh_size, \
	    (raw)->sh_offset, (raw)->sh_link})

static bool
elf_head_read(struct elf_file *file, struct elf_head *head)
{
	const uint16_t one = 1;
	unsigned char order = *(const unsigned char *)&one ? ELFDATA2LSB : ELFDATA2MSB;
	Elf32_Ehdr narrow;
	Elf64_Ehdr wide;

	if (!elf_file_read(file, 0, &narrow, sizeof(narrow)) ||
	    memcmp(narrow.e_ident, ELFMAG, SELFMAG) != 0 || narrow.e_ident[EI_DATA] != order)
		return false;
	file->word = narrow.e_ident[EI_CLASS] == ELFCLASS32 ? 4 : 8;
	if (file->word == 8 && !elf_file_read(file, 0, &wide, sizeof(wide)))
		return false;
	*head = file->word == 8 ? HEAD_OF(&wide) : HEAD_OF(&narrow);
	return true;
}

static void *
elf_table_read(const struct elf_file *file, const struct elf_table *table, size_t each)
{
	return table->each == each ? elf_file_part(file, table->offset, table->count * each) : NULL;
}

static void
elf_segments_read(struct elf_file *file, struct elf_table *table)
{
	size_t each = file->word == 8 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	void *raw;

	if (table->count > ELF_SEGMENTS_MOST)
		table->count = ELF_SEGMENTS_MOST;
	raw = elf_table_read(file, table, each);
	if (!raw)
		return;
	file->segments = mem_zero(table->count, sizeof(*file->segments));
	for (size_t i = 0; i < table->count; i++)
		file->segments[i] = file->word == 8 ? SEGMENT_OF((const Elf64_Phdr *)raw + i)
						    : SEGMENT_OF((const Elf32_Phdr *)raw + i);
	file->segment_count = table->count;
	free(raw);
}

/* sh_name is the first word of an entry, in both word sizes. */
static void
elf_sections_name(
    struct elf_file *file, const char *raw, size_t each, const struct elf_section *names)
{
	uint32_t name;

	if (names->bytes <= ELF_SECTION_NAMES_MOST)
		file->section_names = elf_file_part(file, names->offset, names->bytes);
	for (size_t i = 0; i < file->section_count && file->section_names; i++) {
		memcpy(&name, raw + i * each, sizeof(name));
		if (name < names->bytes)
			file->sections[i].name = file->section_names + name;
	}
}

static void
elf_sections_read(struct elf_file *file, const struct elf_table *table, size_t names)
{
	size_t each = file->word == 8 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
	void *raw = elf_table_read(file, table, each);

	if (!raw)
		return;
	file->sections = mem_zero(table->count, sizeof(*file->sections));
	for (size_t i = 0; i < table->count; i++)
		file->sections[i] = file->word == 8 ? SECTION_OF((const Elf64_Shdr *)raw + i)
						    : SECTION_OF((const Elf32_Shdr *)raw + i);
	file->section_count = table->count;
	if (names < table->count)
		elf_sections_name(file, raw, each, &file->sections[names]);
	free(raw);
}

static bool
elf_file_take(struct elf_file *file)
{
	struct elf_head head;

	if (!elf_head_read(file, &head)) {
		elf_file_close(file);
		return false;
	}
	file->machine = head.machine;
	file->entry = head.entry;
	elf_segments_read(file, &head.segments);
	elf_sections_read(file, &head.sections, head.section_names);
	return true;
}

bool
elf_file_open(struct elf_file *file, int fd)
{
	struct stat stat;

	*file = (struct elf_file){.fd = fd};
	if (fd >= 0 && fstat(fd, &stat) == 0 && S_ISREG(stat.st_mode) && stat.st_size > 0)
		file->size = (uint64_t)stat.st_size;
	return elf_file_take(file);
}

bool
elf_file_of_bytes(struct elf_file *file, uint8_t *bytes, size_t size)
{
	*file = (struct elf_file){.fd = -1, .bytes = bytes, .size = size};
	return elf_file_take(file);
}

void
elf_file_shut(struct elf_file *file)
{
	if (file->fd >= 0)
		close(file->fd);
	free(file->bytes);
	file->fd = -1;
	file->bytes = NULL;
	file->size = 0;
}

void
elf_file_close(struct elf_file *file)
{
	elf_file_shut(file);
	free(file->segments);
	free(file->sections);
	free(file->section_names);
	*file = (struct elf_file){.fd = -1};
}

static bool
elf_within(uint64_t address, uint64_t start, uint64_t bytes)
{
	return address >= start && address - start < bytes;
}

const struct elf_section *
elf_section_at(const struct elf_file *file, uint64_t address)
{
	for (size_t i = 0; i < file->section_count; i++) {
		const struct elf_section *section = &file->sections[i];

		if (section->flags & SHF_ALLOC && !(section->flags & SHF_TLS) &&
		    elf_within(address, section->address, section->bytes))
			return section;
	}
	return NULL;
}

const struct elf_segment *
elf_segment_at(const struct elf_file *file, uint64_t address, uint32_t type)
{
	for (size_t i = 0; i < file->segment_count; i++)
		if (file->segments[i].type == type &&
		    elf_within(address, file->segments[i].address, file->segments[i].memory_bytes))
			return &file->segments[i];
	return NULL;
}

bool
elf_extent(const struct elf_file *file, uint64_t *from, uint64_t *to)
{
	*from = UINT64_MAX;
	*to = 0;
	for (size_t i = 0; i < file->segment_count; i++) {
		const struct elf_segment *segment = &file->segments[i];
		uint64_t end = segment->address + segment->memory_bytes;

		if (segment->type != PT_LOAD || end <= segment->address)
			continue;
		*from = segment->address < *from ? segment->address : *from;
		*to = end > *to ? end : *to;
	}
	return *from < *to;
}

/* A page of a file may belong to two segments: chooses the one with the mapping's permissions. */
static const struct elf_segment *
elf_segment_mapped(const struct elf_file *file, uint64_t offset, bool executable)
{
	uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
	const struct elf_segment *other = NULL;

	for (size_t i = 0; i < file->segment_count; i++) {
		const struct elf_segment *segment = &file->segments[i];
		uint64_t within = segment->offset % page;

		if (segment->type != PT_LOAD ||
		    !elf_within(offset, segment->offset - within, segment->file_bytes + within))
			continue;
		if (((segment->flags & PF_X) != 0) == executable)
			return segment;
		other = segment;
	}
	return other;
}

bool
elf_bias(
    const struct elf_file *file, uint64_t start, uint64_t offset, bool executable, uint64_t *bias)
{
	const struct elf_segment *segment = elf_segment_mapped(file, offset, executable);

	if (segment)
		*bias = start - offset + segment->offset - segment->address;
	return segment != NULL;
}
