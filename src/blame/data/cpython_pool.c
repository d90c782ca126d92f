#include "config.h"
#include "blame/data/cpython.h"

#include <stdio.h>

/*
 * pymalloc: pools of 4 KiB, from 3.10 on of 16 KiB, aligned to their size; a header of 48 bytes,
 * then blocks of one size, a multiple of 16 up to 512. Freed blocks are linked through their first
 * word.
 */
#define POOL_HEADER 48
#define BLOCK_UNIT 16
#define BLOCK_CLASSES 32

struct pool_header {
	uint64_t count; /* the lower half */
	uint64_t free_block, next_pool, previous_pool;
	uint32_t arena, size_class, next_offset, last_offset;
};

struct pymalloc_pool {
	uint64_t start, bytes, block_bytes;
	struct pool_header header;
};

static bool
pool_header_is_valid(const struct pymalloc_pool *pool)
{
	const struct pool_header *header = &pool->header;
	uint64_t capacity = (pool->bytes - POOL_HEADER) / pool->block_bytes;
	uint64_t beyond = header->next_offset - POOL_HEADER;

	return (uint32_t)header->count <= capacity && header->next_pool % 8 == 0 &&
	    header->last_offset == pool->bytes - pool->block_bytes &&
	    header->next_offset >= POOL_HEADER && beyond % pool->block_bytes == 0 &&
	    beyond / pool->block_bytes <= capacity &&
	    (!header->free_block || header->free_block - pool->start < pool->bytes);
}

static bool
pool_read(const struct cpython *python, const struct data_place *place, struct pymalloc_pool *pool)
{
	pool->bytes = python->layout->pool_bytes;
	pool->start = place->address & ~(pool->bytes - 1);
	if (pool->start < place->start || place->end - pool->start < pool->bytes ||
	    !memory_read(place->memory, pool->start, &pool->header, sizeof(pool->header)) ||
	    pool->header.size_class >= BLOCK_CLASSES)
		return false;
	pool->block_bytes = (pool->header.size_class + UINT64_C(1)) * BLOCK_UNIT;
	return pool_header_is_valid(pool);
}

/* At most as many steps as the pool has blocks. */
static bool
pool_block_is_free(
    const struct pymalloc_pool *pool, const struct memory_reader *memory, uint64_t block)
{
	uint64_t at = pool->header.free_block;

	for (uint64_t i = 0; i < pool->bytes / pool->block_bytes; i++) {
		if (at == block)
			return true;
		if (at - pool->start >= pool->bytes)
			return false;
		at = memory_word(memory, at);
	}
	return false;
}

static bool
pool_block_claim(const struct cpython *python, const struct data_place *place,
    const struct data_block *block, struct data_found *found)
{
	char name[32];

	if (block->free && place->address < block->start + 8)
		return data_claim(found, CAUSE_ALLOCATOR, RUNTIME_CPYTHON, "freed block");
	if (cpython_block_claim(python, place, block, found))
		return true;
	if (block->free)
		return data_claim(found, CAUSE_UNKNOWN, RUNTIME_CPYTHON, "freed block");
	snprintf(name, sizeof(name), "block of %u bytes", (unsigned)block->bytes);
	return data_claim(found, CAUSE_UNKNOWN, RUNTIME_CPYTHON, name);
}

bool
cpython_pool_find(
    const struct cpython *python, const struct data_place *place, struct data_found *found)
{
	struct pymalloc_pool pool;
	struct data_block block;
	uint64_t within;

	if (!pool_read(python, place, &pool))
		return false;
	within = place->address - pool.start;
	if (within < POOL_HEADER)
		return data_claim(found, CAUSE_ALLOCATOR, RUNTIME_CPYTHON, "pool header");
	within = (within - POOL_HEADER) / pool.block_bytes * pool.block_bytes + POOL_HEADER;
	if (within > pool.header.last_offset)
		return false;
	block.start = pool.start + within;
	block.bytes = pool.block_bytes;
	block.free = within >= pool.header.next_offset ||
	    pool_block_is_free(&pool, place->memory, block.start);
	return pool_block_claim(python, place, &block, found);
}
