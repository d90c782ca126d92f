/*
 * Writes JSON: keys and values, with the commas and brackets in between. One value per line,
 * without blanks.
 *
 * key NULL: the value is an element of an array. json_end() closes what was opened, the innermost
 * first.
 */
#ifndef OUT_JSON_JSON_WRITE_H
#define OUT_JSON_JSON_WRITE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"

#define JSON_DEPTH_MAX 32

struct json {
	struct buf *out; /* borrowed */
	uint32_t arrays; /* a bit for each level, bit 0 the innermost: is it an array? */
	unsigned depth;
	bool any; /* this level is not empty */
};

/* A line: an object of the schema with its type; and its end, which closes everything and adds a
 * newline. */
void json_begin(struct json *json, struct buf *out, const char *type);
void json_finish(struct json *json);

void json_object(struct json *json, const char *key);
void json_array(struct json *json, const char *key);
void json_end(struct json *json);

void json_null(struct json *json, const char *key);
void json_bool(struct json *json, const char *key, bool value);
void json_tri(struct json *json, const char *key, int tri); /* enum tri: unknown is null */
void json_u64(struct json *json, const char *key, uint64_t value);
void json_i64(struct json *json, const char *key, int64_t value);
void json_count(struct json *json, const char *key, uint64_t value); /* COUNT_UNKNOWN is null */
void json_decimal(struct json *json, const char *key, double value, int places);
void json_hex(struct json *json, const char *key, uint64_t value);      /* "0x1f" */
void json_hex_some(struct json *json, const char *key, uint64_t value); /* 0 is null */
void json_string(struct json *json, const char *key, const char *text); /* NULL is null */
void json_letter(struct json *json, const char *key, char letter);      /* '\0' is null */

/* Any bytes: what a terminal would obey is written as \u001b, what is not UTF-8 becomes U+FFFD. */
void json_bytes(struct json *json, const char *key, const char *bytes, size_t length);

/* A string that the format defines; all of it must be ASCII that needs no escape. */
void json_word(struct json *json, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Only a string with its quotes. */
void json_quote(struct buf *out, const char *text, size_t length);

#endif
