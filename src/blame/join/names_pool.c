#include "config.h"
#include "blame/join/names_pool.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
names_pool_init(struct names_pool *pool)
{
	memset(pool, 0, sizeof(*pool));
	pool->place_count = (size_t)NAMES_POOL_MOST * 2;
	pool->places = mem_zero(pool->place_count, sizeof(*pool->places));
	pool->room = 64;
	pool->texts = mem_zero(pool->room, sizeof(*pool->texts));
	pool->texts[pool->count++] = mem_string("");
}

void
names_pool_release(struct names_pool *pool)
{
	for (uint32_t i = 0; i < pool->count; i++)
		free(pool->texts[i]);
	free(pool->texts);
	free(pool->places);
	memset(pool, 0, sizeof(*pool));
}

static size_t
place_of_name(const struct names_pool *pool, const char *text)
{
	uint64_t hash = 14695981039346656037u;
	size_t place;

	for (const char *c = text; *c; c++)
		hash = (hash ^ (uint8_t)*c) * 1099511628211u;
	place = hash & (pool->place_count - 1);
	while (pool->places[place] && strcmp(pool->texts[pool->places[place]], text) != 0)
		place = (place + 1) & (pool->place_count - 1);
	return place;
}

uint32_t
names_pool_number(struct names_pool *pool, const char *text)
{
	size_t place, length = strlen(text);

	if (!length)
		return 0;
	place = place_of_name(pool, text);
	if (pool->places[place])
		return pool->places[place];
	if (pool->count == NAMES_POOL_MOST || pool->bytes + length > NAMES_POOL_BYTES)
		return 0;
	if (pool->count == pool->room) {
		pool->room *= 2;
		pool->texts = mem_resize(pool->texts, pool->room, sizeof(*pool->texts));
	}
	pool->bytes += length;
	pool->texts[pool->count] = mem_string(text);
	pool->places[place] = pool->count;
	return pool->count++;
}

const char *
names_pool_text(const struct names_pool *pool, uint32_t number)
{
	return number < pool->count ? pool->texts[number] : "";
}
