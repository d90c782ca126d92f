/*
 * Who wrote: bit 34 of /proc/kpageflags marks a frame whose only owner has written to it since it
 * was forked or last forked itself.
 *
 * Frames of neighbouring pages lie close together, but in no order. So requests are first collected
 * in chunks of 64 frames, with a bit for every frame wanted, and then read chunk by chunk, by all
 * threads that read ahead.
 */
#include "config.h"
#include "attach/attach_private.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/pagemap_bits.h"

#define CHUNK 64
#define GAP 3 /* reading this many unwanted frames costs less than another call */

struct chunk {
	uint64_t number; /* of its first frame, in chunks */
	uint64_t wanted; /* bit i: frame i */
	uint64_t known;  /* those of wanted that could be read */
	uint64_t flags[CHUNK];
};

struct writers {
	struct chunk *chunks;
	size_t count;
	uint16_t *slots; /* index of a chunk plus 1, by its number */
	size_t mask;     /* slots, a power of 2 that never fills up, less 1 */
};

struct writers *
writers_new(size_t pages)
{
	struct writers *writers = mem_zero(1, sizeof(*writers));

	for (writers->mask = 1; writers->mask < 2 * pages; writers->mask *= 2)
		;
	writers->slots = mem_zero(writers->mask--, sizeof(*writers->slots));
	writers->chunks = mem_zero(pages, sizeof(*writers->chunks));
	return writers;
}

void
writers_free(struct writers *writers)
{
	if (!writers)
		return;
	free(writers->chunks);
	free(writers->slots);
	free(writers);
}

/* The frame that carries the bit: for part of a huge page, the huge page's first. */
static uint64_t
writers_frame_of(const struct attach *attach, const struct cell_line *line, size_t page)
{
	uint64_t pfn = pm_pfn(line->entries[page]), huge = attach->reader.huge_pages;

	return line->facts && line->facts[page] & FACT_HUGE && huge ? pfn - pfn % huge : pfn;
}

static struct chunk *
chunk_of(struct writers *writers, uint64_t pfn)
{
	uint64_t number = pfn / CHUNK;
	size_t at = (size_t)(number ^ number >> 12) & writers->mask;
	struct chunk *chunk;

	for (; writers->slots[at]; at = (at + 1) & writers->mask)
		if (writers->chunks[writers->slots[at] - 1].number == number)
			return &writers->chunks[writers->slots[at] - 1];
	chunk = &writers->chunks[writers->count++];
	writers->slots[at] = (uint16_t)writers->count;
	chunk->number = number;
	chunk->wanted = chunk->known = 0;
	return chunk;
}

/* Frames between wanted ones are read along where that is cheaper. Each chunk belongs to one
 * thread. */
static void
read_chunk(void *data, size_t index)
{
	const struct attach *attach = data;
	struct chunk *chunk = &attach->writers->chunks[index];

	for (unsigned first = 0, end; first < CHUNK; first = end) {
		uint64_t rest = chunk->wanted >> first;

		if (!rest)
			return;
		first += (unsigned)__builtin_ctzll(rest);
		for (end = first + 1;
		     end < CHUNK && chunk->wanted >> end & ((UINT64_C(2) << GAP) - 1);)
			end += (unsigned)__builtin_ctzll(chunk->wanted >> end) + 1;
		if (reader_flags_run(&attach->reader, chunk->number * CHUNK + first,
			chunk->flags + first, end - first))
			for (unsigned i = first; i < end; i++)
				chunk->known |= UINT64_C(1) << i;
	}
}

/* A huge page's frames carry the bit unwritten if MADV_COLLAPSE made it; those that KSM merged lack
 * it whoever wrote. */
static enum wrote
wrote_by(const struct reader *reader, uint64_t flags)
{
	if (!(flags & KPF_ANON) || reader_is_merged(reader, flags))
		return WROTE_MAYBE;
	return !(flags & KPF_ANON_EXCLUSIVE) ? WROTE_NO : flags & KPF_THP ? WROTE_MAYBE : WROTE_YES;
}

void
writers_ask(void *with, size_t index, const uint16_t *pages, size_t count, uint8_t *wrote)
{
	struct attach *attach = with;
	const struct cell_line *line = &attach->cell_lines[index];
	struct writers *writers = attach->writers;

	writers->count = 0;
	memset(writers->slots, 0, (writers->mask + 1) * sizeof(*writers->slots));
	for (size_t i = 0; i < count; i++) {
		uint64_t pfn = writers_frame_of(attach, line, pages[i]);

		chunk_of(writers, pfn)->wanted |= UINT64_C(1) << pfn % CHUNK;
	}
	ahead_share(attach->ahead, read_chunk, attach, writers->count);
	for (size_t i = 0; i < count; i++) {
		uint64_t pfn = writers_frame_of(attach, line, pages[i]);
		const struct chunk *chunk = chunk_of(writers, pfn);

		wrote[pages[i]] = chunk->known >> pfn % CHUNK & 1
		    ? wrote_by(&attach->reader, chunk->flags[pfn % CHUNK])
		    : WROTE_MAYBE;
	}
}
