/* Records of a perf ring, one after the other, as the kernel lays them out. */
#include "config.h"

#include <linux/perf_event.h>

#include "blame/event/perf_record.h"
#include "fuzz.h"

#define REGISTERS 0xff01ffull
#define STACK 64

static const struct record_kind record_kinds_here[] = {
    {.sample_type = RECORD_SAMPLES},
    {.sample_type = RECORD_SAMPLES | PERF_SAMPLE_RAW},
    {.sample_type = RECORD_SAMPLES | PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER,
	.registers = REGISTERS,
	.beside = true},
    {.sample_type =
	    RECORD_SAMPLES | PERF_SAMPLE_RAW | PERF_SAMPLE_REGS_USER | PERF_SAMPLE_STACK_USER,
	.registers = REGISTERS},
};

static const struct record_kind *
fuzz_kind(const void *of, uint64_t id)
{
	(void)of;
	return id < 4 ? &record_kinds_here[id] : NULL;
}

static size_t
fuzz_words(uint8_t *bytes, const uint64_t *words, size_t count)
{
	memcpy(bytes, words, count * sizeof(*words));
	return count * sizeof(*words);
}

static size_t
fuzz_sample(uint8_t *bytes, uint64_t id)
{
	const struct record_kind *kind = &record_kinds_here[id];
	const uint64_t head[] = {id, 0x401000, 42 | 43ull << 32, 1000, 0x7f0000001238};
	const uint64_t raw[] = {36, 0, 0x7f0000001238, 0x401000, 7};
	struct perf_event_header header = {PERF_RECORD_SAMPLE, PERF_RECORD_MISC_USER, 0};
	size_t size = sizeof(header);

	size += fuzz_words(bytes + size, head, 5);
	if (kind->sample_type & PERF_SAMPLE_RAW)
		size += fuzz_words(bytes + size, raw, 5);
	if (kind->sample_type & PERF_SAMPLE_REGS_USER) {
		uint64_t words[1 + 17 + 1 + STACK / 8 + 1] = {PERF_SAMPLE_REGS_ABI_64};

		words[18] = STACK;
		words[19 + STACK / 8] = STACK / 2;
		size += fuzz_words(bytes + size, words, sizeof(words) / sizeof(words[0]));
	}
	header.size = (uint16_t)size;
	memcpy(bytes, &header, sizeof(header));
	return size;
}

static size_t
fuzz_other(uint8_t *bytes, uint32_t type)
{
	struct perf_event_header header = {type, PERF_RECORD_MISC_COMM_EXEC, 0};
	const uint64_t words[] = {
	    50 | 42ull << 32, 51 | 43ull << 32, 777, 50 | 51ull << 32, 999, 1};
	size_t size = sizeof(header) + fuzz_words(bytes + sizeof(header), words, 6);

	header.size = (uint16_t)size;
	memcpy(bytes, &header, sizeof(header));
	return size;
}

static size_t
fuzz_seed(unsigned which, uint8_t *bytes, size_t room)
{
	static const uint32_t others[] = {
	    PERF_RECORD_FORK, PERF_RECORD_EXIT, PERF_RECORD_COMM, PERF_RECORD_LOST};
	size_t size = 0;

	if (which > 4 || room < 4096)
		return 0;
	if (which < 4)
		return fuzz_sample(bytes, which);
	for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++)
		size += fuzz_other(bytes + size, others[i]);
	return size;
}

static bool
fuzz_lies_in(const void *part, size_t bytes, const uint8_t *whole, size_t size)
{
	const uint8_t *at = part;

	return !part || (at >= whole && bytes <= size && at + bytes <= whole + size);
}

/* What is borrowed lies in the record. */
static void
fuzz_look(const struct fault *fault, const uint8_t *bytes, size_t size)
{
	size_t registers = (size_t)__builtin_popcountll(fault->register_mask) * 8;

	fuzz_expect(fuzz_lies_in(fault->registers, registers, bytes, size), "registers");
	fuzz_expect(fuzz_lies_in(fault->stack, fault->stack_bytes, bytes, size), "a stack");
}

static void
fuzz_bytes(const uint8_t *bytes, size_t size)
{
	const struct record_kinds kinds = {{12, 20, 28}, fuzz_kind, NULL};
	uint8_t *own = malloc(size ? size : 1); /* not a byte more: sanitizers see what is read */
	size_t at = 0;

	memcpy(own, bytes, size);
	while (size - at >= sizeof(struct perf_event_header)) {
		struct perf_event_header header;
		struct perf_record record;

		memcpy(&header, own + at, sizeof(header));
		if (record_parse(&record, &kinds, own + at, size - at))
			fuzz_look(&record.fault, own + at, size - at);
		if (header.size < sizeof(header) || header.size > size - at)
			break;
		at += header.size;
	}
	free(own);
}
