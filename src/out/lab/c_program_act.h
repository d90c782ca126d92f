/*
 * One step of a program while it is written. Internal to src/out/lab.
 */
#ifndef OUT_LAB_C_PROGRAM_ACT_H
#define OUT_LAB_C_PROGRAM_ACT_H

#include "lang/command.h"
#include "out/lab/c_program_parts.h"

struct program_act {
	struct program_draft *draft;
	const struct command *command;
	const struct past_step *before, *after;
	struct c_lab lab;
	uint16_t processes; /* that it names, bit 0 is a */
	struct page_range ranges[RANGES_MAX];
	size_t count;
};

typedef void act_writer(const struct program_act *act);

/* c_program_memory.c: what processes do to pages */
act_writer act_read, act_write, act_sync, act_protect, act_advise, act_unmap, act_map, act_copy,
    act_lock, act_unlock;

/* The lines of main; and what they need of the template. */
struct buf *act_out(const struct program_act *act);
void act_needs(const struct program_act *act, uint64_t needs);

/* "abc" */
void act_names(struct buf *out, uint16_t processes);

/* A line for each range of pages; more says what else is in the order. */
void act_tell(const struct program_act *act, const char *function, const char *more);

/* TEXT as a string of C, for which the order has room then. Returns its bytes. */
size_t act_text(const struct program_act *act, struct buf *out);

#endif
