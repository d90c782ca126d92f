/*
 * Unwinding: .eh_frame of a module's file, through libdw; the registers of a thread in one frame,
 * and the step to its caller. Without libdw there is no table.
 *
 * The only memory used is the stack that was recorded with the fault: by now its contents may have
 * changed.
 */
#ifndef BLAME_CODE_UNWIND_TABLE_H
#define BLAME_CODE_UNWIND_TABLE_H

#include "blame/elf_file.h"
#include "blame/event/fault.h"

#define UNWIND_REGISTERS 33

/* Registers by the machine's DWARF numbers. */
struct unwind_state {
	uint16_t machine; /* EM_X86_64 ... */
	uint64_t pc;
	bool exact; /* pc is an instruction about to run, not a return address */
	uint64_t value[UNWIND_REGISTERS];
	bool known[UNWIND_REGISTERS];
	/* the recorded stack, borrowed from the fault */
	unsigned word; /* bytes: 8 or 4 */
	uint64_t kept_start;
	const uint8_t *kept;
	size_t kept_bytes;
};

enum unwind_step {
	UNWIND_CALLER, /* state is the caller's */
	UNWIND_BEGIN,  /* the thread began here */
	UNWIND_LOST,   /* unknown, or the recorded stack ends before it */
};

struct unwind_table;

/* NULL: there is none. The image is borrowed. */
struct unwind_table *unwind_table_new(const struct elf_file *image);
void unwind_table_free(struct unwind_table *table); /* NULL does nothing */

/* false: no registers, or those of an unknown machine. */
bool unwind_begin(struct unwind_state *state, const struct fault *fault);

/* bias: the process's addresses minus the file's. */
enum unwind_step unwind_caller(
    struct unwind_state *state, const struct unwind_table *table, uint64_t bias);

/* A word of the recorded stack. false: it isn't there. */
bool unwind_kept_bytes(
    const struct unwind_state *state, uint64_t address, void *bytes, size_t size);

/* The stack pointer; and whether a call preserves the register. */
uint64_t unwind_stack(const struct unwind_state *state);
bool unwind_is_kept(const struct unwind_state *state, unsigned number);

#endif
