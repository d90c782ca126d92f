/*
 * Evaluates an expression of call frame information: DWARF's stack machine, as far as frames use
 * it. No jumps, so it terminates.
 */
#ifndef BLAME_CODE_DWARF_VALUE_H
#define BLAME_CODE_DWARF_VALUE_H

#ifdef HAVE_LIBDW

#include <elfutils/libdw.h>

#include "blame/code/unwind_table.h"

struct dwarf_place {
	const struct unwind_state *state;
	uint64_t cfa;
	bool cfa_known;
};

/* false: an operation that frames don't use, or an operand that isn't known. */
bool dwarf_compute(
    const Dwarf_Op *ops, size_t count, const struct dwarf_place *place, uint64_t *value);

/* From a description that says where the value is, or what it is. */
bool dwarf_value_of(
    const Dwarf_Op *ops, size_t count, const struct dwarf_place *place, uint64_t *value);

#endif
#endif
