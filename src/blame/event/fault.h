/*
 * A page fault as perf_event_open(2) reported it: the thread, the time, the instruction, and the
 * exact address that it touched.
 */
#ifndef BLAME_EVENT_FAULT_H
#define BLAME_EVENT_FAULT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define FAULT_REGISTERS 40

/* What the processor's error code says, if the tracepoint gave it. */
enum fault_kind {
	FAULT_ANY,     /* not told */
	FAULT_WRITE,   /* a write to a present, write-protected page: a copy, or a reuse */
	FAULT_MISSING, /* nothing was present: filled */
	FAULT_READ,
};

struct fault {
	uint64_t time_ns; /* CLOCK_MONOTONIC */
	pid_t pid, tid;
	uint64_t address; /* to the byte */
	uint64_t ip;
	enum fault_kind kind;
	bool by_kernel; /* the instruction is the kernel's, as in read(2) */
	/* for some faults only: the registers in the order of asm/perf_regs.h, and the stack from
	 * the stack pointer on; borrowed from the ring until the next fault */
	const uint64_t *registers; /* NULL: none */
	uint64_t register_mask;
	unsigned register_word; /* bytes: 8 or 4 */
	const uint8_t *stack;
	size_t stack_bytes;
};

#endif
