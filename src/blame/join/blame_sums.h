/*
 * The sums of a blame, which grow from sample to sample: copies by writer, and by stack. The number
 * of rows is limited: beyond it, copies count in rows that name less.
 */
#ifndef BLAME_JOIN_BLAME_SUMS_H
#define BLAME_JOIN_BLAME_SUMS_H

#include "blame/join/fault_table.h"
#include "blame/join/names_pool.h"
#include "model/family/family.h"

struct writer_sum {
	uint32_t process, object, module, function, mapping; /* of the names_pool */
	pid_t pid;
	uint8_t cause, runtime;
	uint64_t offset, pages;
};

struct stack_sum {
	uint32_t process, frames, line;
	uint8_t cause;
	uint64_t samples;
};

struct blame_sums {
	struct names_pool *names;
	struct writer_sum *writers;
	size_t writer_count;
	uint32_t *writer_places; /* a hash of rows + 1 */
	struct stack_sum *stacks;
	size_t stack_count;
	uint32_t *stack_places;
	uint64_t copies, attributed, samples;
	uint64_t unseen_pages;
};

void blame_sums_init(struct blame_sums *sums, struct names_pool *names);
void blame_sums_release(struct blame_sums *sums);

/* A copy by this process, with the fault that made it; NULL: unknown. */
void blame_sums_add(struct blame_sums *sums, const struct member *member,
    const struct region *region, const struct fault_slot *slot);

/* Adds all rows to a blame under construction. */
void blame_sums_tell(const struct blame_sums *sums, struct blame *blame);

#endif
