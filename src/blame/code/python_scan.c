#include "config.h"
#include "blame/code/python_scan.h"

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

struct python_sweep {
	struct python_codes *codes;
	const struct python *python;
	struct suspect *suspect;
	uint64_t bias, page;
	uint64_t read, looked; /* bytes; pages */
	size_t before;
	uint8_t *bytes;
};

static void
sweep_found(struct python_sweep *sweep, uint64_t object)
{
	struct memory_reader memory = suspect_memory(sweep->suspect);
	struct python_codes *codes = sweep->codes;
	struct python_code code;

	if (codes->count == CODES_MOST ||
	    !python_code_read(sweep->python, &memory, sweep->bias, object, &code))
		return;
	if (codes->count == codes->room) {
		codes->room = codes->room ? codes->room * 2 : 1024;
		codes->list = mem_resize(codes->list, codes->room, sizeof(*codes->list));
	}
	codes->list[codes->count++] = code;
}

static void
sweep_run(struct python_sweep *sweep, uint64_t address, size_t pages)
{
	uint64_t type = sweep->codes->type, word;
	size_t size = pages * sweep->page;

	if (pread(sweep->suspect->contents, sweep->bytes, size, (off_t)address) != (ssize_t)size)
		return;
	sweep->read += size;
	for (size_t at = 0; at < size; at += sizeof(word)) {
		memcpy(&word, sweep->bytes + at, sizeof(word));
		if (word == type && address + at >= 8)
			sweep_found(sweep, address + at - 8);
	}
}

/* Runs of present pages within the slice. */
static void
sweep_entries(struct python_sweep *sweep, uint64_t address, size_t pages)
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
sweep_vma(struct python_sweep *sweep, const struct vma *vma)
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
sweep_maps(struct python_sweep *sweep)
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
python_code_order(const void *one, const void *other)
{
	const struct python_code *a = one, *b = other;

	if (a->object != b->object)
		return a->object < b->object ? -1 : 1;
	return a->to < b->to ? -1 : a->to > b->to;
}

static void
codes_sort(struct python_codes *codes)
{
	size_t kept = 0;

	if (codes->count)
		qsort(codes->list, codes->count, sizeof(*codes->list), python_code_order);
	for (size_t i = 0; i < codes->count; i++)
		if (!kept || python_code_order(&codes->list[kept - 1], &codes->list[i]) != 0)
			codes->list[kept++] = codes->list[i];
	codes->count = kept;
}

bool
python_scan(
    struct python_codes *codes, const struct python *python, uint64_t bias, struct suspect *suspect)
{
	uint64_t begun = clock_steady_ns(), took;
	struct python_sweep sweep = {.codes = codes,
	    .python = python,
	    .suspect = suspect,
	    .bias = bias,
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

const struct python_code *
python_code_at(const struct python_codes *codes, const struct python *python, uint64_t bias,
    const struct memory_reader *memory, uint64_t address)
{
	size_t low = 0, high = codes->count;
	struct python_code now;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (codes->list[middle].from < address)
			low = middle + 1;
		else
			high = middle;
	}
	for (int i = 0; i < OVERLAP && low; i++, low--) {
		const struct python_code *code = &codes->list[low - 1];

		if (address < code->to && (address - code->from) % 2 == 0 &&
		    python_code_read(python, memory, bias, code->object, &now) &&
		    now.to == code->to)
			return code;
	}
	return NULL;
}

void
python_codes_release(struct python_codes *codes)
{
	free(codes->list);
	memset(codes, 0, sizeof(*codes));
}
