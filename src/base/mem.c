#include "config.h"
#include "base/mem.h"

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
	size_t bytes;

	if (__builtin_mul_overflow(count, size, &bytes))
		abort();
	return held(realloc(old, bytes > 0 ? bytes : 1));
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
