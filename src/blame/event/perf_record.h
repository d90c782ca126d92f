/*
 * Parses a record of a perf ring. Pure: bytes in, a value out; whatever the bytes are, nothing
 * beyond them is read.
 */
#ifndef BLAME_EVENT_PERF_RECORD_H
#define BLAME_EVENT_PERF_RECORD_H

#include "blame/event/fault.h"

#define RECORD_BYTES_MAX 65536 /* the kernel's limit: the size has 16 bits */

/* All our events sample these, in this order; and other records end with the last three. */
#define RECORD_SAMPLES \
	(PERF_SAMPLE_IDENTIFIER | PERF_SAMPLE_IP | PERF_SAMPLE_TID | PERF_SAMPLE_TIME | \
	    PERF_SAMPLE_ADDR)

enum record_type {
	RECORD_OTHER, /* well formed, but of no interest */
	RECORD_FAULT,
	RECORD_FORK, /* pid and tid were forked by parent; a thread: pid is parent */
	RECORD_EXIT, /* a thread ended */
	RECORD_EXEC, /* the process executes another program now */
	RECORD_LOST,
};

/* Where the tracepoint's own data has its fields, in bytes; and the size of a word there. */
struct trace_fields {
	uint16_t address, ip, error_code;
};

/* One kind of event in the ring, by the number that begins its records. */
struct record_kind {
	uint64_t sample_type; /* RECORD_SAMPLES, plus any of RAW, REGS_USER and STACK_USER */
	uint64_t registers;   /* asked for */
	bool beside;          /* another event has already reported the same fault */
};

struct perf_record {
	enum record_type type;
	uint64_t time_ns; /* CLOCK_MONOTONIC */
	pid_t pid, tid, parent;
	uint64_t lost; /* RECORD_LOST: records for which the ring had no room */
	bool beside;
	struct fault fault;
};

struct record_kinds {
	struct trace_fields trace;
	/* of the event with this number; NULL: not ours */
	const struct record_kind *(*find)(const void *of, uint64_t id);
	const void *of;
};

/* Parses a record of size bytes, including its header; what it borrows is in these bytes. false: it
 * is damaged. */
bool record_parse(
    struct perf_record *record, const struct record_kinds *kinds, const void *bytes, size_t size);

#endif
