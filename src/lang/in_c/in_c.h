/*
 * The C of commands: the lines that a program would have for what a command does, in the lab's own
 * terms. p is where the process has its pages, fd the file, byte and buffer what is read.
 *
 * Pure. The table is in in_c.c: every command is in it, and one that has no C says why.
 */
#ifndef LANG_IN_C_IN_C_H
#define LANG_IN_C_IN_C_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "lang/command.h"
#include "model/lab/past_step.h"
#include "model/words.h"

/* The lab that the command acts on; of lab and reset, the one that they start. */
struct c_lab {
	enum kind kind;
	uint32_t pages, page_size; /* bytes */
	unsigned processes;
	bool one_vma;
	bool read_only;   /* the file is somebody's, and may not be written */
	const char *path; /* of the file that it maps; NULL: its own, which has no name */
};

/* The lab of a step, with a file of its own. */
struct c_lab c_lab_at(const struct past_step *step);

/* Appends lines, each with its '\n', indented by tabs. false: there is no C for the command, and
 * why_not_in_c() says why. */
bool in_c(struct buf *out, const struct command *command, const struct c_lab *lab);

/* A sentence without its full stop, translated; NULL: there is C for it. */
const char *why_not_in_c(enum verb verb);

/* The same of a text: all its commands, one after the other. What does not parse, and what has no
 * C, becomes a comment. */
void in_c_line(struct buf *out, const char *line, const struct c_lab *lab);

/* A string of C; bytes that are not printable ASCII become octal. */
void c_string(struct buf *out, const char *text, size_t length);

/* MADV_..., SIG...; a number where there is no name. PROT_... joined by "|". MS_... likewise. */
void c_advice(struct buf *out, int advice);
void c_signal(struct buf *out, int signal);
void c_protection(struct buf *out, int protection);
void c_sync(struct buf *out, int sync);

/* The pages that a target of this lab names. Returns how many ranges. */
size_t c_ranges(struct page_range ranges[RANGES_MAX], const struct target *target, uint32_t pages);

#endif
