#include "config.h"
#include "blame/join/copies_between.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

/* A page of a region that is newly parted in one of its strips. */
struct parting {
	uint64_t page;
	size_t tree; /* the member at the root of its tree */
	struct copy_party party;
};

struct comparing {
	const struct copies_between *between;
	const struct region *region;
	struct parting *partings;
	size_t parting_count, parting_room;
	int *members_before; /* of each member after; MEMBER_NONE */
};

/* Where a process had an address in the family before. */
struct earlier {
	const struct family *family; /* NULL: nothing is known about it */
	size_t member;
	const struct strip *strip;
	const struct region *guess; /* NULL: none */
};

static bool
strip_holds(const struct family *family, const struct strip *strip, uint64_t address)
{
	return address >= strip->address + strip->first * family->page_size &&
	    address < strip->address + strip->end * family->page_size;
}

static const struct strip *
strip_holding(struct earlier *earlier, uint64_t address)
{
	const struct region *region;

	if (earlier->strip && strip_holds(earlier->family, earlier->strip, address))
		return earlier->strip;
	earlier->strip = earlier->guess ? region_strip(earlier->guess, earlier->member) : NULL;
	if (earlier->strip && strip_holds(earlier->family, earlier->strip, address))
		return earlier->strip;
	region = family_region_at(earlier->family, earlier->member, address);
	earlier->strip = region ? region_strip(region, earlier->member) : NULL;
	return earlier->strip;
}

static uint8_t
earlier_cell(struct earlier *earlier, uint64_t address)
{
	const struct strip *strip = earlier->family ? strip_holding(earlier, address) : NULL;

	return strip ? strip_cell(strip, (address - strip->address) / earlier->family->page_size)
		     : 0;
}

static bool
is_away(uint8_t cell)
{
	return cell_state(cell) == PAGE_COPIED || cell_state(cell) == PAGE_PARTED;
}

/* The root of a process's tree, within the family. */
static size_t
parting_tree(const struct family *family, size_t member)
{
	for (size_t steps = 0;
	     steps < family->member_count && family->members[member].parent != MEMBER_NONE; steps++)
		member = (size_t)family->members[member].parent;
	return member;
}

static void
add_parting(struct comparing *comparing, const struct parting *parting)
{
	if (comparing->parting_count == comparing->parting_room) {
		comparing->parting_room =
		    comparing->parting_room ? comparing->parting_room * 2 : 256;
		comparing->partings = mem_resize(
		    comparing->partings, comparing->parting_room, sizeof(*comparing->partings));
	}
	comparing->partings[comparing->parting_count++] = *parting;
}

static void
compare_cell_at(struct comparing *comparing, struct earlier *earlier, const struct strip *strip,
    uint64_t page, uint8_t cell)
{
	const struct copies_between *between = comparing->between;
	struct copy_party party = {
	    .member = strip->member,
	    .address = strip->address + page * between->after->page_size,
	    .read_ns = strip->read_ns,
	};

	if (!is_away(cell) || is_away(earlier_cell(earlier, party.address)))
		return;
	if (cell_state(cell) == PAGE_COPIED)
		between->take(between->with, comparing->region, &party, 1, 1);
	else
		add_parting(comparing,
		    &(struct parting){page, parting_tree(between->after, strip->member), party});
}

/* It is shared with the family before, so it is unchanged. */
static bool
part_is_same(struct earlier *earlier, const struct strip *strip, const struct strip_part *part)
{
	const struct strip *before;
	uint64_t page = part->index * GRANULE_PAGES;

	if (!earlier->family)
		return false;
	before = strip_holding(earlier,
	    strip->address +
		(page > strip->first ? page : strip->first) * earlier->family->page_size);
	return before && before->address == strip->address &&
	    strip_granule(before, part->index) == part->granule;
}

static void
compare_strip(struct comparing *comparing, const struct strip *strip)
{
	const struct copies_between *between = comparing->between;
	const struct member *member = &between->after->members[strip->member];
	enum copies_past past = between->past(between->with, member);
	int was = comparing->members_before[strip->member];
	size_t index = (size_t)(comparing->region - between->after->regions);
	struct earlier earlier = {
	    .family = past == COPIES_KNOWN && was != MEMBER_NONE ? between->before : NULL,
	    .member = was != MEMBER_NONE ? (size_t)was : 0,
	    .guess =
		index < between->before->region_count ? &between->before->regions[index] : NULL,
	};

	if (past == COPIES_SKIP || (past == COPIES_KNOWN && was == MEMBER_NONE))
		return;
	for (size_t i = 0; i < strip->part_count; i++) {
		const struct strip_part *part = &strip->parts[i];

		if (part_is_same(&earlier, strip, part))
			continue;
		for (size_t k = 0; k < GRANULE_PAGES; k++)
			compare_cell_at(comparing, &earlier, strip, part->index * GRANULE_PAGES + k,
			    part->granule->cells[k]);
	}
}

static int
partings_order(const void *one, const void *other)
{
	const struct parting *a = one, *b = other;

	if (a->page != b->page)
		return a->page < b->page ? -1 : 1;
	if (a->tree != b->tree)
		return a->tree < b->tree ? -1 : 1;
	return a->party.member < b->party.member ? -1 : a->party.member > b->party.member;
}

/* Of n processes that no longer share a page, all but the last made a copy; if it is one alone, it
 * or one that parted earlier did. */
static void
tell_partings(struct comparing *comparing)
{
	const struct copies_between *between = comparing->between;
	size_t room = between->after->member_count + 1;
	struct copy_party *parties;

	if (!comparing->parting_count)
		return;
	parties = mem_zero(room, sizeof(*parties));
	qsort(comparing->partings, comparing->parting_count, sizeof(*comparing->partings),
	    partings_order);
	for (size_t i = 0, count; i < comparing->parting_count; i += count) {
		const struct parting *first = &comparing->partings[i];

		for (count = 0; i + count < comparing->parting_count && count < room; count++) {
			const struct parting *next = &comparing->partings[i + count];

			if (next->page != first->page || next->tree != first->tree)
				break;
			parties[count] = next->party;
		}
		between->take(
		    between->with, comparing->region, parties, count, count > 1 ? count - 1 : 1);
	}
	free(parties);
	comparing->parting_count = 0;
}

static int
member_before(const struct family *before, const struct member *member)
{
	const struct member *found = family_member(before, member->name);

	return found ? (int)(found - before->members) : MEMBER_NONE;
}

void
copies_between_find(const struct copies_between *between)
{
	const struct family *after = between->after;
	struct comparing comparing = {
	    .between = between,
	    .members_before = mem_zero(after->member_count + 1, sizeof(int)),
	};

	for (size_t i = 0; i < after->member_count; i++)
		comparing.members_before[i] = member_before(between->before, &after->members[i]);
	for (size_t i = 0; i < after->region_count; i++) {
		comparing.region = &after->regions[i];
		if (comparing.region->kind == REGION_DEVICE)
			continue;
		for (size_t k = 0; k < comparing.region->strip_count; k++)
			compare_strip(&comparing, &comparing.region->strips[k]);
		tell_partings(&comparing);
	}
	free(comparing.partings);
	free(comparing.members_before);
}
