#include "config.h"
#include "base/mem.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

static void *
held(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

void *
mem_zero(size_t count, size_t size)
{
	return held(calloc(count ? count : 1, size ? size : 1));
}

void *
mem_resize(void *old, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / size)
		abort();
	return held(realloc(old, count * size ? count * size : 1));
}

void *
mem_copy(const void *from, size_t bytes)
{
	void *copy = mem_zero(bytes, 1);

	if (from && bytes)
		memcpy(copy, from, bytes);
	return copy;
}

char *
mem_string_n(const char *text, size_t bytes)
{
	char *copy = mem_zero(bytes + 1, 1);

	memcpy(copy, text, bytes);
	return copy;
}

char *
mem_string(const char *text)
{
	return mem_string_n(text, strlen(text));
}
