#include "config.h"
#include "blame/memory_sweep.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/mem.h"
#include "model/pagemap_bits.h"

#define SLICE_BYTES (256ULL << 20)
#define SLICE_PAGES (4ULL << 20) /* examined, present or not */
#define RUN_PAGES 64
#define REST_LEAST 200000000ULL /* ns, after a complete pass */

struct sweep_slice {
	struct memory_sweep *sweep;
	struct suspect *suspect;
	void (*run)(void *of, uint64_t address, const uint8_t *bytes, size_t size);
	void *of;
	uint64_t page;
	uint64_t read, looked; /* bytes; pages */
	uint8_t *bytes;
};

static void
slice_run(struct sweep_slice *slice, uint64_t address, size_t pages)
{
	size_t size = pages * slice->page;

	if (pread(slice->suspect->contents, slice->bytes, size, (off_t)address) != (ssize_t)size)
		return;
	slice->read += size;
	slice->run(slice->of, address, slice->bytes, size);
}

/* Runs of present pages within the slice. */
static void
sweep_entries(struct sweep_slice *slice, uint64_t address, size_t pages)
{
	uint64_t entries[RUN_PAGES];
	size_t run = 0;
	ssize_t got = pread(slice->suspect->pagemap, entries, pages * sizeof(*entries),
	    (off_t)(address / slice->page * sizeof(*entries)));

	if (got != (ssize_t)(pages * sizeof(*entries)))
		return;
	for (size_t i = 0; i <= pages; i++) {
		if (i < pages && entries[i] & PM_PRESENT) {
			run++;
			continue;
		}
		if (run)
			slice_run(slice, address + (i - run) * slice->page, run);
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
sweep_vma(struct sweep_slice *slice, const struct vma *vma)
{
	uint64_t from = slice->sweep->cursor > vma->start ? slice->sweep->cursor : vma->start;
	uint64_t run = RUN_PAGES * slice->page;

	for (; from < vma->end; from += run) {
		size_t pages = vma->end - from < run ? (vma->end - from) / slice->page : RUN_PAGES;

		if (slice->read >= SLICE_BYTES || slice->looked >= SLICE_PAGES) {
			slice->sweep->cursor = from;
			return false;
		}
		slice->looked += pages;
		sweep_entries(slice, from, pages);
	}
	return true;
}

static bool
sweep_maps(struct sweep_slice *slice)
{
	const struct maps *maps = &slice->suspect->maps;

	for (size_t i = 0; i < maps->count; i++)
		if (maps->list[i].end > slice->sweep->cursor && holds_objects(&maps->list[i]) &&
		    !sweep_vma(slice, &maps->list[i]))
			return false;
	slice->sweep->cursor = 0;
	return true;
}

bool
memory_sweep_due(const struct memory_sweep *sweep)
{
	return clock_steady_ns() >= sweep->rests_until_ns;
}

bool
memory_sweep(struct memory_sweep *sweep, struct suspect *suspect, unsigned rest_times,
    void (*run)(void *of, uint64_t address, const uint8_t *bytes, size_t size), void *of)
{
	uint64_t begun = clock_steady_ns(), took;
	struct sweep_slice slice = {.sweep = sweep,
	    .suspect = suspect,
	    .run = run,
	    .of = of,
	    .page = (uint64_t)sysconf(_SC_PAGESIZE)};
	bool ended;

	slice.bytes = mem_zero(RUN_PAGES, slice.page);
	ended = sweep_maps(&slice);
	free(slice.bytes);
	took = clock_steady_ns() - begun;
	sweep->rests_until_ns = begun + took + took * rest_times + (ended ? REST_LEAST : 0);
	return ended;
}
