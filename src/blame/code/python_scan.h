/*
 * All code objects of an interpreter, found by looking through its memory for their type. What was
 * found in one process holds for those that were forked from one another, whose types have one
 * address; whether an object is still there is asked of the process itself, at each use.
 *
 * Only pages that are present are read, a slice at a time, and looking rests longer than it takes.
 */
#ifndef BLAME_CODE_PYTHON_SCAN_H
#define BLAME_CODE_PYTHON_SCAN_H

#include "blame/code/python_object.h"
#include "blame/suspect.h"

struct python_codes {
	uint64_t type; /* where its type object stands: which interpreter */
	uint64_t used;
	struct python_code *list; /* by address */
	size_t count, room;
	uint64_t cursor; /* 0: the next slice begins with the first page */
	uint64_t rests_until_ns;
	bool complete; /* all of the memory was looked through once */
};

/* A slice more, if it is time. Is there something new? */
bool python_scan(struct python_codes *codes, const struct python *python, uint64_t bias,
    struct suspect *suspect);

/* Whose bytecode holds the address, but doesn't begin with it. NULL: none that is known, or the
 * process has it no more. */
const struct python_code *python_code_at(const struct python_codes *codes,
    const struct python *python, uint64_t bias, const struct memory_reader *memory,
    uint64_t address);

void python_codes_release(struct python_codes *codes);

#endif
