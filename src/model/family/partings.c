#include "config.h"
#include "model/family/partings.h"

#include "base/mem.h"

void
partings_add(struct partings_told *told, const struct parting_told *one)
{
	if (told->count == told->room) {
		told->room = told->room ? told->room * 2 : 256;
		told->list = mem_resize(told->list, told->room, sizeof(*told->list));
	}
	told->list[told->count++] = *one;
}

static bool
parting_is_left(const struct region *region, uint64_t page)
{
	for (size_t i = 0; i < region->strip_count; i++)
		if (cell_state(strip_cell(&region->strips[i], page)) == PAGE_PARTED)
			return true;
	return false;
}

/* The bits that mean something else in the new state go. */
static uint8_t
parting_cell(uint8_t cell, bool copied)
{
	uint8_t kept = cell & (CELL_WAS_SHARED | CELL_MOVED | CELL_HUGE);

	return copied ? kept | (cell & CELL_SAME) | PAGE_COPIED : kept | PAGE_PRIVATE;
}

static void
take_parting(struct family *family, const struct parting_told *told)
{
	struct region *region = &family->regions[told->region];

	for (size_t i = 0; i < region->strip_count; i++) {
		struct strip *strip = &region->strips[i];
		uint8_t cell = strip_cell(strip, told->page);

		if (strip->member != told->member || cell_state(cell) != PAGE_PARTED)
			continue;
		strip_fill(strip, told->page, 1, parting_cell(cell, told->copied));
		if (family->parted_kib != COUNT_UNKNOWN && !parting_is_left(region, told->page))
			family->parted_kib -= family->page_size / 1024;
	}
}

void
family_take_partings(const struct family *family, const struct partings_told *told)
{
	if (!told->count)
		return;
	for (size_t i = 0; i < told->count; i++)
		take_parting(family->self, &told->list[i]);
	family_finish(family->self);
}
