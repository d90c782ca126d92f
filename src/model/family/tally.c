/* Counting: from cells to tallies, from tallies to the numbers of a family. */
#include "config.h"
#include "model/family/family.h"

#include <stdlib.h>
#include <string.h>

static void
tally_cells(struct tally *tally, const uint8_t *cells, size_t count)
{
	uint32_t seen[256] = {0};

	for (size_t i = 0; i < count; i++)
		seen[cells[i]]++;
	for (unsigned cell = 1; cell < 256; cell++) {
		enum page_state state = cell_state((uint8_t)cell);
		uint32_t n = seen[cell];

		if (!n)
			continue;
		if (state != PAGE_ABSENT && state < PAGE_STATE_COUNT)
			tally->counts[state] += n;
		if (cell & CELL_WAS_SHARED) {
			tally->was_shared += n;
			tally->still_shared += state == PAGE_SHARED ? n : 0;
			tally->went_copied += state == PAGE_COPIED ? n : 0;
			tally->went_parted += state == PAGE_PARTED ? n : 0;
			tally->counted += cell_counted((uint8_t)cell) ? n : 0;
			tally->left_alone += state == PAGE_PRIVATE ? n : 0;
		}
		tally->same += cell_same((uint8_t)cell) ? n : 0;
		tally->huge += cell & CELL_HUGE ? n : 0;
		tally->moved += cell & CELL_MOVED ? n : 0;
		tally->apart +=
		    state == PAGE_PRIVATE || state == PAGE_COPIED || state == PAGE_PARTED ? n : 0;
	}
}

static void
tally_alike(struct tally *tally, uint8_t cell, uint32_t count)
{
	struct tally one;
	uint32_t *from = (uint32_t *)&one, *to = (uint32_t *)tally;

	memset(&one, 0, sizeof(one));
	tally_cells(&one, &cell, 1);
	for (size_t i = 0; i < sizeof(one) / sizeof(uint32_t); i++)
		to[i] += from[i] * count;
}

void
tally_add(struct tally *to, const struct tally *from)
{
	for (size_t i = 0; i < sizeof(*to) / sizeof(uint32_t); i++)
		((uint32_t *)to)[i] += ((const uint32_t *)from)[i];
}

void
strip_tally(const struct strip *strip, uint64_t first, uint64_t end, struct tally *tally)
{
	for (size_t i = 0; i < strip->part_count; i++) {
		const struct granule *granule = strip->parts[i].granule;
		uint64_t begin = strip->parts[i].index * GRANULE_PAGES;
		uint64_t from = first > begin ? first - begin : 0;
		uint64_t to = end < begin + GRANULE_PAGES ? end - begin : GRANULE_PAGES;

		if (end <= begin)
			break;
		if (from >= to)
			continue;
		if (!granule->self)
			tally_alike(tally, granule->cells[0], (uint32_t)(to - from));
		else
			tally_cells(tally, granule->cells + from, to - from);
	}
}

static void
finish_region(struct family *family, struct region *region)
{
	memset(&region->tally, 0, sizeof(region->tally));
	for (size_t i = 0; i < region->strip_count; i++) {
		struct strip *strip = &region->strips[i];
		struct member *member = &family->members[strip->member];

		if (strip->end == UINT64_MAX)
			strip->end = region_pages(family, region);
		memset(&strip->tally, 0, sizeof(strip->tally));
		strip_tally(strip, 0, UINT64_MAX, &strip->tally);
		tally_add(&region->tally, &strip->tally);
		if (region->kind != REGION_DEVICE) {
			tally_add(&member->tally, &strip->tally);
			tally_add(&family->tally, &strip->tally);
		}
		if (!strip->unread && (!member->read_ns || strip->read_ns < member->read_ns))
			member->read_ns = strip->read_ns;
	}
}

static int
descending(uint64_t one, uint64_t other)
{
	return one > other ? -1 : one < other;
}

static int
by_copied(const void *one, const void *other)
{
	const struct region *a = one, *b = other;
	int order = descending(tally_copies(&a->tally), tally_copies(&b->tally));

	if (order == 0)
		order = descending(tally_present(&a->tally), tally_present(&b->tally));
	return order ? order : -descending(a->start, b->start);
}

void
family_finish(struct family *family)
{
	memset(&family->tally, 0, sizeof(family->tally));
	for (size_t i = 0; i < family->member_count; i++) {
		memset(&family->members[i].tally, 0, sizeof(family->members[i].tally));
		family->members[i].read_ns = 0;
	}
	for (size_t i = 0; i < family->region_count; i++)
		finish_region(family, &family->regions[i]);
	if (family->region_count)
		qsort(family->regions, family->region_count, sizeof(*family->regions), by_copied);
	family->sum_rss_kib = 0;
	for (size_t i = 0; i < family->member_count; i++) {
		struct member *member = &family->members[i];

		if (member->memory_of != MEMBER_NONE) {
			member->tally = family->members[member->memory_of].tally;
			member->read_ns = family->members[member->memory_of].read_ns;
		}
		family->sum_rss_kib += member_rss_kib(family, member);
	}
}

uint64_t
tally_kib(const struct family *family, const struct tally *tally, enum page_state state)
{
	return (uint64_t)tally->counts[state] * family->page_size / 1024;
}

uint64_t
tally_copies(const struct tally *tally)
{
	return (uint64_t)tally->counts[PAGE_COPIED] + tally->counts[PAGE_PARTED];
}

uint64_t
tally_went(const struct tally *tally)
{
	return (uint64_t)tally->went_copied + tally->went_parted;
}

uint64_t
tally_let_go(const struct tally *tally)
{
	uint64_t told = tally->still_shared + tally_went(tally) + tally->left_alone;

	return tally->was_shared > told ? tally->was_shared - told : 0;
}

enum basis
tally_basis(const struct family *family, const struct tally *tally)
{
	bool first = !family->baseline_ns || family->baseline_ns >= family->time_ns;

	if (first || tally_copies(tally) > tally_went(tally))
		return BASIS_SAMPLE;
	return family->blame ? BASIS_FAULTS : BASIS_WATCHED;
}

uint64_t
tally_present(const struct tally *tally)
{
	return (uint64_t)tally->counts[PAGE_SHARED] + tally->counts[PAGE_PRIVATE] +
	    tally->counts[PAGE_COPIED] + tally->counts[PAGE_PARTED] + tally->counts[PAGE_ZERO] +
	    tally->counts[PAGE_UNKNOWN];
}

uint64_t
member_rss_kib(const struct family *family, const struct member *member)
{
	return (tally_present(&member->tally) - member->tally.counts[PAGE_ZERO]) *
	    family->page_size / 1024;
}

uint64_t
member_uss_kib(const struct family *family, const struct member *member)
{
	return member->tally.counts[PAGE_UNKNOWN]
	    ? COUNT_UNKNOWN
	    : (uint64_t)member->tally.apart * family->page_size / 1024;
}
