/*
 * The Ruby method of a machine frame: the interpreter keeps the address of the next instruction in
 * a register of the function that executes instructions (vm_exec_core), and that register was
 * recorded with the fault, or saved on the recorded stack, so it can't have moved on since.
 *
 * In a stripped file the function has no symbol; encoded instructions are addresses within it. The
 * register depends on the build, and is learned from the frames.
 *
 * A method that was compiled (MJIT), or is being left by an exception, has no such frame. Then
 * nothing is reported: the next such frame belongs to its caller.
 */
#ifndef BLAME_CODE_RUBY_STACK_H
#define BLAME_CODE_RUBY_STACK_H

#include "blame/code/code_private.h"
#include "blame/code/unwind_table.h"

/* Adds a line to the stack, if this frame has one and all before it are known. Pass the result on
 * for the next frame: false once a frame has a method that can't be determined. */
bool ruby_frame_told(struct code *code, struct suspect *suspect, const struct code_mapping *mapping,
    const struct unwind_state *state, struct code_stack *stack, bool told);

#endif
