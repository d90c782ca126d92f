#include "config.h"
#include "blame/elf_symbols.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"

#define ELF_HEADERS_MAX 4096
#define ELF_TABLE_MAX (64u << 20) /* bytes of one table of symbols or names */

static void *
elf_bytes_read(int fd, uint64_t offset, uint64_t bytes)
{
	char *to;
	size_t have = 0;

	if (!bytes || bytes > ELF_TABLE_MAX || offset > INT64_MAX - bytes)
		return NULL;
	to = mem_resize(NULL, bytes + 1, 1);
	while (have < bytes) {
		ssize_t got = pread(fd, to + have, bytes - have, (off_t)(offset + have));

		if (got <= 0) {
			free(to);
			return NULL;
		}
		have += (size_t)got;
	}
	to[bytes] = '\0';
	return to;
}

/* Entries of either word size, as those of 64 bits. */
static Elf64_Phdr
elf_wide_segment(const void *table, size_t i, unsigned word)
{
	const Elf32_Phdr *narrow = (const Elf32_Phdr *)table + i;

	if (word == 8)
		return ((const Elf64_Phdr *)table)[i];
	return (Elf64_Phdr){.p_type = narrow->p_type,
	    .p_flags = narrow->p_flags,
	    .p_offset = narrow->p_offset,
	    .p_vaddr = narrow->p_vaddr,
	    .p_filesz = narrow->p_filesz,
	    .p_memsz = narrow->p_memsz};
}

static Elf64_Shdr
elf_wide_section(const void *table, size_t i, unsigned word)
{
	const Elf32_Shdr *narrow = (const Elf32_Shdr *)table + i;

	if (word == 8)
		return ((const Elf64_Shdr *)table)[i];
	return (Elf64_Shdr){.sh_name = narrow->sh_name,
	    .sh_type = narrow->sh_type,
	    .sh_flags = narrow->sh_flags,
	    .sh_addr = narrow->sh_addr,
	    .sh_offset = narrow->sh_offset,
	    .sh_size = narrow->sh_size,
	    .sh_link = narrow->sh_link};
}

static Elf64_Sym
elf_wide_symbol(const void *table, size_t i, unsigned word)
{
	const Elf32_Sym *narrow = (const Elf32_Sym *)table + i;

	if (word == 8)
		return ((const Elf64_Sym *)table)[i];
	return (Elf64_Sym){.st_name = narrow->st_name,
	    .st_info = narrow->st_info,
	    .st_shndx = narrow->st_shndx,
	    .st_value = narrow->st_value,
	    .st_size = narrow->st_size};
}

/* The parts of the file's head that are used here. */
struct elf_head {
	uint64_t segments, sections; /* offsets */
	size_t segment_count, section_count, section_names;
};

static bool
elf_head_read(struct elf_symbols *elf, int fd, struct elf_head *head)
{
	union {
		unsigned char ident[EI_NIDENT];
		Elf32_Ehdr narrow;
		Elf64_Ehdr wide;
	} raw;
	const Elf64_Ehdr *wide = &raw.wide;
	const Elf32_Ehdr *narrow = &raw.narrow;
	const uint16_t one = 1;
	bool little = *(const unsigned char *)&one;

	if (pread(fd, &raw, sizeof(raw), 0) != sizeof(raw) ||
	    memcmp(raw.ident, ELFMAG, SELFMAG) != 0 ||
	    raw.ident[EI_DATA] != (little ? ELFDATA2LSB : ELFDATA2MSB))
		return false;
	elf->word = raw.ident[EI_CLASS] == ELFCLASS64 ? 8 : 4;
	elf->machine = wide->e_machine; /* where both classes have it */
	elf->fixed = wide->e_type == ET_EXEC;
	*head = elf->word == 8 ? (struct elf_head){wide->e_phoff, wide->e_shoff, wide->e_phnum,
				     wide->e_shnum, wide->e_shstrndx}
			       : (struct elf_head){narrow->e_phoff, narrow->e_shoff,
				     narrow->e_phnum, narrow->e_shnum, narrow->e_shstrndx};
	return head->segment_count && head->segment_count <= ELF_HEADERS_MAX &&
	    head->section_count <= ELF_HEADERS_MAX;
}

static bool
elf_segments_read(struct elf_symbols *elf, int fd, const struct elf_head *head)
{
	size_t each = elf->word == 8 ? sizeof(Elf64_Phdr) : sizeof(Elf32_Phdr);
	void *table = elf_bytes_read(fd, head->segments, head->segment_count * each);

	if (!table)
		return false;
	elf->segments = mem_zero(head->segment_count, sizeof(*elf->segments));
	for (size_t i = 0; i < head->segment_count; i++) {
		Elf64_Phdr from = elf_wide_segment(table, i, elf->word);

		elf->segments[elf->segment_count++] = (struct elf_segment){from.p_type,
		    from.p_flags, from.p_vaddr, from.p_memsz, from.p_offset, from.p_filesz};
	}
	free(table);
	return true;
}

static void
elf_symbols_take(struct elf_symbols *elf, const void *table, size_t count, const char *names,
    uint64_t name_bytes)
{
	elf->symbols =
	    mem_resize(elf->symbols, elf->symbol_count + count + 1, sizeof(*elf->symbols));
	for (size_t i = 0; i < count; i++) {
		Elf64_Sym from = elf_wide_symbol(table, i, elf->word);

		if (from.st_shndx != SHN_UNDEF && from.st_shndx != SHN_ABS && from.st_value &&
		    ELF64_ST_TYPE(from.st_info) != STT_TLS && from.st_name < name_bytes &&
		    names[from.st_name])
			elf->symbols[elf->symbol_count++] =
			    (struct elf_symbol){names + from.st_name, from.st_value, from.st_size,
				ELF64_ST_TYPE(from.st_info)};
	}
}

/* The first table of each kind; others are left out. */
static void
elf_symbols_add(struct elf_symbols *elf, int fd, const Elf64_Shdr *of, const Elf64_Shdr *named)
{
	size_t each = elf->word == 8 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
	size_t count = of->sh_size / each;
	char **names = &elf->names[of->sh_type == SHT_DYNSYM ? 1 : 2];
	void *table;

	if (*names)
		return;
	table = elf_bytes_read(fd, of->sh_offset, count * each);
	*names = table ? elf_bytes_read(fd, named->sh_offset, named->sh_size) : NULL;
	if (*names)
		elf_symbols_take(elf, table, count, *names, named->sh_size);
	free(table);
}

static void
elf_sections_take(
    struct elf_symbols *elf, int fd, const void *table, size_t count, size_t names_index)
{
	Elf64_Shdr names = {0};

	if (names_index < count)
		names = elf_wide_section(table, names_index, elf->word);
	elf->names[0] = elf_bytes_read(fd, names.sh_offset, names.sh_size);
	elf->sections = mem_zero(count, sizeof(*elf->sections));
	for (size_t i = 0; i < count; i++) {
		Elf64_Shdr from = elf_wide_section(table, i, elf->word);
		bool named = elf->names[0] && from.sh_name < names.sh_size;

		elf->sections[elf->section_count++] =
		    (struct elf_section){named ? elf->names[0] + from.sh_name : "", from.sh_type,
			from.sh_flags, from.sh_addr, from.sh_size, from.sh_offset};
		if ((from.sh_type == SHT_DYNSYM || from.sh_type == SHT_SYMTAB) &&
		    from.sh_link < count) {
			Elf64_Shdr linked = elf_wide_section(table, from.sh_link, elf->word);

			elf_symbols_add(elf, fd, &from, &linked);
		}
	}
}

static int
elf_symbol_order(const void *left, const void *right)
{
	const struct elf_symbol *a = left, *b = right;

	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	return a->bytes < b->bytes ? 1 : a->bytes > b->bytes ? -1 : strcmp(a->name, b->name);
}

bool
elf_symbols_read(struct elf_symbols *elf, int fd)
{
	struct elf_head head;
	size_t each;
	void *sections;

	memset(elf, 0, sizeof(*elf));
	if (!elf_head_read(elf, fd, &head) || !elf_segments_read(elf, fd, &head)) {
		memset(elf, 0, sizeof(*elf));
		return false;
	}
	each = elf->word == 8 ? sizeof(Elf64_Shdr) : sizeof(Elf32_Shdr);
	sections = elf_bytes_read(fd, head.sections, head.section_count * each);
	if (sections)
		elf_sections_take(elf, fd, sections, head.section_count, head.section_names);
	free(sections);
	if (elf->symbol_count)
		qsort(elf->symbols, elf->symbol_count, sizeof(*elf->symbols), elf_symbol_order);
	return true;
}

void
elf_symbols_release(struct elf_symbols *elf)
{
	free(elf->segments);
	free(elf->sections);
	free(elf->symbols);
	for (size_t i = 0; i < sizeof(elf->names) / sizeof(*elf->names); i++)
		free(elf->names[i]);
	memset(elf, 0, sizeof(*elf));
}

const struct elf_symbol *
elf_symbol_named(const struct elf_symbols *elf, const char *name)
{
	for (size_t i = 0; i < elf->symbol_count; i++)
		if (strcmp(elf->symbols[i].name, name) == 0)
			return &elf->symbols[i];
	return NULL;
}

static bool
elf_within(uint64_t address, uint64_t start, uint64_t bytes)
{
	return address >= start && address - start < bytes;
}

#define ELF_SYMBOLS_BACK 64 /* symbols that begin before the address and may enclose it */

const struct elf_symbol *
elf_symbol_at(const struct elf_symbols *elf, uint64_t address, uint8_t type)
{
	size_t low = 0, high = elf->symbol_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (elf->symbols[middle].address <= address)
			low = middle + 1;
		else
			high = middle;
	}
	for (size_t back = 0; low-- > 0 && back < ELF_SYMBOLS_BACK; back++) {
		const struct elf_symbol *symbol = &elf->symbols[low];

		if (symbol->type == type && elf_within(address, symbol->address, symbol->bytes))
			return symbol;
	}
	return NULL;
}

const struct elf_section *
elf_section_at(const struct elf_symbols *elf, uint64_t address)
{
	for (size_t i = 0; i < elf->section_count; i++) {
		const struct elf_section *section = &elf->sections[i];

		if (section->flags & SHF_ALLOC && !(section->flags & SHF_TLS) &&
		    elf_within(address, section->address, section->bytes))
			return section;
	}
	return NULL;
}

const struct elf_segment *
elf_segment_at(const struct elf_symbols *elf, uint64_t address, uint32_t type)
{
	for (size_t i = 0; i < elf->segment_count; i++)
		if (elf->segments[i].type == type &&
		    elf_within(address, elf->segments[i].address, elf->segments[i].memory_bytes))
			return &elf->segments[i];
	return NULL;
}

bool
elf_extent(const struct elf_symbols *elf, uint64_t *from, uint64_t *to)
{
	*from = UINT64_MAX;
	*to = 0;
	for (size_t i = 0; i < elf->segment_count; i++) {
		const struct elf_segment *segment = &elf->segments[i];
		uint64_t end = segment->address + segment->memory_bytes;

		if (segment->type != PT_LOAD || end <= segment->address)
			continue;
		*from = segment->address < *from ? segment->address : *from;
		*to = end > *to ? end : *to;
	}
	return *from < *to;
}

bool
elf_bias(
    const struct elf_symbols *elf, uint64_t start, uint64_t offset, uint64_t page, uint64_t *bias)
{
	for (size_t i = 0; i < elf->segment_count; i++) {
		const struct elf_segment *segment = &elf->segments[i];
		uint64_t within = segment->offset % page;

		if (segment->type == PT_LOAD &&
		    elf_within(offset, segment->offset - within, segment->file_bytes + within)) {
			*bias = start - (segment->address - segment->offset + offset);
			return true;
		}
	}
	return false;
}
