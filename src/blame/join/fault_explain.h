/*
 * What lies at a fault's address and which code is at its instruction, found out soon after it
 * came: from the process itself or, if it has ended, from the one that it was forked from.
 */
#ifndef BLAME_JOIN_FAULT_EXPLAIN_H
#define BLAME_JOIN_FAULT_EXPLAIN_H

#include "blame/event/fault.h"
#include "blame/join/fault_table.h"
#include "blame/join/kindred.h"
#include "blame/join/names_pool.h"

struct explain;

struct explain *explain_new(struct names_pool *names, const struct kindred *kindred);
void explain_free(struct explain *explain); /* NULL does nothing */

/* Memory that was read may have changed. */
void explain_again(struct explain *explain);

/* It ended, or executes another program now. */
void explain_forget(struct explain *explain, pid_t pid);

/* Whose word was written, and by which instruction. */
void explain_fault(struct explain *explain, const struct fault *fault, struct finding *finding);

/* The stack that came with it; finding keeps what was already known. */
void explain_stack(struct explain *explain, const struct fault *fault, struct finding *finding);

#endif
