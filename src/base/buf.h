/*
 * A growing string. Always terminated once something was added; buf_text()
 * is "" before that. Start from BUF_INIT or zeroed memory, end with buf_free().
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stdarg.h>
#include <stddef.h>

struct buf {
	char *data;
	size_t length; /* bytes before the terminator */
	size_t room;
};

#define BUF_INIT \
	{ \
		NULL, 0, 0 \
	}

void buf_add(struct buf *buf, const char *text);
void buf_add_n(struct buf *buf, const void *bytes, size_t count);
void buf_add_char(struct buf *buf, char c);
void buf_addf(struct buf *buf, const char *format, ...) __attribute__((format(printf, 2, 3)));
void buf_addv(struct buf *buf, const char *format, va_list ap)
    __attribute__((format(printf, 2, 0)));

/* Borrowed until the next change. */
const char *buf_text(const struct buf *buf);

/* The string passes to the caller, who frees it; the buffer is empty again. */
char *buf_take(struct buf *buf);

void buf_clear(struct buf *buf); /* keeps the memory */
void buf_free(struct buf *buf);

#endif
