#include "config.h"
#include "attach/prior.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/family/cells.h"

static int
prior_by_place(const void *one, const void *other)
{
	const struct prior_strip *a = one, *b = other;

	if (a->member != b->member)
		return a->member < b->member ? -1 : 1;
	return a->start < b->start ? -1 : a->start > b->start;
}

static size_t
spans_of(const struct family *family)
{
	size_t count = 0;

	for (size_t i = 0; i < family->region_count; i++)
		for (size_t k = 0; k < family->regions[i].strip_count; k++)
			count += family->regions[i].strips[k].span_count + 1;
	return count;
}

static void
add_strip(struct prior *prior, const struct strip *strip, size_t member)
{
	const struct span whole = {strip->first, strip->end};
	size_t count = strip->span_count ? strip->span_count : 1;
	uint32_t size = prior->family->page_size;

	for (size_t i = 0; i < count; i++) {
		const struct span *span = strip->span_count ? &strip->spans[i] : &whole;

		prior->list[prior->count++] = (struct prior_strip){member,
		    strip->address + span->first * size, strip->address + span->end * size, strip};
	}
}

void
prior_build(struct prior *prior, const struct family *family, const int *member_now, bool rebase)
{
	prior_release(prior);
	prior->family = family;
	prior->rebase = rebase;
	if (!family)
		return;
	prior->list = mem_zero(spans_of(family) + 1, sizeof(*prior->list));
	for (size_t i = 0; i < family->region_count; i++)
		for (size_t k = 0; k < family->regions[i].strip_count; k++) {
			const struct strip *strip = &family->regions[i].strips[k];

			if (!strip->unread && member_now[strip->member] != MEMBER_NONE)
				add_strip(prior, strip, (size_t)member_now[strip->member]);
		}
	qsort(prior->list, prior->count, sizeof(*prior->list), prior_by_place);
}

void
prior_release(struct prior *prior)
{
	free(prior->list);
	memset(prior, 0, sizeof(*prior));
}

/* The first strip that ends after the address. */
static size_t
first_of(const struct prior *prior, size_t member, uint64_t address)
{
	size_t low = 0, high = prior->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;
		const struct prior_strip *at = &prior->list[middle];

		if (at->member < member || (at->member == member && at->end <= address))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static uint8_t
rebased(uint8_t cell)
{
	return (uint8_t)((cell & ~CELL_WAS_SHARED) |
	    (cell_state(cell) == PAGE_SHARED ? CELL_WAS_SHARED : 0));
}

/* Pages [first, end) of the strip, to cells. */
static void
copy_cells(const struct prior *prior, const struct strip *strip, uint64_t first, uint64_t end,
    uint8_t *cells)
{
	while (first < end) {
		uint64_t next = (first / GRANULE_PAGES + 1) * GRANULE_PAGES,
			 to = next < end ? next : end;
		const struct granule *granule = strip_granule(strip, first / GRANULE_PAGES);

		if (granule)
			memcpy(cells, granule->cells + first % GRANULE_PAGES, to - first);
		else
			memset(cells, 0, to - first);
		for (uint64_t i = 0; prior->rebase && i < to - first; i++)
			cells[i] = rebased(cells[i]);
		cells += to - first;
		first = to;
	}
}

bool
prior_cells(
    const struct prior *prior, size_t member, uint64_t address, size_t pages, uint8_t *cells)
{
	uint32_t size = prior->family ? prior->family->page_size : 1;
	uint64_t end = address + (uint64_t)pages * size;
	bool any = false;

	memset(cells, PRIOR_NONE, pages);
	for (size_t i = first_of(prior, member, address);
	     i < prior->count && prior->list[i].member == member && prior->list[i].start < end;
	     i++) {
		const struct prior_strip *at = &prior->list[i];
		uint64_t from = at->start > address ? at->start : address,
			 to = at->end < end ? at->end : end;

		copy_cells(prior, at->strip, (from - at->strip->address) / size,
		    (to - at->strip->address) / size, cells + (from - address) / size);
		any = true;
	}
	return any;
}

uint64_t
prior_next(const struct prior *prior, size_t member, uint64_t address, uint64_t end)
{
	for (size_t i = first_of(prior, member, address);
	     i < prior->count && prior->list[i].member == member && prior->list[i].start < end;
	     i++) {
		const struct prior_strip *at = &prior->list[i];
		uint32_t size = prior->family->page_size;
		uint64_t from = at->start > address ? at->start : address;
		uint64_t page = strip_next(at->strip, (from - at->strip->address) / size), next;

		next = page == UINT64_MAX ? end : at->strip->address + page * size;
		if (next < end && next < at->end)
			return next;
	}
	return end;
}

const struct granule *
prior_granule(const struct prior *prior, size_t member, uint64_t address)
{
	for (size_t i = first_of(prior, member, address);
	     i < prior->count && prior->list[i].member == member && prior->list[i].start <= address;
	     i++) {
		const struct strip *strip = prior->list[i].strip;
		uint64_t page = (address - strip->address) / prior->family->page_size;

		if (page % GRANULE_PAGES == 0 && strip_granule(strip, page / GRANULE_PAGES))
			return strip_granule(strip, page / GRANULE_PAGES);
	}
	return NULL;
}
