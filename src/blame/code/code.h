/*
 * Which code: the function that contains an instruction, and its callers. From the ELF files that
 * are mapped (through /proc/PID/map_files and /proc/PID/root, so files of another mount namespace
 * and deleted ones too), their separate debug files, and /tmp/perf-PID.map for code generated at
 * run time. Null if unknown, never a wrong name.
 *
 * Names are as in the file: those of C++ and Rust aren't demangled. Without elfutils' libdw nothing
 * can be unwound, so no line of a language is known.
 */
#ifndef BLAME_CODE_CODE_H
#define BLAME_CODE_CODE_H

#include "blame/event/fault.h"
#include "blame/suspect.h"
#include "model/family/blame.h"

#define STACK_FRAMES 128

struct code;

struct code_place {
	char module[BLAME_NAME_MAX];   /* the file's base name, "[heap]", "[vdso]"; "" */
	char function[BLAME_NAME_MAX]; /* "": the address is inside no symbol */
	uint64_t offset; /* of the address in its module's file, as objdump shows it */
};

/* A frame of a language, on top of the machine's. */
struct code_line {
	char language[16]; /* "python", "ruby" */
	char function[BLAME_NAME_MAX];
	char source[BLAME_NAME_MAX]; /* "app.py:6"; "" */
};

/* From the instruction outward. */
struct code_stack {
	size_t count, line_count;
	bool whole; /* it ends where the thread began, not where the recorded stack ends */
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

/* false: there are no registers, or this build can't unwind. */
bool code_unwind(struct code *code, struct suspect *suspect, const struct fault *fault,
    struct code_stack *stack);

/* The command that a server was executing, by its name in the protocol: Redis and Valkey, from the
 * function that their call() called. false: there is none in the stack. */
bool code_command(const struct code_stack *stack, char command[BLAME_NAME_MAX]);

#endif
