#include "config.h"
#include "base/buf.h"
#include "base/mem.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void
buf_reserve(struct buf *buf, size_t more)
{
	size_t need = buf->length + more + 1;

	if (need <= buf->room)
		return;
	buf->room = need < 64 ? 64 : need + need / 2;
	buf->data = mem_resize(buf->data, buf->room, 1);
}

void
buf_add_n(struct buf *buf, const void *bytes, size_t count)
{
	buf_reserve(buf, count);
	if (count)
		memcpy(buf->data + buf->length, bytes, count);
	buf->length += count;
	buf->data[buf->length] = '\0';
}

void
buf_add(struct buf *buf, const char *text)
{
	buf_add_n(buf, text, strlen(text));
}

void
buf_add_char(struct buf *buf, char c)
{
	buf_add_n(buf, &c, 1);
}

void
buf_addv(struct buf *buf, const char *format, va_list ap)
{
	va_list again;
	int length;

	va_copy(again, ap);
	length = vsnprintf(NULL, 0, format, ap);
	if (length > 0) {
		buf_reserve(buf, (size_t)length);
		vsnprintf(buf->data + buf->length, (size_t)length + 1, format, again);
		buf->length += (size_t)length;
	}
	va_end(again);
}

void
buf_addf(struct buf *buf, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	buf_addv(buf, format, ap);
	va_end(ap);
}

const char *
buf_text(const struct buf *buf)
{
	return buf->data ? buf->data : "";
}

char *
buf_take(struct buf *buf)
{
	char *text = buf->data ? buf->data : mem_string("");

	buf->data = NULL;
	buf->length = buf->room = 0;
	return text;
}

void
buf_clear(struct buf *buf)
{
	buf->length = 0;
	if (buf->data)
		buf->data[0] = '\0';
}

void
buf_free(struct buf *buf)
{
	free(buf->data);
	buf->data = NULL;
	buf->length = buf->room = 0;
}
