/*
 * A family as JSON, one line, and back: type "family" of the schema cowscope/1. Units are in the
 * names, null is "not known".
 */
#ifndef OUT_FAMILY_FAMILY_JSON_H
#define OUT_FAMILY_FAMILY_JSON_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "model/family/erosion.h"
#include "model/family/family.h"
#include "model/family/family_diff.h"

#define FAMILY_MAPPINGS_TOP 32

/* How much of a family is written. */
struct family_extent {
	/* with the state of every page, without which it can be shown but not drawn */
	bool cells;
	bool summary;    /* without processes and mappings */
	size_t mappings; /* at most this many, those with most copies; 0: all */
};

/* Appends one object and a newline. erosion may be NULL: rates and events are then left out. */
void json_family(struct buf *out, const struct family *family, const struct erosion *erosion,
    const struct family_extent *extent);

/* Type "family_diff"; a change is after minus before. */
void json_family_diff(struct buf *out, const struct family_diff *diff);

/* The families in a file of such lines, in order, at least one; lines of other types are skipped.
 * -1: err says which byte is wrong. Free each with family_free(), and the list. */
int family_load(const char *path, struct family ***families, size_t *count, struct err *err);

/* Does the file contain families rather than a session of the lab? Only its beginning is read. */
bool family_file(const char *path);

/* Words of family.lacks, by its bits; NULL-terminated. */
extern const char *const family_lack_words[];

/* Were its cells saved? */
bool family_has_cells(const struct family *family);

/* The fields of a state's memory, and of its change; indexed by state, without absent. */
struct state_keys {
	const char *kib, *change;
};

extern const struct state_keys json_state_keys[PAGE_STATE_COUNT];

#endif
