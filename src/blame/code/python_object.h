/*
 * Code objects of CPython 3.11 to 3.14 in memory: function, file, and the line of an instruction.
 * The memory may be hostile: every length is limited, and nothing is followed twice.
 *
 * An interpreter is recognized by the symbols of its file; one without a global lock
 * (free-threaded) lays out objects differently and isn't recognized.
 */
#ifndef BLAME_CODE_PYTHON_OBJECT_H
#define BLAME_CODE_PYTHON_OBJECT_H

#include "blame/code/bytecode.h"
#include "blame/code/code.h"
#include "blame/code/python_places.h"
#include "blame/elf_symbols.h"
#include "blame/memory.h"

/* Where the parts are, by version: bytes from the beginning of a code object or a text. */
struct python_layout {
	uint16_t version; /* 0x030b */
	uint16_t first_line, file, name, qualified_name, line_table, bytecode;
	uint16_t ascii, other; /* the text after its header */
};

struct python {
	const struct python_layout *layout;        /* NULL: not an interpreter, or an unknown one */
	uint64_t code_type, text_type, bytes_type; /* addresses in the file */
	uint64_t eval, eval_end;                   /* the function that executes bytecode */
	struct python_places places;
};

/* 0x030b is 3.11. NULL: unknown. */
const struct python_layout *python_layout_of(uint64_t version);

/* From the symbols of a file. */
void python_recognize(
    struct python *python, const struct elf_file *image, const struct elf_symbols *symbols);

/* The code object whose type word is at object + 8: its bytecode. false: it isn't one. */
bool python_code_read(const struct python *python, const struct memory_reader *memory,
    uint64_t bias, uint64_t object, struct bytecode *code);

/* The source position of the instruction before next; next 0: only the file. false: the object no
 * longer exists. */
bool python_code_line(const struct python *python, const struct memory_reader *memory,
    uint64_t bias, const struct bytecode *code, uint64_t next, struct code_line *line);

/* The line at an offset of the bytecode, in bytes, from a table of co_linetable; -1: it has none,
 * or the table is damaged. */
int64_t python_table_line(const uint8_t *table, size_t size, int64_t first_line, uint64_t offset);

#endif
