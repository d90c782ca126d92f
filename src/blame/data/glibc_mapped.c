#include "config.h"
#include "blame/data/glibc.h"

#include <string.h>

#define MAPPED_HOPS 1024
#define MAPPED_BACK 256    /* pages */
#define FORGET_AFTER 65536 /* finds: memory changes */

static struct glibc_area *
area_of(struct glibc *glibc, uint64_t address)
{
	uint64_t number = address / GLIBC_PAGE / GLIBC_AREA_PAGES + 1;
	struct glibc_area *area = &glibc->areas[number % GLIBC_AREAS];

	if (area->number != number)
		*area = (struct glibc_area){.number = number};
	return area;
}

static bool
mapped_chunk_at(const struct data_place *place, uint64_t start, struct glibc_chunk *chunk)
{
	uint64_t head[2];

	if (!memory_read(place->memory, start, head, sizeof(head)) || head[0] ||
	    (head[1] & GLIBC_FLAGS) != GLIBC_IS_MMAPPED)
		return false;
	*chunk = (struct glibc_chunk){
	    .start = start, .bytes = head[1] & ~(uint64_t)GLIBC_FLAGS, .mapped = true};
	return chunk->bytes % GLIBC_PAGE == 0 && chunk->bytes && chunk->bytes <= place->end - start;
}

/* Reads a page in which no chunk begins only once. */
static bool
mapped_chunk_begins(
    struct glibc *glibc, const struct data_place *place, uint64_t start, struct glibc_chunk *chunk)
{
	struct glibc_area *area = area_of(glibc, start);
	uint64_t page = start / GLIBC_PAGE % GLIBC_AREA_PAGES;
	uint64_t *bare = &area->bare[page / 64], bit = UINT64_C(1) << page % 64;

	if (*bare & bit)
		return false;
	if (mapped_chunk_at(place, start, chunk))
		return true;
	*bare |= bit;
	return false;
}

/* The kernel merges adjacent mappings: goes from chunk to chunk, or back by pages. */
static bool
mapped_chunk_search(struct glibc *glibc, const struct data_place *place, struct glibc_chunk *chunk)
{
	uint64_t at = place->start;

	for (unsigned i = 0; i < MAPPED_HOPS && mapped_chunk_begins(glibc, place, at, chunk); i++) {
		if (place->address - at < chunk->bytes)
			return true;
		at += chunk->bytes;
	}
	at = place->address / GLIBC_PAGE * GLIBC_PAGE;
	for (unsigned i = 0; i < MAPPED_BACK && at >= place->start; i++, at -= GLIBC_PAGE)
		if (mapped_chunk_begins(glibc, place, at, chunk) &&
		    place->address - at < chunk->bytes)
			return true;
	return false;
}

bool
glibc_chunk_mapped(struct glibc *glibc, const struct data_place *place, struct glibc_chunk *chunk)
{
	uint64_t known;

	if (++glibc->finds > FORGET_AFTER) {
		memset(glibc->areas, 0, sizeof(glibc->areas));
		glibc->finds = 0;
	}
	known = area_of(glibc, place->address)->chunk;
	if (known >= place->start && known <= place->address &&
	    mapped_chunk_at(place, known, chunk) && place->address - known < chunk->bytes)
		return true;
	if (!mapped_chunk_search(glibc, place, chunk))
		return false;
	area_of(glibc, place->address)->chunk = chunk->start;
	return true;
}
