/*
 * The pages that were copied between two samples of a family, one by one: those copied or parted
 * now that were neither before. A parted page is reported once for each copy that must have been
 * made, with all processes that may have made it.
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

/* A page at which `copies` of these parties made a copy; if they are equally many, each did. */
typedef void copies_take(void *with, const struct region *region, const struct copy_party *parties,
    size_t count, size_t copies);

/* How a member of the family after relates to the family before. */
enum copies_past {
	COPIES_KNOWN, /* it was there, executing the same program */
	COPIES_BORN,  /* everything that it copied is new */
	COPIES_SKIP,  /* it isn't known since when it has its pages */
};

struct copies_between {
	const struct family *before, *after;
	enum copies_past (*past)(const void *with, const struct member *member);
	copies_take *take;
	void *with;
};

void copies_between_find(const struct copies_between *between);

#endif
