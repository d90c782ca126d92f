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
	/* the state of every page too, without which it can be shown but not drawn */
	bool cells;
	bool summary;    /* no processes and no mappings */
	size_t mappings; /* at most so many, those of which most is copied; 0: all */
};

/* Appends one object and a newline. erosion may be NULL: then nothing is said of rates and events.
 */
void json_family(struct buf *out, const struct family *family, const struct erosion *erosion,
    const struct family_extent *extent);

/* Type "family_diff"; changes are after less before. */
void json_family_diff(struct buf *out, const struct family_diff *diff);

/* The families in a file of such lines, in their order; lines of other types are passed over. At
 * least one. -1: err says which byte is wrong. Free each with family_free(), and the list. */
int family_load(const char *path, struct family ***families, size_t *count, struct err *err);

/* Does the file hold families, and no session of the lab? Only its beginning is looked at. */
bool family_file(const char *path);

/* Words of family.lacks, by its bits; NULL-terminated. */
extern const char *const family_lack_words[];

/* Were its cells saved? */
bool family_has_cells(const struct family *family);

/* The fields of a state's memory, and of its change; by the state, without absent. */
struct state_keys {
	const char *kib, *change;
};

extern const struct state_keys json_state_keys[PAGE_STATE_COUNT];

#endif
