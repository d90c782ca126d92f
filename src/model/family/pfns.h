/*
 * A set of page frame numbers: one bit each, in leaves of 4096 that exist only where needed. Never
 * contains 0.
 */
#ifndef MODEL_FAMILY_PFNS_H
#define MODEL_FAMILY_PFNS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define PFNS_LEAF 4096

struct pfns {
	uint64_t **leaves;
	size_t room;
	uint64_t count; /* numbers in the set */
	bool full;      /* a number exceeded any memory: count is too low */
};

/* true: it was new. */
bool pfns_add_slowly(struct pfns *pfns, uint64_t pfn);
void pfns_release(struct pfns *pfns);

static inline bool
pfns_add(struct pfns *pfns, uint64_t pfn)
{
	uint64_t *leaf = pfn / PFNS_LEAF < pfns->room ? pfns->leaves[pfn / PFNS_LEAF] : NULL;
	uint64_t bit = UINT64_C(1) << (pfn % 64);

	if (!leaf || !pfn)
		return pfns_add_slowly(pfns, pfn);
	if (leaf[pfn % PFNS_LEAF / 64] & bit)
		return false;
	leaf[pfn % PFNS_LEAF / 64] |= bit;
	pfns->count++;
	return true;
}

#endif
