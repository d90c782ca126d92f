/*
 * All code objects of an interpreter, found by searching its memory for their type. What was found
 * in one process is valid for those that were forked from one another and have the type at the same
 * address; each use checks in the process itself whether an object still exists.
 *
 * Only present pages are read, a slice at a time, and pauses are longer than searches.
 */
#ifndef BLAME_CODE_PYTHON_SCAN_H
#define BLAME_CODE_PYTHON_SCAN_H

#include "blame/code/python_object.h"
#include "blame/suspect.h"

struct python_codes {
	uint64_t type; /* address of the type object: identifies the interpreter */
	uint64_t used;
	struct python_code *list; /* by address */
	size_t count, room;
	uint64_t cursor; /* 0: the next slice begins with the first page */
	uint64_t rests_until_ns;
	bool complete; /* all of the memory was searched once */
};

/* Searches another slice, if it is time. true: something new was found. */
bool python_scan(struct python_codes *codes, const struct python *python, uint64_t bias,
    struct suspect *suspect);

/* The code object whose bytecode contains the address, but doesn't begin with it. NULL: none is
 * known, or the process no longer has it. */
const struct python_code *python_code_at(const struct python_codes *codes,
    const struct python *python, uint64_t bias, const struct memory_reader *memory,
    uint64_t address);

void python_codes_release(struct python_codes *codes);

#endif
