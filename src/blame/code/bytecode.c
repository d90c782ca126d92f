#include "config.h"
#include "blame/code/bytecode.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

#define REST_TIMES 4
#define CODES_MOST (1U << 20)
#define OVERLAP 8 /* freed objects that lie below a live one */

struct bytecode_sweep {
	struct bytecodes *codes;
	const struct bytecode_kind *kind;
	struct suspect *suspect;
};

static void
sweep_found(struct bytecode_sweep *sweep, uint64_t object)
{
	struct memory_reader memory = suspect_memory(sweep->suspect);
	struct bytecodes *codes = sweep->codes;
	struct bytecode code;

	if (codes->count == CODES_MOST ||
	    !sweep->kind->read(sweep->kind->of, &memory, object, &code))
		return;
	if (codes->count == codes->room) {
		codes->room = codes->room ? codes->room * 2 : 1024;
		codes->list = mem_resize(codes->list, codes->room, sizeof(*codes->list));
	}
	codes->list[codes->count++] = code;
}

static void
sweep_run(void *of, uint64_t address, const uint8_t *bytes, size_t size)
{
	struct bytecode_sweep *sweep = of;
	const struct bytecode_kind *kind = sweep->kind;
	uint64_t word;

	for (size_t at = 0; at < size; at += sizeof(word)) {
		memcpy(&word, bytes + at, sizeof(word));
		if ((word & kind->mask) == kind->word && address + at >= kind->word_at)
			sweep_found(sweep, address + at - kind->word_at);
	}
}

static int
bytecode_order(const void *one, const void *other)
{
	const struct bytecode *a = one, *b = other;

	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	if (a->to != b->to)
		return a->to < b->to ? -1 : 1;
	return a->object < b->object ? -1 : a->object > b->object;
}

static void
codes_sort(struct bytecodes *codes)
{
	size_t kept = 0;

	if (codes->count)
		qsort(codes->list, codes->count, sizeof(*codes->list), bytecode_order);
	for (size_t i = 0; i < codes->count; i++)
		if (!kept || bytecode_order(&codes->list[kept - 1], &codes->list[i]) != 0)
			codes->list[kept++] = codes->list[i];
	codes->count = kept;
}

bool
bytecodes_scan(struct bytecodes *codes, const struct bytecode_kind *kind, struct suspect *suspect)
{
	struct bytecode_sweep sweep = {codes, kind, suspect};
	size_t before = codes->count;

	if (!memory_sweep_due(&codes->sweep))
		return false;
	if (codes->count == CODES_MOST)
		codes->count = before = 0;
	codes->complete |= memory_sweep(&codes->sweep, suspect, REST_TIMES, sweep_run, &sweep);
	codes_sort(codes);
	return codes->count != before;
}

/* How many of the list begin at the address or before. */
static size_t
codes_until(const struct bytecodes *codes, uint64_t address)
{
	size_t low = 0, high = codes->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (codes->list[middle].from <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool
bytecode_leads_there(
    const struct bytecode *code, const struct bytecode_kind *kind, uint64_t address)
{
	bool within = kind->bounds ? address >= code->from && address <= code->to
				   : address > code->from && address < code->to;

	return within && (address - code->from) % kind->unit == 0;
}

const struct bytecode *
bytecode_at(const struct bytecodes *codes, const struct bytecode_kind *kind,
    const struct memory_reader *memory, uint64_t address)
{
	size_t at = codes_until(codes, address);
	struct bytecode now;

	for (int i = 0; i < OVERLAP && at; i++, at--) {
		const struct bytecode *code = &codes->list[at - 1];

		if (bytecode_leads_there(code, kind, address) &&
		    kind->read(kind->of, memory, code->object, &now) && now.from == code->from &&
		    now.to == code->to)
			return code;
	}
	return NULL;
}

static void
bytecodes_release(struct bytecodes *codes)
{
	free(codes->list);
	memset(codes, 0, sizeof(*codes));
}

struct bytecodes *
bytecodes_of(struct bytecode_lists *lists, uint64_t key)
{
	struct bytecodes *oldest = &lists->of[0];

	for (size_t i = 0; i < BYTECODE_LISTS; i++) {
		if (lists->of[i].key == key) {
			lists->of[i].used = ++lists->clock;
			return &lists->of[i];
		}
		if (lists->of[i].used < oldest->used)
			oldest = &lists->of[i];
	}
	bytecodes_release(oldest);
	oldest->key = key;
	oldest->used = ++lists->clock;
	return oldest;
}

void
bytecode_lists_release(struct bytecode_lists *lists)
{
	for (size_t i = 0; i < BYTECODE_LISTS; i++)
		bytecodes_release(&lists->of[i]);
}
