/*
 * What steps need of c_program.template. Internal to src/out/lab.
 *
 * Lines that begin with "@ " hold the conditions of those that follow: names of needs, any of which
 * does; !NAME: if it is not needed; ONE&OTHER: both; *: always.
 */
#ifndef OUT_LAB_C_PROGRAM_PARTS_H
#define OUT_LAB_C_PROGRAM_PARTS_H

#include <stdint.h>

#include "base/buf.h"
#include "lang/in_c/in_c.h"
#include "out/lab/c_program.h"

/* Functions of the template, then: TEXT orders hold bytes; ODD other things than the file are
 * mapped, OFFSET at other pages than their own; HUGE pages; LOOSE frames that a write may copy
 * though nobody else has them; GOES_ON somebody gets a lock that it waited for. */
#define PROGRAM_NEEDS(X) \
	X(TELL) \
	X(LOAD) \
	X(STORE) \
	X(SYNC) \
	X(ADVISE) \
	X(ADVISE_ALL) \
	X(PROTECT) \
	X(UNMAP) \
	X(MAP) \
	X(COPY_LOAD) \
	X(COPY_STORE) \
	X(COPY_READ) \
	X(COPY_WRITE) \
	X(LOCK) \
	X(UNLOCK) \
	X(ALLOC) \
	X(EXEC) \
	X(EXIT) \
	X(FORK) \
	X(STOPS) \
	X(FILE_READ) \
	X(FILE_WRITE) \
	X(DROP) \
	X(LINK) \
	X(OPEN) \
	X(OPEN_SHM) \
	X(CLOSE) \
	X(OWN_FILE) \
	X(DIRECTORY) \
	X(CHECK) \
	X(TEXT) \
	X(ODD) \
	X(OFFSET) \
	X(HUGE) \
	X(LOOSE) \
	X(MERGES) \
	X(GOES_ON)

enum program_need {
#define X(need) PROGRAM_NEED_##need,
	PROGRAM_NEEDS(X)
#undef X
	    PROGRAM_NEED_COUNT
};

#define NEEDS(need) (UINT64_C(1) << PROGRAM_NEED_##need)

/* The program as far as it is written. */
struct program_draft {
	const struct c_program *program;
	struct buf main; /* its lines, between prepare() and the end */
	uint64_t needs;
	size_t text; /* bytes of the longest */
};

/* The lines that do a step; before is the step before it. */
void c_program_step(
    struct program_draft *draft, const struct past_step *before, const struct past_step *step);

/* The call that tells which step begins. */
void c_program_heading(struct program_draft *draft, uint32_t number, const char *command);

/* The lab of the step, with the file that the session has. */
struct c_lab c_program_lab_of(const struct program_draft *draft, const struct past_step *step);

/* The lab of the step is started. */
void c_program_lab(struct program_draft *draft, const struct past_step *step);

/* The template's parts that the needs ask for. */
void c_program_parts(struct buf *out, uint64_t needs);

#endif
