#include "config.h"
#include "blame/code/bytecode.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/pagemap_bits.h"

#define SLICE_BYTES (256ULL << 20)
#define SLICE_PAGES (4ULL << 20) /* examined, present or not */
#define RUN_PAGES 64
#define REST_TIMES 4
#define REST_LEAST 500000000ULL /* ns, after a complete pass */
#define CODES_MOST (1U << 20)
#define OVERLAP 8 /* freed objects that lie below a live one */

struct bytecode_sweep {
	struct bytecodes *codes;
	const struct bytecode_kind *kind;
	struct suspect *suspect;
	uint64_t page;
	uint64_t read, looked; /* bytes; pages */
	size_t before;
	uint8_t *bytes;
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
sweep_run(struct bytecode_sweep *sweep, uint64_t address, size_t pages)
{
	const struct bytecode_kind *kind = sweep->kind;
	uint64_t word;
	size_t size = pages * sweep->page;

	if (pread(sweep->suspect->contents, sweep->bytes, size, (off_t)address) != (ssize_t)size)
		return;
	sweep->read += size;
	for (size_t at = 0; at < size; at += sizeof(word)) {
		memcpy(&word, sweep->bytes + at, sizeof(word));
		if ((word & kind->mask) == kind->word && address + at >= kind->word_at)
			sweep_found(sweep, address + at - kind->word_at);
	}
}

/* Runs of present pages within the slice. */
static void
sweep_entries(struct bytecode_sweep *sweep, uint64_t address, size_t pages)
{
	uint64_t entries[RUN_PAGES];
	size_t run = 0;
	ssize_t got = pread(sweep->suspect->pagemap, entries, pages * sizeof(*entries),
	    (off_t)(address / sweep->page * sizeof(*entries)));

	if (got != (ssize_t)(pages * sizeof(*entries)))
		return;
	for (size_t i = 0; i <= pages; i++) {
		if (i < pages && entries[i] & PM_PRESENT) {
			run++;
			continue;
		}
		if (run)
			sweep_run(sweep, address + (i - run) * sweep->page, run);
		run = 0;
	}
}

static bool
holds_objects(const struct vma *vma)
{
	return (vma->kind == REGION_ANON || vma->kind == REGION_HEAP || vma->kind == REGION_FILE) &&
	    vma->perms[0] == 'r' && vma->perms[1] == 'w' && vma->perms[3] == 'p';
}

/* false: the slice is full, and the cursor says where the next one begins. */
static bool
sweep_vma(struct bytecode_sweep *sweep, const struct vma *vma)
{
	uint64_t from = sweep->codes->cursor > vma->start ? sweep->codes->cursor : vma->start;
	uint64_t run = RUN_PAGES * sweep->page;

	for (; from < vma->end; from += run) {
		size_t pages = vma->end - from < run ? (vma->end - from) / sweep->page : RUN_PAGES;

		if (sweep->read >= SLICE_BYTES || sweep->looked >= SLICE_PAGES) {
			sweep->codes->cursor = from;
			return false;
		}
		sweep->looked += pages;
		sweep_entries(sweep, from, pages);
	}
	return true;
}

static bool
sweep_maps(struct bytecode_sweep *sweep)
{
	const struct maps *maps = &sweep->suspect->maps;

	for (size_t i = 0; i < maps->count; i++)
		if (maps->list[i].end > sweep->codes->cursor && holds_objects(&maps->list[i]) &&
		    !sweep_vma(sweep, &maps->list[i]))
			return false;
	sweep->codes->cursor = 0;
	return true;
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
	uint64_t begun = clock_steady_ns(), took;
	struct bytecode_sweep sweep = {.codes = codes,
	    .kind = kind,
	    .suspect = suspect,
	    .page = (uint64_t)sysconf(_SC_PAGESIZE),
	    .before = codes->count};
	bool ended;

	if (begun < codes->rests_until_ns)
		return false;
	if (codes->count == CODES_MOST)
		codes->count = 0;
	sweep.bytes = mem_zero(RUN_PAGES, sweep.page);
	ended = sweep_maps(&sweep);
	free(sweep.bytes);
	codes_sort(codes);
	codes->complete |= ended;
	took = clock_steady_ns() - begun;
	codes->rests_until_ns = begun + took + took * REST_TIMES + (ended ? REST_LEAST : 0);
	return codes->count != sweep.before;
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
