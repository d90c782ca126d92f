#include "config.h"
#include "blame/data/glibc.h"

#include <string.h>

#include "base/mem.h"

#define HEAP_BYTES (UINT64_C(64) << 20)
#define HEAP_HEAD_MAX 64
#define CHUNK_MIN 32
#define CHUNK_PREV_INUSE 1u

#define ALLOWANCE_MAX (4u << 20)
#define ALLOWANCE_A_FIND 512
#define START_EVERY 4096 /* bytes between kept starts, at least */
#define STARTS_MAX (1u << 20)

static uint64_t
up_to(uint64_t value, uint64_t unit)
{
	return (value + unit - 1) / unit * unit;
}

/* The head of a thread's heap: its arena, the previous heap, sizes. */
static bool
heap_head_is_valid(const struct data_place *place, uint64_t heap, const uint64_t head[4])
{
	uint64_t arena = head[0], arena_head = arena % HEAP_BYTES;

	return head[2] % GLIBC_PAGE == 0 && head[2] <= head[3] && head[3] <= HEAP_BYTES &&
	    place->address - heap < head[2] && arena_head % 16 == 0 && arena_head &&
	    arena_head <= HEAP_HEAD_MAX && (arena - heap < HEAP_BYTES) == (head[1] == 0);
}

static bool
heap_of_thread(const struct data_place *place, uint64_t *first, uint64_t *end, bool *own)
{
	uint64_t heap = place->address / HEAP_BYTES * HEAP_BYTES, head[4];

	if (heap < place->start || !memory_read(place->memory, heap, head, sizeof(head)) ||
	    !heap_head_is_valid(place, heap, head))
		return false;
	*first = head[1] ? heap + head[0] % HEAP_BYTES : up_to(head[0] + GLIBC_ARENA_BYTES, 16);
	*end = heap + head[2];
	*own = place->address < *first;
	return true;
}

bool
glibc_heap_bounds(const struct data_place *place, uint64_t *first, uint64_t *end, bool *own)
{
	if (place->memory->word != 8)
		return false;
	if (!place->is_brk)
		return heap_of_thread(place, first, end, own);
	*first = up_to(place->start, 16);
	*end = place->end;
	*own = false;
	return true;
}

static struct glibc_heap *
heap_kept(struct glibc *glibc, uint64_t first, uint64_t end)
{
	struct glibc_heap *heap = &glibc->heaps[first / GLIBC_PAGE * 31 / 7 % GLIBC_HEAPS];

	if (heap->first != first || !heap->count) {
		if (!heap->room)
			heap->starts = mem_zero(heap->room = 64, sizeof(*heap->starts));
		heap->first = heap->starts[0] = first;
		heap->count = 1;
	}
	heap->end = end;
	return heap;
}

static void
heap_keep_start(struct glibc_heap *heap, uint64_t start)
{
	if (start - heap->starts[heap->count - 1] < START_EVERY || heap->count == STARTS_MAX)
		return;
	if (heap->count == heap->room)
		heap->starts = mem_resize(heap->starts, heap->room *= 2, sizeof(*heap->starts));
	heap->starts[heap->count++] = start;
}

/* The last kept start whose chunk may contain the address. */
static size_t
heap_start_before(const struct glibc_heap *heap, uint64_t address)
{
	size_t low = 0, high = heap->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (heap->starts[middle] + 8 <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? low - 1 : 0;
}

/* The chunk at its start; the following one says whether it is free, and then repeats its size. */
static bool
chunk_at(const struct memory_reader *memory, uint64_t end, struct glibc_chunk *chunk)
{
	uint64_t size = memory_word(memory, chunk->start + 8), next[2];

	chunk->bytes = size & ~(uint64_t)GLIBC_FLAGS;
	if (chunk->bytes < CHUNK_MIN || chunk->bytes % 16 || chunk->bytes > end - chunk->start ||
	    size & GLIBC_IS_MMAPPED)
		return false;
	if (chunk->start + chunk->bytes == end) {
		chunk->free = true; /* the top */
		return true;
	}
	if (!memory_read(memory, chunk->start + chunk->bytes, next, sizeof(next)))
		return false;
	chunk->free = !(next[1] & CHUNK_PREV_INUSE);
	return !chunk->free || next[0] == chunk->bytes;
}

static bool
chunk_holds(const struct glibc_chunk *chunk, uint64_t address)
{
	return address - (chunk->start + 8) < chunk->bytes;
}

/* From a kept start on; keeps more starts when it passes the last one. */
static bool
heap_walk(struct glibc *glibc, struct glibc_heap *heap, size_t from, const struct data_place *place,
    struct glibc_chunk *chunk)
{
	bool beyond = from + 1 == heap->count;

	chunk->start = heap->starts[from];
	while (chunk->start + 8 <= place->address && glibc->allowance) {
		glibc->allowance--;
		if (!chunk_at(place->memory, heap->end, chunk))
			return false;
		if (chunk_holds(chunk, place->address))
			return true;
		chunk->start += chunk->bytes;
		if (chunk->start >= heap->end)
			return false;
		if (beyond)
			heap_keep_start(heap, chunk->start);
	}
	return false;
}

static bool
chunk_in_heap(struct glibc *glibc, const struct data_place *place, struct glibc_chunk *chunk)
{
	uint64_t first, end;
	bool own;
	struct glibc_heap *heap;
	size_t from;

	if (!glibc_heap_bounds(place, &first, &end, &own) || own || first >= end)
		return false;
	heap = heap_kept(glibc, first, end);
	from = heap_start_before(heap, place->address);
	if (heap_walk(glibc, heap, from, place, chunk))
		return true;
	/* chunks have changed since, most of them nearby, or belong to another process */
	for (size_t back = 1; from; back *= 8) {
		from = from > back ? from - back : 0;
		if (heap_walk(glibc, heap, from, place, chunk))
			return true;
	}
	heap->count = 1;
	return false;
}

bool
glibc_chunk_of(struct glibc *glibc, const struct data_place *place, struct glibc_chunk *chunk)
{
	memset(chunk, 0, sizeof(*chunk));
	glibc->allowance += ALLOWANCE_A_FIND;
	if (glibc->allowance > ALLOWANCE_MAX)
		glibc->allowance = ALLOWANCE_MAX;
	if (place->memory->word != 8)
		return false;
	if (chunk_in_heap(glibc, place, chunk))
		return true;
	memset(chunk, 0, sizeof(*chunk));
	return !place->is_brk && glibc_chunk_mapped(glibc, place, chunk);
}
