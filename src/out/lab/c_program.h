/*
 * A session as one program in C: `cc x.c && ./a.out` does its steps again in real processes, and
 * prints the state of each page after each step, as its process reads it from its own
 * /proc/self/pagemap.
 *
 * The program consists of parts of c_program.template, as many as its steps need, and of a main
 * with the steps in order. It maps as the lab did, and follows how each frame came to be, because
 * the words for states need that.
 */
#ifndef OUT_LAB_C_PROGRAM_H
#define OUT_LAB_C_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "model/lab/past_step.h"

struct c_program {
	const struct past_step
	    *steps; /* from the first of the session on; none without a command */
	size_t count;
	const char *name; /* of the file: x.c */
	const char *software, *kernel;
	const char *file; /* that labs with a file map; NULL: their own */
	bool read_only;   /* it may not be written */
};

void c_program_write(struct buf *out, const struct c_program *program);

#endif
