/*
 * Which code: the function that an instruction lies in, and by whom it was called. By the ELF files
 * that are mapped (through /proc/PID/map_files and /proc/PID/root, so of another mount namespace
 * and deleted ones too), their separate debug files, and /tmp/perf-PID.map for code that was made
 * at run time. Null where not known, never a wrong name.
 *
 * Names are as the file has them: those of C++ and Rust are not demangled. Built without elfutils'
 * libdw, nothing can be unwound, and so no line of a language is told.
 */
#ifndef BLAME_CODE_CODE_H
#define BLAME_CODE_CODE_H

#include "blame/event/fault.h"
#include "blame/suspect.h"
#include "model/family/blame.h"

#define STACK_FRAMES 128

struct code;

struct code_place {
	char module[BLAME_NAME_MAX];   /* the file's last name, "[heap]", "[vdso]"; "" */
	char function[BLAME_NAME_MAX]; /* "": the address is inside no symbol */
	uint64_t offset; /* of the address in its module's file, as objdump shows it */
};

/* A frame of a language on top of the machine's. */
struct code_line {
	char language[16]; /* "python", "ruby" */
	char function[BLAME_NAME_MAX];
	char source[BLAME_NAME_MAX]; /* "app.py:6"; "" */
};

/* From the instruction outward. */
struct code_stack {
	size_t count, line_count;
	bool whole; /* it ends where the thread began, and not where the stack that was kept does */
	uint64_t ip[STACK_FRAMES];
	struct code_place frames[STACK_FRAMES];
	struct code_line lines[STACK_FRAMES]; /* innermost first */
};

struct code *code_new(void);
void code_free(struct code *code); /* NULL does nothing */

/* Its mappings changed, or it is another program now (exec). */
void code_forget(struct code *code, pid_t pid);

void code_place(
    struct code *code, struct suspect *suspect, uint64_t address, struct code_place *place);

/* false: it has no registers, or nothing can be unwound in this build. */
bool code_unwind(struct code *code, struct suspect *suspect, const struct fault *fault,
    struct code_stack *stack);

/* The command that a server was carrying out, as its clients name it: Redis and Valkey, by the
 * function that their call() called. false: none is in the stack. */
bool code_command(const struct code_stack *stack, char command[BLAME_NAME_MAX]);

#endif
