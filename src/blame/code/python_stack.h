/*
 * The Python function and line behind a frame of the machine: the interpreter keeps the address of
 * the next instruction of its bytecode in a register or in the stack of the function that runs it,
 * and both were kept with the fault. So nothing can have gone on since.
 */
#ifndef BLAME_CODE_PYTHON_STACK_H
#define BLAME_CODE_PYTHON_STACK_H

#include "blame/code/code_private.h"
#include "blame/code/unwind_table.h"

/* Adds a line to the stack, if this frame has one and all before are told. state: its registers;
 * above: where its part of the stack ends. What comes back is told of the next: false once a frame
 * has a line and it can't be told which, so that what called it is no answer. */
bool python_frame_told(struct code *code, struct suspect *suspect,
    const struct code_mapping *mapping, const struct unwind_state *state, uint64_t above,
    struct code_stack *stack, bool told);

#endif
