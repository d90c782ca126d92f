/*
 * One JSON value read field by field. The first error ends the reading: it is kept with its byte,
 * and everything read after it is 0 or NULL. Internal to src/out.
 */
#ifndef OUT_JSON_JSON_READER_H
#define OUT_JSON_JSON_READER_H

#include <jansson.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "model/lab/snapshot.h"

#define READER_DEPTH 8

struct reader_step {
	const char *key; /* NULL: an element */
	size_t index;
};

struct json_reader {
	const char *name; /* of the file */
	const char *text; /* of the value: valid JSON */
	size_t length;
	size_t start;                           /* of the text in the file, in bytes */
	unsigned long line;                     /* counted from 1 */
	struct reader_step steps[READER_DEPTH]; /* to the object being read */
	size_t depth;
	bool failed;
	struct err *err;
};

/* Enters a member or an element, or leaves it. NULL: it failed; there is nothing to leave. */
json_t *reader_enter(
    struct json_reader *reader, const json_t *object, const char *key, json_type type);
json_t *reader_element(
    struct json_reader *reader, const json_t *array, size_t index, json_type type);
void reader_leave(struct json_reader *reader);

/* The fault is at this member of the object being read; NULL: at the object. */
void reader_fail(struct json_reader *reader, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

bool reader_is_null(struct json_reader *reader, const json_t *object, const char *key);
uint64_t read_number(
    struct json_reader *reader, const json_t *object, const char *key, uint64_t limit);
uint64_t read_count(
    struct json_reader *reader, const json_t *object, const char *key); /* null: COUNT_UNKNOWN */
bool read_bool(struct json_reader *reader, const json_t *object, const char *key);
enum tri read_tri(struct json_reader *reader, const json_t *object, const char *key);
uint64_t read_bits(
    struct json_reader *reader, const json_t *object, const char *key); /* "0x12"; null: 0 */
const char *read_text(
    struct json_reader *reader, const json_t *object, const char *key); /* never NULL */
const char *read_text_or_null(
    struct json_reader *reader, const json_t *object, const char *key);              /* borrowed */
char read_letter(struct json_reader *reader, const json_t *object, const char *key); /* null: 0 */

/* Copied with its terminator; a longer one is a fault. null: "". */
void read_short(
    struct json_reader *reader, const json_t *object, const char *key, char *out, size_t room);

/* The index of a word; words end with NULL. */
unsigned read_word(
    struct json_reader *reader, const json_t *object, const char *key, const char *const *words);

/* The number whose name_of() it is; null: 0. */
int read_name(
    struct json_reader *reader, const json_t *object, const char *key, const char *(*name_of)(int));
struct content read_content(struct json_reader *reader, const json_t *object, const char *key);

/* Byte of the value that the steps lead to, or of the last one that exists, within valid JSON. */
size_t json_where(const char *text, size_t length, const struct reader_step *steps, size_t count);

#endif
