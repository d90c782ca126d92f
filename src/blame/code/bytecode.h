/*
 * The bytecode of every function of an interpreter, found by searching its memory for the objects
 * that own it. What was found in one process is valid for those that were forked from one another;
 * each use checks in the process itself whether the object still exists.
 *
 * Only present pages are read, a slice at a time, and pauses are longer than searches.
 */
#ifndef BLAME_CODE_BYTECODE_H
#define BLAME_CODE_BYTECODE_H

#include "blame/memory.h"
#include "blame/memory_sweep.h"
#include "blame/suspect.h"

#define BYTECODE_LISTS 8

struct bytecode {
	uint64_t object, from, to; /* [from, to) */
};

/* How to recognize the objects of an interpreter. */
struct bytecode_kind {
	uint64_t mask, word; /* the objects have a word with word & mask == word */
	unsigned word_at;    /* offset of that word in the object, in bytes */
	unsigned unit;       /* alignment of instructions, in bytes */
	bool bounds;         /* from and to themselves count as next instructions */
	bool (*read)(const void *of, const struct memory_reader *memory, uint64_t object,
	    struct bytecode *code); /* false: it isn't one */
	const void *of;
};

struct bytecodes {
	uint64_t key;          /* an address that identifies the interpreter */
	uint64_t used;         /* time of the last use, by the clock of the lists */
	struct bytecode *list; /* by from */
	size_t count, room;
	struct memory_sweep sweep;
	bool complete; /* all of the memory was searched once */
};

/* The lists of the most recently used interpreters. */
struct bytecode_lists {
	struct bytecodes of[BYTECODE_LISTS];
	uint64_t clock;
};

struct bytecodes *bytecodes_of(struct bytecode_lists *lists, uint64_t key);
void bytecode_lists_release(struct bytecode_lists *lists);

/* Searches another slice, if it is time. true: something new was found. */
bool bytecodes_scan(
    struct bytecodes *codes, const struct bytecode_kind *kind, struct suspect *suspect);

/* The bytecode in which address is the next instruction. NULL: none is known, or the process no
 * longer has it. */
const struct bytecode *bytecode_at(const struct bytecodes *codes, const struct bytecode_kind *kind,
    const struct memory_reader *memory, uint64_t address);

#endif
