/*
 * JSON, one line a value: the schema cowscope/1 (cowscope-json(5)). Units are in the names, null
 * is "not known". Fields are only ever added.
 */
#ifndef OUT_JSON_JSON_H
#define OUT_JSON_JSON_H

#include <stdbool.h>

#include "base/buf.h"
#include "model/lab/events.h"
#include "model/lab/snapshot.h"

/* Each appends one object and a newline. command is repeated; NULL gives null. */
void json_snapshot(struct buf *out, const struct snapshot *snapshot, const struct events *events,
    const char *command);
void json_error(struct buf *out, const char *command, const char *message);
void json_expect(struct buf *out, const char *command, enum tri holds, const char *message);
/* help, capture */
void json_text(struct buf *out, const char *type, const char *command, const char *text);

/* The change of the system's memory, in KiB. */
struct weight {
	int64_t used, buff_cache, shared, available, dirty, anon; /* anon: INT64_MIN is null */
};

void json_weigh(
    struct buf *out, const char *command, const struct weight *weight, const char *text);

/* Words of the schema by their enums, NULL-terminated. */
extern const char *const json_act_words[], *const json_birth_words[], *const json_life_words[];

#endif
