/*
 * Records of a perf ring on paper, whole and damaged.
 */
#include "config.h"
#include "blame/event/perf_record.h"
#include "blame/event/tracepoint.h"
#include "tap.h"

#include <linux/perf_event.h>
#include <string.h>

#define PLAIN 1
#define STACK 2
#define TRACED 3

static uint8_t bytes[512];
static size_t size;

static void
put_u64(uint64_t value)
{
	memcpy(bytes + size, &value, sizeof(value));
	size += sizeof(value);
}

static void
put_two(uint32_t one, uint32_t other)
{
	put_u64((uint64_t)other << 32 | one);
}

static void
begin(uint32_t type, uint16_t misc)
{
	const struct perf_event_header header = {type, misc, 0};

	memset(bytes, 0, sizeof(bytes));
	memcpy(bytes, &header, sizeof(header));
	size = sizeof(header);
}

static void
finish(void)
{
	((struct perf_event_header *)bytes)->size = (uint16_t)size;
}

static const struct record_kind *
kind_of(const void *of, uint64_t id)
{
	static const struct record_kind kinds[] = {
	    [PLAIN] = {.sample_type = RECORD_SAMPLES},
	    [STACK] = {.sample_type =
			   RECORD_SAMPLES | PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER,
		.registers = 0x181,
		.beside = true},
	    [TRACED] = {.sample_type = RECORD_SAMPLES | PERF_SAMPLE_RAW},
	};

	(void)of;
	return id && id < sizeof(kinds) / sizeof(kinds[0]) ? &kinds[id] : NULL;
}

static const struct record_kinds kinds = {{8, 16, 24}, kind_of, NULL};

static void
put_sample(uint64_t id)
{
	put_u64(id);
	put_u64(0x401000);
	put_two(42, 43);
	put_u64(1234567);
	put_u64(0x7f0000001238);
}

static void
test_plain(void)
{
	struct perf_record record;

	begin(PERF_RECORD_SAMPLE, PERF_RECORD_MISC_USER);
	put_sample(PLAIN);
	finish();
	ok(record_parse(&record, &kinds, bytes, size), "a sample is taken apart");
	is_number(record.type, RECORD_FAULT, "it is a fault");
	is_number(record.fault.address, 0x7f0000001238, "its address, to the byte");
	is_number(record.fault.ip, 0x401000, "its instruction");
	is_number(record.pid, 42, "its process");
	is_number(record.tid, 43, "its thread");
	is_number(record.time_ns, 1234567, "its time");
	ok(!record.fault.by_kernel && record.fault.kind == FAULT_ANY && !record.fault.stack,
	    "by the process itself, of no known kind, without a stack");
	begin(PERF_RECORD_SAMPLE, PERF_RECORD_MISC_KERNEL);
	put_sample(PLAIN);
	finish();
	ok(record_parse(&record, &kinds, bytes, size) && record.fault.by_kernel, "by the kernel");
	begin(PERF_RECORD_SAMPLE, 0);
	put_sample(77);
	finish();
	ok(record_parse(&record, &kinds, bytes, size) && record.type == RECORD_OTHER,
	    "a sample of an event that is not ours is none");
}

static void
put_stack(uint64_t filled)
{
	put_u64(PERF_SAMPLE_REGS_ABI_64);
	put_u64(1);
	put_u64(0x7ffd0000);
	put_u64(0x401000);
	put_u64(32);
	for (int i = 0; i < 4; i++)
		put_u64(100 + (uint64_t)i);
	put_u64(filled);
}

static void
test_stack(void)
{
	struct perf_record record;
	uint64_t word;

	begin(PERF_RECORD_SAMPLE, PERF_RECORD_MISC_USER);
	put_sample(STACK);
	put_stack(24);
	finish();
	ok(record_parse(&record, &kinds, bytes, size) && record.beside,
	    "a second record of one fault");
	is_number(record.fault.register_mask, 0x181, "the registers that were asked for");
	is_number(record.fault.register_word, 8, "of 64 bits");
	memcpy(&word, &record.fault.registers[1], sizeof(word));
	is_number(word, 0x7ffd0000, "the stack pointer");
	is_number(record.fault.stack_bytes, 24, "so much of the stack as was there");
	put_u64(0);
	begin(PERF_RECORD_SAMPLE, PERF_RECORD_MISC_USER);
	put_sample(STACK);
	put_u64(PERF_SAMPLE_REGS_ABI_NONE);
	put_u64(0);
	finish();
	ok(record_parse(&record, &kinds, bytes, size) && !record.fault.registers &&
		!record.fault.stack,
	    "a thread of the kernel has neither");
	begin(PERF_RECORD_SAMPLE, PERF_RECORD_MISC_USER);
	put_sample(STACK);
	put_stack(4000);
	finish();
	ok(record_parse(&record, &kinds, bytes, size) && record.fault.stack_bytes == 32,
	    "never more than there is");
}

static void
put_traced(uint64_t error)
{
	begin(PERF_RECORD_SAMPLE, PERF_RECORD_MISC_KERNEL);
	put_sample(TRACED);
	put_two(36, 0x5555);
	put_two(0, 0xabcd0000);
	put_two(0x7f00, 0x00401234);
	put_two(0, (uint32_t)error << 0);
	put_u64(0);
	finish();
}

static void
test_traced(void)
{
	static const struct {
		uint64_t error;
		enum fault_kind kind;
		const char *what;
	} errors[] = {
	    {7, FAULT_WRITE, "a write where something is present"},
	    {6, FAULT_MISSING, "a write where nothing is"},
	    {4, FAULT_READ, "a read"},
	    {5, FAULT_READ, "a read that is not allowed"},
	};
	struct perf_record record;

	for (size_t i = 0; i < sizeof(errors) / sizeof(errors[0]); i++) {
		uint32_t raw = 40;

		begin(PERF_RECORD_SAMPLE, PERF_RECORD_MISC_KERNEL);
		put_sample(TRACED);
		memcpy(bytes + size, &raw, sizeof(raw));
		size += sizeof(raw);
		size += 8; /* what every tracepoint has */
		put_u64(0x7f0000005678);
		put_u64(0x402000);
		put_u64(errors[i].error);
		size += 12;
		finish();
		ok(record_parse(&record, &kinds, bytes, size), "traced: %s", errors[i].what);
		is_number(record.fault.kind, errors[i].kind, "its kind");
		is_number(record.fault.address, 0x7f0000005678, "its address");
		is_number(record.fault.ip, 0x402000, "the process's instruction");
		ok(!record.fault.by_kernel, "not the kernel's");
	}
	put_traced(7);
	ok(record_parse(&record, &kinds, bytes, size), "however it stands, it is read");
}

static void
put_trailer(void)
{
	put_two(42, 43);
	put_u64(999);
	put_u64(PLAIN);
	finish();
}

static void
test_tasks(void)
{
	struct perf_record record;

	begin(PERF_RECORD_FORK, 0);
	put_two(50, 42);
	put_two(51, 43);
	put_u64(777);
	put_trailer();
	ok(record_parse(&record, &kinds, bytes, size) && record.type == RECORD_FORK, "a fork");
	is_number(record.pid, 50, "who came");
	is_number(record.parent, 42, "of whom");
	is_number(record.tid, 51, "its thread");
	is_number(record.time_ns, 777, "when");
	begin(PERF_RECORD_EXIT, 0);
	put_two(50, 42);
	put_two(51, 43);
	put_u64(778);
	put_trailer();
	ok(record_parse(&record, &kinds, bytes, size) && record.type == RECORD_EXIT &&
		record.tid == 51,
	    "an end");
	begin(PERF_RECORD_COMM, PERF_RECORD_MISC_COMM_EXEC);
	put_two(42, 43);
	put_u64(0x6c73);
	put_trailer();
	ok(record_parse(&record, &kinds, bytes, size) && record.type == RECORD_EXEC &&
		record.pid == 42 && record.time_ns == 999,
	    "another program");
	begin(PERF_RECORD_COMM, 0);
	put_two(42, 43);
	put_u64(0x6c73);
	put_trailer();
	ok(record_parse(&record, &kinds, bytes, size) && record.type == RECORD_OTHER,
	    "a new name is none");
	begin(PERF_RECORD_LOST, 0);
	put_u64(1);
	put_u64(4711);
	put_trailer();
	ok(record_parse(&record, &kinds, bytes, size) && record.type == RECORD_LOST &&
		record.lost == 4711,
	    "what was lost is counted");
}

/* Every length that is too short. */
static void
test_damaged(void)
{
	struct perf_record record;
	size_t whole, taken = 0;

	begin(PERF_RECORD_SAMPLE, PERF_RECORD_MISC_USER);
	put_sample(STACK);
	put_stack(24);
	whole = size;
	for (size_t cut = 0; cut < whole; cut++) {
		((struct perf_event_header *)bytes)->size = (uint16_t)cut;
		taken += record_parse(&record, &kinds, bytes, cut);
		((struct perf_event_header *)bytes)->size = (uint16_t)whole;
		taken += record_parse(&record, &kinds, bytes, cut);
	}
	is_number(taken, 0, "a record that is cut is none");
}

static void
test_format(void)
{
	static const char format[] =
	    "name: page_fault_user\nID: 114\nformat:\n"
	    "\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n"
	    "\tfield:int common_pid;\toffset:4;\tsize:4;\tsigned:1;\n\n"
	    "\tfield:unsigned long address;\toffset:8;\tsize:8;\tsigned:0;\n"
	    "\tfield:unsigned long ip;\toffset:16;\tsize:8;\tsigned:0;\n"
	    "\tfield:unsigned long error_code;\toffset:24;\tsize:8;\tsigned:0;\n";
	struct trace_fields fields;

	if (sizeof(long) == 8)
		ok(tracepoint_parse_format(format, &fields) && fields.address == 8 &&
			fields.ip == 16 && fields.error_code == 24,
		    "the fields of the tracepoint are found");
	ok(!tracepoint_parse_format("name: page_fault_user\n", &fields), "or not");
	ok(!tracepoint_parse_format("\tfield:u8 address;\toffset:8;\tsize:1;\n", &fields),
	    "not in another width");
}

int
main(void)
{
	test_plain();
	test_stack();
	test_traced();
	test_tasks();
	test_damaged();
	test_format();
	return done_testing();
}
