#include "config.h"
#include "blame/data/glibc.h"

#include <stdlib.h>

#include "base/mem.h"
#include "blame/data/decoders.h"

static void *
glibc_recognize(const struct module *module, const struct memory_reader *memory)
{
	struct glibc *glibc;

	if (memory->word != 8 || !module_symbol(module, "malloc") ||
	    !module_symbol(module, "gnu_get_libc_version"))
		return NULL;
	glibc = mem_zero(1, sizeof(*glibc));
	glibc->allowance = 1u << 22;
	glibc->main_arena = glibc_find_arena(module, memory);
	return glibc;
}

static void
glibc_forget(void *layout)
{
	struct glibc *glibc = layout;

	for (size_t i = 0; i < GLIBC_HEAPS; i++)
		free(glibc->heaps[i].starts);
	free(glibc);
}

/* Chunks of a thread's cache, by size, with sixteen-bit counts or with bytes. */
#define TCACHE_BINS 64
#define TCACHE_CHUNK 0x290
#define TCACHE_COUNT_MAX 127

static bool
chunk_is_tcache(const struct memory_reader *memory, const struct glibc_chunk *chunk)
{
	struct {
		uint16_t counts[TCACHE_BINS];
		uint64_t entries[TCACHE_BINS];
	} cache;

	if (chunk->bytes != TCACHE_CHUNK ||
	    !memory_read(memory, chunk->start + 16, &cache, sizeof(cache)))
		return false;
	for (size_t i = 0; i < TCACHE_BINS; i++)
		if (cache.counts[i] > TCACHE_COUNT_MAX || !cache.counts[i] != !cache.entries[i])
			return false;
	return true;
}

/* The second word of a cached chunk: a thread's cache, or from 2.34 on the process's secret. */
static void
glibc_learn_key(struct glibc *glibc, const struct data_place *place)
{
	struct glibc_chunk first = {0};
	uint64_t end, entry = 0;
	bool own;

	if (glibc->tcache_key || !glibc_heap_bounds(place, &first.start, &end, &own))
		return;
	first.bytes = memory_word(place->memory, first.start + 8) & ~UINT64_C(7);
	if (!chunk_is_tcache(place->memory, &first))
		return;
	for (unsigned i = 0; i < TCACHE_BINS && !entry; i++)
		entry = memory_word(
		    place->memory, first.start + 16 + TCACHE_BINS * UINT64_C(2) + (uint64_t)i * 8);
	glibc->tcache_key = entry ? memory_word(place->memory, entry + 8) : 0;
}

/* A link between free chunks of one size; to: where in a chunk links point. */
static bool
chunk_is_linked(const struct memory_reader *memory, const struct glibc_chunk *chunk, uint64_t to)
{
	uint64_t at = chunk->start + 16, word = memory_word(memory, at);
	const uint64_t nexts[] = {word ^ at >> 12, word};

	if (word && word == at >> 12)
		return true;
	for (size_t i = 0; i < sizeof(nexts) / sizeof(*nexts); i++)
		if (nexts[i] && nexts[i] % 16 == 0 &&
		    (memory_word(memory, nexts[i] - to + 8) & ~UINT64_C(7)) == chunk->bytes)
			return true;
	return false;
}

#define FASTBIN_MAX 128
#define LARGE_MIN 1024

static bool
cached_claim(struct glibc *glibc, const struct data_place *place, struct glibc_chunk *chunk,
    struct data_found *found)
{
	uint64_t within = place->address - chunk->start;
	const struct memory_reader *memory = place->memory;

	glibc_learn_key(glibc, place);
	if (glibc->tcache_key && memory_word(memory, chunk->start + 24) == glibc->tcache_key) {
		chunk->free = true;
		return within < 32 &&
		    data_claim(found, CAUSE_ALLOCATOR, RUNTIME_GLIBC, "tcache link");
	}
	if (within >= 24 || chunk->bytes > FASTBIN_MAX || !chunk_is_linked(memory, chunk, 0))
		return false;
	return data_claim(found, CAUSE_ALLOCATOR, RUNTIME_GLIBC, "fastbin link");
}

/* A bin's links follow the header, and the size is repeated at the end. */
static bool
binned_claim(
    const struct data_place *place, const struct glibc_chunk *chunk, struct data_found *found)
{
	uint64_t within = place->address - chunk->start;

	return (within < (chunk->bytes >= LARGE_MIN ? 48u : 32u) || within >= chunk->bytes) &&
	    data_claim(found, CAUSE_ALLOCATOR, RUNTIME_GLIBC, "free chunk");
}

/* In a free chunk formed by merging: a word that was the header of a merged one. */
static bool
merged_claim(
    const struct data_place *place, const struct glibc_chunk *chunk, struct data_found *found)
{
	uint64_t header = place->address / 16 * 16 + 8, end = chunk->start + chunk->bytes;
	uint64_t bytes = memory_word(place->memory, header) & ~UINT64_C(7);

	return place->address >= header && bytes >= 32 && bytes % 16 == 0 &&
	    bytes <= end - (header - 8) &&
	    data_claim(found, CAUSE_ALLOCATOR, RUNTIME_GLIBC, "chunk header");
}

static bool
chunk_claim(struct glibc *glibc, const struct data_place *place, struct glibc_chunk *chunk,
    struct data_found *found)
{
	if (place->address < chunk->start + 16)
		return data_claim(found, CAUSE_ALLOCATOR, RUNTIME_GLIBC, "chunk header");
	if (chunk->mapped)
		return false;
	if (chunk->free)
		return binned_claim(place, chunk, found) || merged_claim(place, chunk, found);
	if (chunk_is_tcache(place->memory, chunk))
		return data_claim(found, CAUSE_ALLOCATOR, RUNTIME_GLIBC, "tcache");
	return cached_claim(glibc, place, chunk, found);
}

static bool
glibc_find(void *layout, const struct data_place *place, struct data_found *found)
{
	struct glibc *glibc = layout;
	struct glibc_chunk chunk;
	uint64_t first, end;
	bool own = false;

	if (place->module)
		return glibc->main_arena &&
		    place->address - glibc->main_arena < GLIBC_ARENA_BYTES &&
		    data_claim(found, CAUSE_ALLOCATOR, RUNTIME_GLIBC, "main arena");
	if (glibc_heap_bounds(place, &first, &end, &own) && own)
		return data_claim(found, CAUSE_ALLOCATOR, RUNTIME_GLIBC, "arena");
	return glibc_chunk_of(glibc, place, &chunk) && chunk_claim(glibc, place, &chunk, found);
}

static bool
glibc_block(void *layout, const struct data_place *place, struct data_block *block)
{
	struct glibc *glibc = layout;
	struct glibc_chunk chunk;
	struct data_found own;

	if (!glibc_chunk_of(glibc, place, &chunk))
		return false;
	if (!chunk.free && !chunk.mapped)
		cached_claim(glibc, place, &chunk, &own);
	block->start = chunk.start + 16;
	block->bytes = chunk.bytes - (chunk.mapped ? 16 : 8);
	block->free = chunk.free;
	return true;
}

const struct decoder decoder_glibc = {
    RUNTIME_GLIBC, glibc_recognize, glibc_forget, glibc_find, NULL, glibc_block, NULL, NULL};
