/*
 * The latest faults at each page of each process, until a sample says what became of the page. Two
 * each: the last and the one before, since the last may have come after the page was read. Limited;
 * what doesn't fit is counted.
 */
#ifndef BLAME_JOIN_FAULT_TABLE_H
#define BLAME_JOIN_FAULT_TABLE_H

#include "blame/event/fault.h"
#include "model/family/blame.h"

#define FAULT_TABLE_MOST (1u << 20)

/* What was found out about a fault; numbers are of the names_pool. */
struct finding {
	bool found; /* it was looked at */
	uint8_t cause, runtime;
	uint32_t object, module, function;
	uint32_t line, stack; /* 0: its stack was not taken; */
	bool has_stack;
	uint64_t offset; /* COUNT_UNKNOWN: unknown */
};

struct fault_slot {
	uint64_t time_ns; /* CLOCK_MONOTONIC; 0: none */
	uint64_t ip, address;
	pid_t tid;
	uint8_t kind; /* enum fault_kind */
	bool by_kernel;
	struct finding finding;
};

struct fault_entry {
	pid_t pid;
	uint32_t next;
	uint64_t page; /* address of it */
	struct fault_slot last, before;
};

struct fault_table {
	struct fault_entry *list;
	uint32_t count, room;
	uint32_t *buckets; /* index in list + 1; 0: none */
	size_t bucket_count;
	uint64_t left_out;
};

void fault_table_release(struct fault_table *table);
void fault_table_add(struct fault_table *table, const struct fault *fault, uint64_t page);

/* NULL: there is none. Valid until the table changes. */
struct fault_entry *fault_table_at(const struct fault_table *table, pid_t pid, uint64_t page);

/* The slot of this fault; NULL: it is no longer there. */
struct fault_slot *fault_table_slot(
    const struct fault_table *table, pid_t pid, uint64_t page, uint64_t address, uint64_t ip);

/* Keeps entries for which keep() is true; it may change them. */
typedef bool fault_keep(void *with, struct fault_entry *entry);
void fault_table_sift(struct fault_table *table, fault_keep *keep, void *with);

#endif
