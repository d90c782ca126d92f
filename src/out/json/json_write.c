#include "config.h"
#include "out/json/json_write.h"

#include <string.h>

#include "base/utf8.h"
#include "model/lab/snapshot.h"

static void
add_escaped(struct buf *out, const char *text, size_t bytes, uint32_t code)
{
	if (code == '"' || code == '\\')
		buf_addf(out, "\\%c", (char)code);
	else if (bytes == 1 && code > 0x7F)
		buf_add(out, "\xEF\xBF\xBD");
	else if (utf8_cells(code) < 0 && code > 0xFFFF)
		buf_addf(out, "\\u%04x\\u%04x", 0xD7C0 + (unsigned)(code >> 10),
		    0xDC00 + (unsigned)(code & 0x3FF));
	else if (utf8_cells(code) < 0) /* what a terminal would obey */
		buf_addf(out, "\\u%04x", (unsigned)code);
	else
		buf_add_n(out, text, bytes);
}

void
json_quote(struct buf *out, const char *text, size_t length)
{
	size_t at = 0;

	buf_add_char(out, '"');
	while (at < length) {
		uint32_t code;
		size_t bytes = utf8_decode(text + at, length - at, &code);

		add_escaped(out, text + at, bytes, code);
		at += bytes;
	}
	buf_add_char(out, '"');
}

/* What stands before a value. */
static void
json_key(struct json *json, const char *key)
{
	if (json->any)
		buf_add_char(json->out, ',');
	json->any = true;
	if (key) {
		buf_add_char(json->out, '"');
		buf_add(json->out, key);
		buf_add(json->out, "\":");
	}
}

static void
json_open(struct json *json, const char *key, bool array)
{
	json_key(json, key);
	buf_add_char(json->out, array ? '[' : '{');
	json->arrays = json->arrays << 1 | array;
	json->depth++;
	json->any = false;
}

void
json_object(struct json *json, const char *key)
{
	json_open(json, key, false);
}

void
json_array(struct json *json, const char *key)
{
	json_open(json, key, true);
}

void
json_end(struct json *json)
{
	buf_add_char(json->out, json->arrays & 1 ? ']' : '}');
	json->arrays >>= 1;
	json->depth--;
	json->any = true;
}

void
json_begin(struct json *json, struct buf *out, const char *type)
{
	*json = (struct json){.out = out};
	json_object(json, NULL);
	json_string(json, "schema", "cowscope/1");
	json_string(json, "type", type);
}

void
json_finish(struct json *json)
{
	while (json->depth)
		json_end(json);
	buf_add_char(json->out, '\n');
}

void
json_null(struct json *json, const char *key)
{
	json_key(json, key);
	buf_add(json->out, "null");
}

void
json_bool(struct json *json, const char *key, bool value)
{
	json_key(json, key);
	buf_add(json->out, value ? "true" : "false");
}

void
json_tri(struct json *json, const char *key, int tri)
{
	if (tri == TRI_UNKNOWN)
		json_null(json, key);
	else
		json_bool(json, key, tri == TRI_YES);
}

void
json_u64(struct json *json, const char *key, uint64_t value)
{
	json_key(json, key);
	buf_addf(json->out, "%llu", (unsigned long long)value);
}

void
json_i64(struct json *json, const char *key, int64_t value)
{
	json_key(json, key);
	buf_addf(json->out, "%lld", (long long)value);
}

void
json_count(struct json *json, const char *key, uint64_t value)
{
	if (value == COUNT_UNKNOWN)
		json_null(json, key);
	else
		json_u64(json, key, value);
}

void
json_decimal(struct json *json, const char *key, double value, int places)
{
	json_key(json, key);
	buf_addf(json->out, "%.*f", places, value);
}

void
json_hex(struct json *json, const char *key, uint64_t value)
{
	json_word(json, key, "0x%llx", (unsigned long long)value);
}

void
json_hex_some(struct json *json, const char *key, uint64_t value)
{
	if (value)
		json_hex(json, key, value);
	else
		json_null(json, key);
}

void
json_bytes(struct json *json, const char *key, const char *bytes, size_t length)
{
	json_key(json, key);
	json_quote(json->out, bytes, length);
}

void
json_string(struct json *json, const char *key, const char *text)
{
	if (text)
		json_bytes(json, key, text, strlen(text));
	else
		json_null(json, key);
}

void
json_letter(struct json *json, const char *key, char letter)
{
	if (letter)
		json_bytes(json, key, &letter, 1);
	else
		json_null(json, key);
}

void
json_word(struct json *json, const char *key, const char *format, ...)
{
	va_list ap;

	json_key(json, key);
	buf_add_char(json->out, '"');
	va_start(ap, format);
	buf_addv(json->out, format, ap);
	va_end(ap);
	buf_add_char(json->out, '"');
}
