/*
 * A file of JSON values, one a line. Internal to src/out.
 */
#ifndef OUT_JSON_LINES_H
#define OUT_JSON_LINES_H

#include <stddef.h>

#include "base/err.h"
#include "out/json/json_reader.h"

/* Takes one value: an object of the schema. Reports what is wrong with it through reader_fail(). */
typedef void lines_take(struct json_reader *reader, const json_t *root, void *with);

/* -1: a line is not such an object, or take found a fault; err names the byte and the line. */
int lines_parse(const char *name, const char *text, size_t length, lines_take *take, void *with,
    struct err *err);

/* The same from a file. */
int lines_load(const char *path, lines_take *take, void *with, struct err *err);

#endif
