/*
 * The Python function and line of a machine frame: the interpreter keeps the address of the next
 * bytecode instruction in a register or on the stack of the function that executes bytecode, and
 * both were recorded with the fault, so it can't have moved on since.
 */
#ifndef BLAME_CODE_PYTHON_STACK_H
#define BLAME_CODE_PYTHON_STACK_H

#include "blame/code/code_private.h"
#include "blame/code/unwind_table.h"

/* Adds a line to the stack, if this frame has one and all before it are known. state: its
 * registers; above: where its part of the stack ends. Pass the result on for the next frame: false
 * once a frame has a line that can't be determined, since its callers are no answer then. */
bool python_frame_told(struct code *code, struct suspect *suspect,
    const struct code_mapping *mapping, const struct unwind_state *state, uint64_t above,
    struct code_stack *stack, bool told);

#endif
