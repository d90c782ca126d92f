#include "config.h"
#include "view/family/family_draw.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* Which mappings are listed, in which order. */

static bool
passes(const struct region *region, enum filter filter)
{
	switch (filter) {
	case FILTER_ANONYMOUS:
		return region->kind == REGION_ANON || region->kind == REGION_HEAP ||
		    region->kind == REGION_STACK;
	case FILTER_HEAP:
		return region->kind == REGION_HEAP;
	case FILTER_STACKS:
		return region->kind == REGION_STACK;
	case FILTER_FILES:
		return region->kind == REGION_FILE || region->kind == REGION_SHM;
	default:
		return true;
	}
}

struct entry {
	const char *name; /* NULL: not by name */
	uint64_t key, start;
	size_t index;
};

static uint64_t
key_of(const struct region *region, enum order order)
{
	switch (order) {
	case ORDER_SHARED:
		return region->tally.counts[PAGE_SHARED];
	case ORDER_PRIVATE:
		return region->tally.counts[PAGE_PRIVATE];
	case ORDER_SIZE:
		return tally_present(&region->tally);
	case ORDER_ADDRESS:
	case ORDER_NAME:
		return 0;
	default:
		return tally_copies(&region->tally);
	}
}

/* Largest first; what is alike by address, and copies that are alike by the family's own order. */
static int
listed_compare(const void *one, const void *other)
{
	const struct entry *a = one, *b = other;
	int names = a->name && b->name ? strcmp(a->name, b->name) : 0;

	if (names)
		return names;
	if (a->key != b->key)
		return a->key > b->key ? -1 : 1;
	return a->start < b->start ? -1 : a->start > b->start;
}

size_t *
family_listed(const struct family *family, const struct family_cursor *cursor, size_t *count)
{
	struct entry *entries = mem_zero(family->region_count + 1, sizeof(*entries));
	size_t *listed = mem_zero(family->region_count + 1, sizeof(*listed));
	bool own = cursor->order == ORDER_NEXT || cursor->order == ORDER_COPIED;

	*count = 0;
	for (size_t i = 0; i < family->region_count; i++)
		if (passes(&family->regions[i], cursor->filter))
			entries[(*count)++] = (struct entry){
			    cursor->order == ORDER_NAME ? region_name(&family->regions[i]) : NULL,
			    key_of(&family->regions[i], cursor->order),
			    own ? i : family->regions[i].start, i};
	qsort(entries, *count, sizeof(*entries), listed_compare);
	for (size_t i = 0; i < *count; i++)
		listed[i] = entries[i].index;
	free(entries);
	return listed;
}

static bool
fits(const struct region *region, const char *text)
{
	char address[20];

	snprintf(address, sizeof(address), "%llx", (unsigned long long)region->start);
	return strstr(region->path, text) || strstr(region_kind_word(region->kind), text) ||
	    strstr(address, text);
}

bool
family_search(struct family_cursor *cursor, const struct family *family, const char *text)
{
	size_t count, at = 0, *listed = family_listed(family, cursor, &count);
	bool found = false;

	while (at < count && listed[at] != cursor->region)
		at++;
	for (size_t i = 1; i <= count && !found; i++) {
		size_t index = listed[(at + i) % count];

		found = fits(&family->regions[index], text);
		if (found)
			cursor->region = index;
	}
	free(listed);
	return found;
}
