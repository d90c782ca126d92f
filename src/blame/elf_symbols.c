#include "config.h"
#include "blame/elf_symbols.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SYMBOLS_MOST ((size_t)1 << 20) /* of one table */
#define SYMBOLS_BACK 64                /* that begin before an address and may enclose it */
#define NAME_COMPARED 256              /* bytes: a name may be as long as the file */

#define SYMBOL_OF(raw) \
	((Elf64_Sym){.st_name = (raw)->st_name, \
	    .st_info = (raw)->st_info, \
	    .st_shndx = (raw)->st_shndx, \
	    .st_value = (raw)->st_value, \
	    .st_size = (raw)->st_size})

const struct elf_section *
elf_symbol_table(const struct elf_file *file, uint32_t type)
{
	for (size_t i = 0; i < file->section_count; i++) {
		const struct elf_section *section = &file->sections[i];

		if (section->type == type && section->bytes && section->offset <= file->size &&
		    section->bytes <= file->size - section->offset &&
		    section->link < file->section_count &&
		    file->sections[section->link].type == SHT_STRTAB)
			return section;
	}
	return NULL;
}

static bool
symbol_is_meant(const Elf64_Sym *from, const char *names, uint64_t name_bytes)
{
	return from->st_shndx != SHN_UNDEF && from->st_shndx != SHN_ABS && from->st_value &&
	    from->st_size <= UINT64_MAX - from->st_value &&
	    ELF64_ST_TYPE(from->st_info) != STT_TLS && from->st_name < name_bytes &&
	    names[from->st_name];
}

static enum elf_kind
symbol_kind(const Elf64_Sym *from)
{
	switch (ELF64_ST_TYPE(from->st_info)) {
	case STT_OBJECT:
		return ELF_OBJECT;
	case STT_FUNC:
	case STT_GNU_IFUNC:
	case STT_NOTYPE:
		return ELF_CODE;
	}
	return ELF_OTHER;
}

/* If code has two names, prefers the more public one, then the later one in the file. */
static uint64_t
symbol_rank(const Elf64_Sym *from)
{
	unsigned bind = ELF64_ST_BIND(from->st_info);
	uint64_t rank = bind == STB_GLOBAL ? 4 : bind == STB_WEAK ? 2 : 0;

	if (symbol_kind(from) != ELF_CODE)
		return 0;
	return (rank + (ELF64_ST_TYPE(from->st_info) != STT_NOTYPE)) << 32 | from->st_name;
}

static void
symbols_take(
    struct elf_symbols *symbols, const struct elf_file *file, uint32_t type, uint64_t shift)
{
	const struct elf_section *table = elf_symbol_table(file, type);
	size_t each = file->word == 8 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
	size_t count = table ? table->bytes / each : 0;
	uint64_t name_bytes = table ? file->sections[table->link].bytes : 0;
	char *names;
	void *raw;

	count = count < SYMBOLS_MOST ? count : SYMBOLS_MOST;
	raw = count ? elf_file_part(file, table->offset, count * each) : NULL;
	names = raw ? elf_file_part(file, file->sections[table->link].offset, name_bytes) : NULL;
	if (names) {
		symbols->list =
		    mem_resize(symbols->list, symbols->count + count, sizeof(*symbols->list));
		symbols->names[symbols->tables++] = names;
		symbols->bytes += name_bytes + count * sizeof(*symbols->list);
	}
	for (size_t i = 0; i < count && names; i++) {
		Elf64_Sym from = file->word == 8 ? SYMBOL_OF((const Elf64_Sym *)raw + i)
						 : SYMBOL_OF((const Elf32_Sym *)raw + i);

		if (symbol_is_meant(&from, names, name_bytes))
			symbols->list[symbols->count++] =
			    (struct elf_symbol){names + from.st_name, from.st_value + shift,
				from.st_size, symbol_rank(&from), symbol_kind(&from)};
	}
	free(raw);
}

/* If two begin together the larger comes first, so that searching backwards finds the smallest
 * first; of two for the same bytes the higher rank comes last. */
static int
elf_symbol_order(const void *left, const void *right)
{
	const struct elf_symbol *a = left, *b = right;

	if (a->kind != b->kind)
		return a->kind < b->kind ? -1 : 1;
	if (a->address != b->address)
		return a->address < b->address ? -1 : 1;
	if (a->bytes != b->bytes)
		return a->bytes > b->bytes ? -1 : 1;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return strncmp(a->name, b->name, NAME_COMPARED);
}

static uint64_t
first_loaded(const struct elf_file *file)
{
	for (size_t i = 0; i < file->segment_count; i++)
		if (file->segments[i].type == PT_LOAD)
			return file->segments[i].address;
	return 0;
}

void
elf_symbols_read(
    struct elf_symbols *symbols, const struct elf_file *file, const struct elf_file *debug)
{
	memset(symbols, 0, sizeof(*symbols));
	symbols_take(symbols, file, SHT_DYNSYM, 0);
	symbols_take(symbols, file, SHT_SYMTAB, 0);
	if (debug) /* a prelinked file has other addresses than its debug file */
		symbols_take(symbols, debug, SHT_SYMTAB, first_loaded(file) - first_loaded(debug));
	if (symbols->count)
		qsort(symbols->list, symbols->count, sizeof(*symbols->list), elf_symbol_order);
}

void
elf_symbols_release(struct elf_symbols *symbols)
{
	for (size_t i = 0; i < symbols->tables; i++)
		free(symbols->names[i]);
	free(symbols->list);
	memset(symbols, 0, sizeof(*symbols));
}

const struct elf_symbol *
elf_symbol_named(const struct elf_symbols *symbols, const char *name)
{
	for (size_t i = 0; i < symbols->count; i++)
		if (strcmp(symbols->list[i].name, name) == 0)
			return &symbols->list[i];
	return NULL;
}

const struct elf_symbol *
elf_symbol_at(const struct elf_symbols *symbols, uint64_t address, enum elf_kind kind)
{
	size_t low = 0, high = symbols->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct elf_symbol *symbol = &symbols->list[middle];

		if (symbol->kind < kind || (symbol->kind == kind && symbol->address <= address))
			low = middle + 1;
		else
			high = middle;
	}
	for (size_t back = 0; low-- > 0 && back < SYMBOLS_BACK; back++) {
		const struct elf_symbol *symbol = &symbols->list[low];

		if (symbol->kind != kind)
			break;
		if (address - symbol->address < symbol->bytes)
			return symbol;
	}
	return NULL;
}
