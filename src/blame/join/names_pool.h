/*
 * Texts by number, each kept once: of types, functions, modules. Limited: when it is full, texts
 * get number 0, "".
 */
#ifndef BLAME_JOIN_NAMES_POOL_H
#define BLAME_JOIN_NAMES_POOL_H

#include <stddef.h>
#include <stdint.h>

#define NAMES_POOL_MOST 65536
#define NAMES_POOL_BYTES ((size_t)16 << 20)

struct names_pool {
	char **texts;
	uint32_t count, room;
	size_t bytes;
	uint32_t *places; /* a hash of numbers; 0: free */
	size_t place_count;
};

void names_pool_init(struct names_pool *pool);
void names_pool_release(struct names_pool *pool);
uint32_t names_pool_number(struct names_pool *pool, const char *text);
const char *names_pool_text(const struct names_pool *pool, uint32_t number); /* borrowed */

#endif
