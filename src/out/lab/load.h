/*
 * Saved sessions: a file of lines as json_snapshot() writes them, in the order in which they were
 * read.
 *
 * Lines of other types are skipped, and so are repeated snapshots: the output of --batch
 * --format=json is a session too. Anything else that json_snapshot() would not write is refused,
 * with its byte (from 1) and line. Memory and time are bounded by the size of the file.
 */
#ifndef OUT_LAB_LOAD_H
#define OUT_LAB_LOAD_H

#include <stddef.h>

#include "base/err.h"
#include "model/lab/events.h"
#include "model/lab/snapshot.h"

struct moment {
	struct snapshot *snapshot; /* classified */
	struct events events;      /* as saved; without gaps also what events_between() finds */
};

struct loaded {
	struct moment *moments; /* at least one; steps never decrease */
	size_t count;
};

int session_load(const char *path, struct loaded *loaded, struct err *err);

/* The same from memory; name is the file's, for errors. */
int session_parse(
    const char *name, const char *text, size_t length, struct loaded *loaded, struct err *err);

void loaded_free(struct loaded *loaded);

#endif
