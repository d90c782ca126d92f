/*
 * How frames are undone: .eh_frame of a module's file, by libdw; the registers of a thread at one
 * frame, and a step to its caller. Without libdw there is no table.
 *
 * Memory is that stack alone which was kept with the fault: what lies there by now is another's.
 */
#ifndef BLAME_CODE_UNWIND_TABLE_H
#define BLAME_CODE_UNWIND_TABLE_H

#include "blame/elf_file.h"
#include "blame/event/fault.h"

#define UNWIND_REGISTERS 33

/* Registers as DWARF numbers them for the machine. */
struct unwind_state {
	uint16_t machine; /* EM_X86_64 ... */
	uint64_t pc;
	bool exact; /* pc is an instruction that is to come, not the one after a call */
	uint64_t value[UNWIND_REGISTERS];
	bool known[UNWIND_REGISTERS];
	/* what was kept of the stack, borrowed from the fault */
	unsigned word; /* bytes: 8 or 4 */
	uint64_t kept_start;
	const uint8_t *kept;
	size_t kept_bytes;
};

enum unwind_step {
	UNWIND_CALLER, /* state is the caller's */
	UNWIND_BEGIN,  /* the thread began here */
	UNWIND_LOST,   /* it is not told, or the stack that was kept ends before */
};

struct unwind_table;

/* NULL: there is none. The image is borrowed. */
struct unwind_table *unwind_table_new(const struct elf_file *image);
void unwind_table_free(struct unwind_table *table); /* NULL does nothing */

/* false: no registers, or of a machine whose are not known. */
bool unwind_begin(struct unwind_state *state, const struct fault *fault);

/* bias: what the addresses of the file are less than those of the process. */
enum unwind_step unwind_caller(
    struct unwind_state *state, const struct unwind_table *table, uint64_t bias);

/* A word of the stack that was kept. false: it isn't there. */
bool unwind_kept_bytes(
    const struct unwind_state *state, uint64_t address, void *bytes, size_t size);

/* The stack pointer, and whether the register keeps its value over a call. */
uint64_t unwind_stack(const struct unwind_state *state);
bool unwind_is_kept(const struct unwind_state *state, unsigned number);

#endif
