/*
 * Allocation that doesn't fail: each call returns memory or calls abort(), and the SIGABRT handler
 * restores the terminal. Free with free().
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

void *mem_zero(size_t count, size_t size) __attribute__((malloc, returns_nonnull));
void *mem_resize(void *old, size_t count, size_t size) __attribute__((returns_nonnull));
/* NULL from: zeros */
void *mem_copy(const void *from, size_t bytes) __attribute__((returns_nonnull));
char *mem_string(const char *text) __attribute__((malloc, returns_nonnull));
char *mem_string_n(const char *text, size_t bytes) __attribute__((malloc, returns_nonnull));

#endif
