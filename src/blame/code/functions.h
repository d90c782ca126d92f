/*
 * The functions of an ELF file by address: one sorted table, made once for each file. Only what a
 * symbol covers with its size is that function; the nearest symbol before an address is mostly
 * another's.
 */
#ifndef BLAME_CODE_FUNCTIONS_H
#define BLAME_CODE_FUNCTIONS_H

#include "blame/code/elf_image.h"

struct functions;

/*
 * By .symtab and .dynsym of the image and of its separate debug file, which may be NULL. Both are
 * borrowed as long as the table is there. Never NULL; symbols beyond a bound are left out.
 */
struct functions *functions_new(const struct elf_image *image, const struct elf_image *debug);
void functions_free(struct functions *functions); /* NULL does nothing */

/* Of an address as it stands in the file. false: no symbol covers it. The name is as the file has
 * it: not demangled, not cleaned. */
bool functions_find(const struct functions *functions, uint64_t address, char *name, size_t room);

/* Where symbols of these names stand, functions or data, as the file has it. Address 0: nowhere. */
struct image_symbol_wanted {
	const char *name;
	uint64_t address, size;
};

void image_find_symbols(
    const struct elf_image *image, struct image_symbol_wanted *wanted, size_t count);

#endif
