#include "config.h"
#include "blame/event/perf_record.h"

#include <linux/perf_event.h>
#include <string.h>

#ifndef PERF_RECORD_MISC_COMM_EXEC
#define PERF_RECORD_MISC_COMM_EXEC (1 << 13)
#endif

#define TRAILER_BYTES 24 /* tid, time and identifier end every record that is no sample */

/* Of an x86 page fault. */
#define ERROR_PRESENT 1u
#define ERROR_WRITE 2u

/* The unread part of a record. */
struct record_rest {
	const uint8_t *at;
	size_t left;
	bool good;
};

static const void *
rest_skip(struct record_rest *rest, size_t bytes)
{
	const void *at = rest->at;

	if (!rest->good || bytes > rest->left) {
		rest->good = false;
		return NULL;
	}
	rest->at += bytes;
	rest->left -= bytes;
	return at;
}

static uint64_t
rest_u64(struct record_rest *rest)
{
	const void *at = rest_skip(rest, sizeof(uint64_t));
	uint64_t value = 0;

	if (at)
		memcpy(&value, at, sizeof(value));
	return value;
}

static uint32_t
rest_u32(struct record_rest *rest)
{
	const void *at = rest_skip(rest, sizeof(uint32_t));
	uint32_t value = 0;

	if (at)
		memcpy(&value, at, sizeof(value));
	return value;
}

static uint64_t
trace_word(const uint8_t *raw, size_t size, size_t offset)
{
	unsigned long word = 0;

	if (offset + sizeof(word) <= size)
		memcpy(&word, raw + offset, sizeof(word));
	return word;
}

static enum fault_kind
kind_of_error(uint64_t error)
{
	if (!(error & ERROR_WRITE))
		return FAULT_READ;
	return error & ERROR_PRESENT ? FAULT_WRITE : FAULT_MISSING;
}

/* The tracepoint's own data: address, instruction and error code. */
static void
take_raw(struct record_rest *rest, const struct trace_fields *trace, struct fault *fault)
{
	uint32_t size = rest_u32(rest);
	const uint8_t *raw = rest_skip(rest, size);

	if (!raw)
		return;
	fault->address = trace_word(raw, size, trace->address);
	fault->ip = trace_word(raw, size, trace->ip);
	fault->kind = kind_of_error(trace_word(raw, size, trace->error_code));
	fault->by_kernel = false;
}

static void
take_registers(struct record_rest *rest, uint64_t mask, struct fault *fault)
{
	uint64_t abi = rest_u64(rest);
	const void *registers;

	if (abi == PERF_SAMPLE_REGS_ABI_NONE)
		return;
	registers = rest_skip(rest, (size_t)__builtin_popcountll(mask) * sizeof(uint64_t));
	if (!registers)
		return;
	fault->registers = registers;
	fault->register_mask = mask;
	fault->register_word = abi == PERF_SAMPLE_REGS_ABI_32 ? 4 : 8;
}

static void
take_stack(struct record_rest *rest, struct fault *fault)
{
	uint64_t size = rest_u64(rest), filled;
	const void *stack = rest_skip(rest, size);

	if (!size || !stack)
		return;
	filled = rest_u64(rest);
	fault->stack = stack;
	fault->stack_bytes = filled < size ? (size_t)filled : (size_t)size;
}

static bool
take_sample(struct perf_record *record, const struct record_kinds *kinds, struct record_rest *rest,
    uint16_t misc)
{
	struct fault *fault = &record->fault;
	uint64_t id = rest_u64(rest);
	const struct record_kind *kind = kinds->find(kinds->of, id);

	if (!kind)
		return rest->good;
	fault->ip = rest_u64(rest);
	record->pid = fault->pid = (pid_t)rest_u32(rest);
	record->tid = fault->tid = (pid_t)rest_u32(rest);
	record->time_ns = fault->time_ns = rest_u64(rest);
	fault->address = rest_u64(rest);
	fault->by_kernel = (misc & PERF_RECORD_MISC_CPUMODE_MASK) == PERF_RECORD_MISC_KERNEL;
	if (kind->sample_type & PERF_SAMPLE_RAW)
		take_raw(rest, &kinds->trace, fault);
	if (kind->sample_type & PERF_SAMPLE_REGS_USER)
		take_registers(rest, kind->registers, fault);
	if (kind->sample_type & PERF_SAMPLE_STACK_USER)
		take_stack(rest, fault);
	record->beside = kind->beside;
	record->type = RECORD_FAULT;
	return rest->good;
}

static void
take_task(struct perf_record *record, enum record_type type, struct record_rest *rest)
{
	record->type = type;
	record->pid = (pid_t)rest_u32(rest);
	record->parent = (pid_t)rest_u32(rest);
	record->tid = (pid_t)rest_u32(rest);
	rest_u32(rest); /* the parent's thread */
	record->time_ns = rest_u64(rest);
}

static void
take_comm(struct perf_record *record, struct record_rest *rest, uint16_t misc)
{
	record->pid = (pid_t)rest_u32(rest);
	record->tid = (pid_t)rest_u32(rest);
	if (misc & PERF_RECORD_MISC_COMM_EXEC)
		record->type = RECORD_EXEC;
}

/* A record that isn't a sample ends with its thread, time and event. */
static uint64_t
time_of_trailer(const struct perf_event_header *header, const uint8_t *bytes)
{
	uint64_t time = 0;

	if (header->size >= sizeof(*header) + TRAILER_BYTES)
		memcpy(&time, bytes + header->size - 16, sizeof(time));
	return time;
}

static void
take_lost(struct perf_record *record, const struct record_kinds *kinds, struct record_rest *rest)
{
	const struct record_kind *kind = kinds->find(kinds->of, rest_u64(rest));

	record->type = RECORD_LOST;
	record->lost = rest_u64(rest);
	record->beside = kind && kind->beside;
}

bool
record_parse(
    struct perf_record *record, const struct record_kinds *kinds, const void *bytes, size_t size)
{
	struct perf_event_header header;
	struct record_rest rest = {.at = bytes, .left = size, .good = true};
	const void *head = rest_skip(&rest, sizeof(header));

	memset(record, 0, sizeof(*record));
	if (!head)
		return false;
	memcpy(&header, head, sizeof(header));
	if (header.size < sizeof(header) || header.size > size)
		return false;
	rest.left = header.size - sizeof(header);
	if (header.type == PERF_RECORD_SAMPLE)
		return take_sample(record, kinds, &rest, header.misc);
	record->time_ns = time_of_trailer(&header, bytes);
	switch (header.type) {
	case PERF_RECORD_FORK:
		take_task(record, RECORD_FORK, &rest);
		break;
	case PERF_RECORD_EXIT:
		take_task(record, RECORD_EXIT, &rest);
		break;
	case PERF_RECORD_COMM:
		take_comm(record, &rest, header.misc);
		break;
	case PERF_RECORD_LOST:
		take_lost(record, kinds, &rest);
		break;
	default:
		break;
	}
	return rest.good;
}
