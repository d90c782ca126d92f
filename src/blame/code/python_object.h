/*
 * Code objects of CPython 3.11 to 3.14, as they lie in memory: function, file, and the line of an
 * instruction. The memory may be hostile: every length is bounded, and nothing is followed twice.
 *
 * An interpreter is known by the symbols of its file; one without a global lock (free-threaded)
 * lays objects out otherwise, and is none.
 */
#ifndef BLAME_CODE_PYTHON_OBJECT_H
#define BLAME_CODE_PYTHON_OBJECT_H

#include "blame/code/code.h"
#include "blame/code/python_places.h"
#include "blame/elf_symbols.h"
#include "blame/memory.h"

/* Where its parts stand, by version: bytes from the beginning of a code object or a text. */
struct python_layout {
	uint16_t version; /* 0x030b */
	uint16_t first_line, file, name, qualified_name, line_table, bytecode;
	uint16_t ascii, other; /* the text behind its header */
};

struct python {
	const struct python_layout *layout; /* NULL: no interpreter, or one that is not known */
	uint64_t code_type, text_type, bytes_type; /* addresses in the file */
	uint64_t eval, eval_end;                   /* the function that runs bytecode */
	struct python_places places;
};

/* 0x030b is 3.11. NULL: it isn't known. */
const struct python_layout *python_layout_of(uint64_t version);

/* By the symbols of a file. */
void python_recognize(
    struct python *python, const struct elf_file *image, const struct elf_symbols *symbols);

/* One code object. */
struct python_code {
	uint64_t object, from, to; /* [from, to): its bytecode */
};

/* The code object whose type word stands at object + 8: its bytecode. false: it is none. */
bool python_code_read(const struct python *python, const struct memory_reader *memory,
    uint64_t bias, uint64_t object, struct python_code *code);

/* Where the instruction before next stands in its source; next 0: the file alone. false: the object
 * is none any more. */
bool python_code_line(const struct python *python, const struct memory_reader *memory,
    uint64_t bias, const struct python_code *code, uint64_t next, struct code_line *line);

/* The line of an offset in the bytecode, in bytes, by a table of co_linetable; -1: it has none, or
 * the table is damaged. */
int64_t python_table_line(const uint8_t *table, size_t size, int64_t first_line, uint64_t offset);

#endif
