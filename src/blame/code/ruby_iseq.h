/*
 * Instruction sequences (iseqs) of Ruby 2.7 to 3.4 in memory, one for each method and block: label,
 * file, and the line of an instruction. The memory may be hostile: every length is limited, and
 * nothing is followed twice.
 *
 * An interpreter is recognized by ruby_api_version, which its file exports. Only 64-bit builds with
 * direct threaded code (the default with GCC and Clang) are supported: there an encoded instruction
 * is an address within the function that executes instructions.
 */
#ifndef BLAME_CODE_RUBY_ISEQ_H
#define BLAME_CODE_RUBY_ISEQ_H

#include "blame/code/bytecode.h"
#include "blame/code/code.h"
#include "blame/elf_symbols.h"
#include "blame/memory.h"

#define ISEQ_MASK 0xf01fULL /* of an object's flags: type, and type of imemo */
#define ISEQ_WORD 0x701aULL
#define ISEQ_UNIT 8 /* bytes of an instruction's opcode, and of each operand */

/* Offsets from the start of the iseq's body, in bytes, that differ between versions. */
struct iseq_layout {
	uint16_t version;     /* 0x0301 */
	uint16_t lines;       /* struct iseq_insn_info */
	uint16_t entry_bytes; /* of struct iseq_insn_info_entry */
	bool long_strings;    /* the length is a word; else short strings have it in their flags */
};

struct ruby_code {
	const struct iseq_layout *layout; /* NULL: not an interpreter, or an unknown version */
	uint64_t version_at;              /* addresses as in the file */
	uint64_t code, code_end;          /* the executable segment */
	uint64_t run, run_end;     /* the function that executes instructions; 0: not yet known */
	uint64_t calls, calls_end; /* its caller; 0: not yet known */
	uint64_t frames, held[64]; /* how often each register held the next instruction */
};

/* 0x0301 is 3.1. NULL: an unknown version. */
const struct iseq_layout *iseq_layout_of(uint32_t version);

/* By the symbols of a file. */
void ruby_code_recognize(
    struct ruby_code *ruby, const struct elf_file *image, const struct elf_symbols *symbols);

/* The encoded instructions of the iseq at object. false: it isn't one, or is incomplete. */
bool iseq_read(const struct ruby_code *ruby, const struct memory_reader *memory, uint64_t bias,
    uint64_t object, struct bytecode *code);

/* The source position of the instruction before next. false: the iseq no longer exists. */
bool iseq_line(const struct ruby_code *ruby, const struct memory_reader *memory, uint64_t bias,
    const struct bytecode *code, uint64_t next, struct code_line *line);

#endif
