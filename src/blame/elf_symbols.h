/*
 * The defined symbols of an ELF file, by address and by name. Limited in size, since the file may
 * be anyone's. A symbol owns only what its size covers; the nearest symbol before an address is
 * usually another function's.
 */
#ifndef BLAME_ELF_SYMBOLS_H
#define BLAME_ELF_SYMBOLS_H

#include "blame/elf_file.h"

#define ELF_SYMBOLS_KEPT ((size_t)512 << 20) /* bytes of tables: beyond that no more are read */

enum elf_kind { ELF_OBJECT, ELF_CODE, ELF_OTHER };

struct elf_symbol {
	const char *name; /* as in the file: not demangled, not sanitised; never "" */
	uint64_t address, bytes;
	uint64_t rank; /* if two cover the same bytes, the higher is preferred */
	enum elf_kind kind;
};

struct elf_symbols {
	struct elf_symbol *list; /* ascending kinds, then addresses */
	size_t count;
	char *names[3]; /* what the names point into */
	size_t tables;  /* of names */
	size_t bytes;   /* of memory */
};

/* The section of SHT_SYMTAB or SHT_DYNSYM, if it is in the file. NULL: it isn't. */
const struct elf_section *elf_symbol_table(const struct elf_file *file, uint32_t type);

/* From .dynsym and .symtab of the file, and .symtab of its separate debug file, which may be NULL.
 * Symbols beyond a limit are left out. */
void elf_symbols_read(
    struct elf_symbols *symbols, const struct elf_file *file, const struct elf_file *debug);
void elf_symbols_release(struct elf_symbols *symbols);

/* NULL: none. */
const struct elf_symbol *elf_symbol_named(const struct elf_symbols *symbols, const char *name);

/* The innermost symbol that contains the address; NULL: none. */
const struct elf_symbol *elf_symbol_at(
    const struct elf_symbols *symbols, uint64_t address, enum elf_kind kind);

#endif
