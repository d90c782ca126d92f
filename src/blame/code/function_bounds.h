/*
 * The bounds of functions, from the sorted table that the linker writes into .eh_frame_hdr;
 * stripped files have it too. Cold parts that the compiler split off count as functions of their
 * own.
 */
#ifndef BLAME_CODE_FUNCTION_BOUNDS_H
#define BLAME_CODE_FUNCTION_BOUNDS_H

#include "blame/elf_file.h"

/* [*from, *to): from the start of the function to the start of the next one. false: the file has no
 * such table, or the address is before its first or after its last entry. */
bool function_bounds(const struct elf_file *image, uint64_t address, uint64_t *from, uint64_t *to);

#endif
