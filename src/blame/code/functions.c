#include "config.h"
#include "blame/code/functions.h"

#include <elf.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define SYMBOLS_MOST (1U << 20)
#define SYMBOLS_READ 512
#define NAMES_MOST (64U << 20) /* bytes */
#define NESTED_MOST 64

struct function {
	uint64_t start, end;
	uint64_t furthest; /* end of this and of all before it: where looking back stops */
	uint32_t name;
	uint8_t source; /* of names: index in struct functions */
	uint8_t rank;   /* of two for the same bytes, the higher is told */
};

struct functions {
	struct function *list;
	size_t count, room;
	struct function_names {
		const struct elf_image *image;
		uint64_t offset, size;
	} names[4];
	size_t sources;
};

/* In either word size, in steps: a table may be large, and is not kept. */
static size_t
symbols_read(const struct elf_image *image, const struct image_symbol_table *table, uint64_t from,
    Elf64_Sym *symbols)
{
	size_t each = image->word == 8 ? sizeof(Elf64_Sym) : sizeof(Elf32_Sym);
	uint64_t count = table->size / each;
	size_t part = from >= count       ? 0
	    : count - from < SYMBOLS_READ ? (size_t)(count - from)
					  : SYMBOLS_READ;
	Elf32_Sym narrow[SYMBOLS_READ];

	if (!part || from > SYMBOLS_MOST)
		return 0;
	if (image->word == 8)
		return elf_image_read(image, table->offset + from * each, symbols, part * each)
		    ? part
		    : 0;
	if (!elf_image_read(image, table->offset + from * each, narrow, part * each))
		return 0;
	for (size_t i = 0; i < part; i++)
		symbols[i] = (Elf64_Sym){.st_name = narrow[i].st_name,
		    .st_info = narrow[i].st_info,
		    .st_shndx = narrow[i].st_shndx,
		    .st_value = narrow[i].st_value,
		    .st_size = narrow[i].st_size};
	return part;
}

static bool
symbol_is_code(const Elf64_Sym *symbol)
{
	unsigned type = ELF64_ST_TYPE(symbol->st_info);

	return (type == STT_FUNC || type == STT_GNU_IFUNC || type == STT_NOTYPE) &&
	    symbol->st_shndx != SHN_UNDEF && symbol->st_shndx != SHN_ABS && symbol->st_size &&
	    symbol->st_size <= UINT64_MAX - symbol->st_value;
}

static uint8_t
symbol_rank(const Elf64_Sym *symbol)
{
	unsigned bind = ELF64_ST_BIND(symbol->st_info);
	uint8_t rank = bind == STB_GLOBAL ? 4 : bind == STB_WEAK ? 2 : 0;

	return rank + (ELF64_ST_TYPE(symbol->st_info) != STT_NOTYPE);
}

static void
functions_add(struct functions *functions, const Elf64_Sym *symbol, uint64_t shift)
{
	if (functions->count == functions->room) {
		functions->room = functions->room ? functions->room * 2 : 256;
		functions->list =
		    mem_resize(functions->list, functions->room, sizeof(*functions->list));
	}
	functions->list[functions->count++] =
	    (struct function){symbol->st_value + shift, symbol->st_value + shift + symbol->st_size,
		0, symbol->st_name, (uint8_t)functions->sources, symbol_rank(symbol)};
}

static void
functions_take(struct functions *functions, const struct elf_image *image,
    const struct image_symbol_table *table, uint64_t shift)
{
	Elf64_Sym symbols[SYMBOLS_READ];
	uint64_t from = 0;
	size_t part;

	while (functions->count < SYMBOLS_MOST &&
	    (part = symbols_read(image, table, from, symbols)) > 0) {
		for (size_t i = 0; i < part; i++)
			if (symbol_is_code(&symbols[i]))
				functions_add(functions, &symbols[i], shift);
		from += part;
	}
	functions->names[functions->sources++] =
	    (struct function_names){image, table->names, table->names_size};
}

/* Where two begin together the larger comes first, so that looking back meets the smallest first;
 * of two for the same bytes that of the higher rank comes last. */
static int
function_order(const void *one, const void *other)
{
	const struct function *a = one, *b = other;

	if (a->start != b->start)
		return a->start < b->start ? -1 : 1;
	if (a->end != b->end)
		return a->end > b->end ? -1 : 1;
	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return a->name < b->name ? -1 : a->name > b->name;
}

static void
functions_sort(struct functions *functions)
{
	uint64_t furthest = 0;

	if (functions->count)
		qsort(functions->list, functions->count, sizeof(*functions->list), function_order);
	for (size_t i = 0; i < functions->count; i++) {
		if (furthest < functions->list[i].end)
			furthest = functions->list[i].end;
		functions->list[i].furthest = furthest;
	}
}

/* A file that was prelinked stands elsewhere than its debug file. */
static uint64_t
shift_of_debug(const struct elf_image *image, const struct elf_image *debug)
{
	return image->segments && debug->segments
	    ? image->segment[0].address - debug->segment[0].address
	    : 0;
}

struct functions *
functions_new(const struct elf_image *image, const struct elf_image *debug)
{
	struct functions *functions = mem_zero(1, sizeof(*functions));

	functions_take(functions, image, &image->dynsym, 0);
	functions_take(functions, image, &image->symtab, 0);
	if (debug)
		functions_take(functions, debug, &debug->symtab, shift_of_debug(image, debug));
	functions_sort(functions);
	return functions;
}

void
functions_free(struct functions *functions)
{
	if (functions)
		free(functions->list);
	free(functions);
}

static const struct function *
function_at(const struct functions *functions, uint64_t address)
{
	size_t low = 0, high = functions->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (functions->list[middle].start <= address)
			low = middle + 1;
		else
			high = middle;
	}
	for (int i = 0; i < NESTED_MOST && low && functions->list[low - 1].furthest > address;
	     i++, low--)
		if (functions->list[low - 1].end > address)
			return &functions->list[low - 1];
	return NULL;
}

bool
functions_find(const struct functions *functions, uint64_t address, char *name, size_t room)
{
	const struct function *function = function_at(functions, address);

	name[0] = '\0';
	if (!function)
		return false;
	const struct function_names *names = &functions->names[function->source];

	if (function->name < names->size)
		elf_image_text(names->image, names->offset + function->name, name, room);
	name[strcspn(name, "@")] = '\0'; /* its version: __libc_start_main@GLIBC_2.34 */
	return name[0] != '\0';
}

/* The names of a table, with a terminator behind them. NULL: too many, or not to be read. */
static char *
symbol_names(const struct elf_image *image, const struct image_symbol_table *table)
{
	char *names;

	if (!table->size || table->names_size > NAMES_MOST)
		return NULL;
	names = mem_zero(table->names_size + 1, 1);
	if (elf_image_read(image, table->names, names, table->names_size))
		return names;
	free(names);
	return NULL;
}

static void
symbol_match(const struct image_symbol_table *table, const char *names, const Elf64_Sym *symbol,
    struct image_symbol_wanted *wanted, size_t count)
{
	if (symbol->st_shndx == SHN_UNDEF || symbol->st_name >= table->names_size)
		return;
	for (size_t i = 0; i < count; i++)
		if (!wanted[i].address && strcmp(names + symbol->st_name, wanted[i].name) == 0) {
			wanted[i].address = symbol->st_value;
			wanted[i].size = symbol->st_size;
		}
}

static void
table_find_symbols(const struct elf_image *image, const struct image_symbol_table *table,
    struct image_symbol_wanted *wanted, size_t count)
{
	char *names = symbol_names(image, table);
	Elf64_Sym symbols[SYMBOLS_READ];
	uint64_t from = 0;
	size_t part;

	while (names && (part = symbols_read(image, table, from, symbols)) > 0) {
		for (size_t i = 0; i < part; i++)
			symbol_match(table, names, &symbols[i], wanted, count);
		from += part;
	}
	free(names);
}

void
image_find_symbols(const struct elf_image *image, struct image_symbol_wanted *wanted, size_t count)
{
	table_find_symbols(image, &image->dynsym, wanted, count);
	table_find_symbols(image, &image->symtab, wanted, count);
}
