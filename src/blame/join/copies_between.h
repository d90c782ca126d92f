/*
 * The pages that were copied between two samples of a family, one by one: what is copied or parted
 * now and was neither before. Of a page that is parted, once for each copy that must have been
 * made, with all that may have made it.
 */
#ifndef BLAME_JOIN_COPIES_BETWEEN_H
#define BLAME_JOIN_COPIES_BETWEEN_H

#include "model/family/family.h"

/* One process at a page that was copied. */
struct copy_party {
	size_t member; /* of the family after */
	uint64_t address;
	uint64_t read_ns; /* when its cell was read, CLOCK_REALTIME */
};

/* A page where `copies` of these parties made a copy; if there are as many, each did. */
typedef void copies_take(void *with, const struct region *region, const struct copy_party *parties,
    size_t count, size_t copies);

/* How a member of the family after stands to the family before. */
enum copies_past {
	COPIES_KNOWN, /* it was there, and is the same program */
	COPIES_BORN,  /* all that it copied is new */
	COPIES_SKIP,  /* nobody knows since when it has what it has */
};

struct copies_between {
	const struct family *before, *after;
	enum copies_past (*past)(const void *with, const struct member *member);
	copies_take *take;
	void *with;
};

void copies_between_find(const struct copies_between *between);

#endif
