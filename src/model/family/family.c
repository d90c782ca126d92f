#include "config.h"
#include "model/family/family.h"

#include <stdlib.h>
#include <string.h>

#include "base/list.h"
#include "base/mem.h"
#include "base/utf8.h"

static struct granule uniform[256];

struct family *
family_new(void)
{
	struct family *family = mem_zero(1, sizeof(*family));

	family->self = family;
	family->holders = 1;
	family->page_size = 4096;
	family->pfn = TRI_UNKNOWN;
	family->frames_kib = family->unseen = COUNT_UNKNOWN;
	family->whole = true;
	return family;
}

static void *
grown(void *list, size_t count, size_t *room, size_t size)
{
	if (count < *room)
		return list;
	*room = *room ? *room * 2 : 4;
	return mem_resize(list, *room, size);
}

static char *
clean(const char *text)
{
	struct buf out = BUF_INIT;

	utf8_clean(&out, text, strlen(text), false);
	return out.length ? buf_take(&out) : mem_string("");
}

struct member *
family_add_member(struct family *family, const char *name, pid_t pid, const char *command)
{
	struct member *member;

	family->members = grown(
	    family->members, family->member_count, &family->member_room, sizeof(*family->members));
	member = &family->members[family->member_count++];
	memset(member, 0, sizeof(*member));
	strncpy(member->name, name, sizeof(member->name) - 1);
	member->pid = pid;
	member->parent = member->memory_of = MEMBER_NONE;
	member->command = clean(command);
	member->command_line = mem_string("");
	member->pss_kib = member->tables_kib = COUNT_UNKNOWN;
	return member;
}

void
member_set_command_line(struct member *member, const char *text)
{
	free(member->command_line);
	member->command_line = clean(text ? text : "");
}

struct region *
family_add_region(
    struct family *family, uint64_t start, uint64_t end, enum region_kind kind, const char *path)
{
	struct region *region;

	family->regions = grown(
	    family->regions, family->region_count, &family->region_room, sizeof(*family->regions));
	region = &family->regions[family->region_count++];
	memset(region, 0, sizeof(*region));
	region->start = start;
	region->end = end;
	region->kind = kind;
	strcpy(region->perms, "rw-p");
	region->path = clean(path);
	return region;
}

struct strip *
region_add_strip(struct region *region, size_t member)
{
	struct strip *strip;

	region->strips = grown(
	    region->strips, region->strip_count, &region->strip_room, sizeof(*region->strips));
	strip = &region->strips[region->strip_count++];
	memset(strip, 0, sizeof(*strip));
	strip->member = (uint16_t)member;
	memcpy(strip->perms, region->perms, sizeof(strip->perms));
	strip->address = region->start;
	strip->end = UINT64_MAX;
	return strip;
}

static const struct granule *
granule_of(const uint8_t cells[GRANULE_PAGES])
{
	struct granule *granule;

	if (memcmp(cells, cells + 1, GRANULE_PAGES - 1) == 0) {
		granule = &uniform[cells[0]];
		memset(granule->cells, cells[0], GRANULE_PAGES);
		return granule;
	}
	granule = mem_zero(1, sizeof(*granule));
	granule->self = granule;
	granule->holders = 1;
	memcpy(granule->cells, cells, GRANULE_PAGES);
	return granule;
}

static void
granule_free(const struct granule *held)
{
	if (held->self && --held->self->holders == 0)
		free(held->self);
}

static void
put_part(struct strip *strip, uint64_t index, const struct granule *granule)
{
	strip->parts =
	    grown(strip->parts, strip->part_count, &strip->part_room, sizeof(*strip->parts));
	strip->parts[strip->part_count++] = (struct strip_part){index, granule};
}

void
strip_add_granule(struct strip *strip, uint64_t index, const uint8_t cells[GRANULE_PAGES])
{
	const struct granule *granule = granule_of(cells);

	if (granule != &uniform[0])
		put_part(strip, index, granule);
}

void
strip_keep_granule(struct strip *strip, uint64_t index, const struct granule *granule)
{
	if (granule->self)
		granule->self->holders++;
	put_part(strip, index, granule);
}

/* The first part at or after this granule. */
static size_t
part_from(const struct strip *strip, uint64_t index)
{
	size_t low = 0, high = strip->part_count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strip->parts[middle].index < index)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static void
fill_part(struct strip *strip, uint64_t index, size_t first, size_t end, uint8_t cell)
{
	uint8_t cells[GRANULE_PAGES] = {0};
	size_t at = part_from(strip, index);
	bool there = at < strip->part_count && strip->parts[at].index == index;

	if (there)
		memcpy(cells, strip->parts[at].granule->cells, sizeof(cells));
	memset(cells + first, cell, end - first);
	if (there) {
		granule_free(strip->parts[at].granule);
	} else {
		put_part(strip, index, NULL);
		memmove(&strip->parts[at + 1], &strip->parts[at],
		    (strip->part_count - 1 - at) * sizeof(strip->parts[0]));
		strip->parts[at].index = index;
	}
	strip->parts[at].granule = granule_of(cells);
}

void
strip_fill(struct strip *strip, uint64_t first, uint64_t count, uint8_t cell)
{
	for (uint64_t page = first, end = first + count; page < end;) {
		uint64_t index = page / GRANULE_PAGES, next = (index + 1) * GRANULE_PAGES;
		uint64_t to = next < end ? next : end;

		fill_part(strip, index, page % GRANULE_PAGES, to - index * GRANULE_PAGES, cell);
		page = to;
	}
}

void
strip_clear(struct strip *strip)
{
	for (size_t i = 0; i < strip->part_count; i++)
		granule_free(strip->parts[i].granule);
	strip->part_count = 0;
	strip->unread = true;
}

const struct family *
family_hold(const struct family *family)
{
	if (family)
		family->self->holders++;
	return family;
}

static void
region_release(struct region *region)
{
	for (size_t i = 0; i < region->strip_count; i++) {
		strip_clear(&region->strips[i]);
		free(region->strips[i].parts);
		free(region->strips[i].spans);
	}
	free(region->strips);
	free(region->path);
}

void
family_free(const struct family *held)
{
	struct family *family = held ? held->self : NULL;

	if (!family || --family->holders)
		return;
	for (size_t i = 0; i < family->member_count; i++) {
		free(family->members[i].command);
		free(family->members[i].command_line);
	}
	for (size_t i = 0; i < family->region_count; i++)
		region_release(&family->regions[i]);
	free(family->members);
	free(family->regions);
	blame_free(family->blame);
	free(family);
}

void
family_take_blame(const struct family *family, const struct blame *blame)
{
	blame_free(family->blame);
	family->self->blame = blame;
}

const struct granule *
strip_granule(const struct strip *strip, uint64_t index)
{
	size_t at = part_from(strip, index);

	return at < strip->part_count && strip->parts[at].index == index ? strip->parts[at].granule
									 : NULL;
}

uint8_t
strip_cell(const struct strip *strip, uint64_t page)
{
	const struct granule *granule = strip_granule(strip, page / GRANULE_PAGES);

	return granule ? granule->cells[page % GRANULE_PAGES] : 0;
}

uint64_t
strip_next(const struct strip *strip, uint64_t page)
{
	size_t at = part_from(strip, page / GRANULE_PAGES);

	for (; at < strip->part_count; at++) {
		uint64_t begin = strip->parts[at].index * GRANULE_PAGES;

		for (uint64_t i = page > begin ? page - begin : 0; i < GRANULE_PAGES; i++)
			if (strip->parts[at].granule->cells[i])
				return begin + i;
	}
	return UINT64_MAX;
}

const struct strip *
region_strip(const struct region *region, size_t member)
{
	/* it is at its index, or before */
	size_t at = member < region->strip_count ? member + 1 : region->strip_count;

	while (at && region->strips[at - 1].member > member)
		at--;
	return at && region->strips[at - 1].member == member ? &region->strips[at - 1] : NULL;
}

uint64_t
region_pages(const struct family *family, const struct region *region)
{
	return (region->end - region->start) / family->page_size;
}

const struct member *
family_member(const struct family *family, const char *name)
{
	for (size_t i = 0; i < family->member_count; i++)
		if (strcmp(family->members[i].name, name) == 0)
			return &family->members[i];
	return NULL;
}

const struct region *
family_region_at(const struct family *family, size_t member, uint64_t address)
{
	for (size_t i = 0; i < family->region_count; i++) {
		const struct strip *strip = region_strip(&family->regions[i], member);
		uint64_t page = strip ? (address - strip->address) / family->page_size : 0;

		if (strip && address >= strip->address && page >= strip->first && page < strip->end)
			return &family->regions[i];
	}
	return NULL;
}

const enum page_state states_told[FAMILY_STATES] = {
    PAGE_SHARED, PAGE_PRIVATE, PAGE_COPIED, PAGE_PARTED, PAGE_ZERO, PAGE_SWAPPED, PAGE_UNKNOWN};

const char *
basis_word(enum basis basis)
{
	static const char *const words[] = {BASES(WORD_OF)};

	return words[basis];
}

const char *
member_life_word(enum member_life life)
{
	static const char *const words[] = {MEMBER_LIVES(WORD_OF)};

	return words[life];
}

const char *
region_kind_word(enum region_kind kind)
{
	static const char *const words[] = {REGION_KINDS(WORD_OF)};

	return words[kind];
}

void
member_name(char name[MEMBER_NAME_MAX], size_t number)
{
	char letters[MEMBER_NAME_MAX];
	size_t count = 0;

	do {
		letters[count++] = (char)('a' + number % 26);
		number = number / 26;
	} while (number-- > 0 && count < MEMBER_NAME_MAX - 1);
	for (size_t i = 0; i < count; i++)
		name[i] = letters[count - 1 - i];
	name[count] = '\0';
}
