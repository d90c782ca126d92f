/*
 * The previous family, looked up by process and address: its cells, and granules that can be kept.
 */
#ifndef ATTACH_PRIOR_H
#define ATTACH_PRIOR_H

#include "model/family/family.h"

/* A range that a strip maps without a hole. */
struct prior_strip {
	size_t member; /* of the family under construction */
	uint64_t start, end;
	const struct strip *strip;
};

struct prior {
	const struct family *family; /* borrowed; NULL: there is none */
	struct prior_strip *list;    /* by member and start */
	size_t count;
	bool rebase; /* what it shares is the baseline from now on */
};

/* member_now[i]: index of the old family's process i in the new one; MEMBER_NONE: it has gone, or
 * has another memory now. */
void prior_build(
    struct prior *prior, const struct family *family, const int *member_now, bool rebase);
void prior_release(struct prior *prior);

/* Cells of the pages from address on; PRIOR_NONE where nothing was read. false: none of them
 * was. */
bool prior_cells(
    const struct prior *prior, size_t member, uint64_t address, size_t pages, uint8_t *cells);

/* The next address from `address` on, below end, whose cell is not 0; end if there is none. */
uint64_t prior_next(const struct prior *prior, size_t member, uint64_t address, uint64_t end);

/* The old family's granule that begins at this address; NULL. */
const struct granule *prior_granule(const struct prior *prior, size_t member, uint64_t address);

#endif
