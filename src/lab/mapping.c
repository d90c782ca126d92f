#include "config.h"
#include "lab/mapping.h"

#include <errno.h>
#include <sys/mman.h>

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

/* Where the address sanitizer takes the low addresses, these are free. */
#define ELSEWHERE (UINTPTR_MAX > UINT32_MAX ? (uintptr_t)UINT64_C(0x200000000000) : 0)

static int
flags_of(const struct mapping *mapping)
{
	return (kind_is_shared(mapping->kind) ? MAP_SHARED : MAP_PRIVATE) |
	    (mapping->file < 0 ? MAP_ANONYMOUS : 0);
}

static void *
map(const struct mapping *mapping, void *where, int how, uint32_t first, uint32_t count)
{
	return mmap(where, count * mapping->page_size, mapping->protection, flags_of(mapping) | how,
	    mapping->file, (off_t)first * (off_t)mapping->page_size);
}

static int
part_from_neighbours(const struct mapping *mapping, uint32_t page)
{
	if (page % 2 == 0)
		return 0;
	return madvise(mapping_page(mapping, page), mapping->page_size, MADV_DONTDUMP) < 0 ? errno : 0;
}

/* Before Linux 4.17 the flag is only a hint. */
static void *
map_free(const struct mapping *mapping, char *where, uint32_t first, uint32_t count)
{
	void *got = map(mapping, where, MAP_FIXED_NOREPLACE, first, count);

	if (got == MAP_FAILED || got == where)
		return got;
	munmap(got, count * mapping->page_size);
	errno = EEXIST;
	return MAP_FAILED;
}

/* With a guard page on both sides, so that no neighbour's VMA can merge with ours. */
static void *
map_anywhere(const struct mapping *mapping)
{
	size_t size = mapping->pages * mapping->page_size;
	char *room;

	room = mmap(NULL, size + 2 * mapping->page_size, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
	if (room == MAP_FAILED)
		return MAP_FAILED;
	return map(mapping, room + mapping->page_size, MAP_FIXED, 0, mapping->pages);
}

int
mapping_make(struct mapping *mapping, uintptr_t wish)
{
	void *base = wish ? map_free(mapping, (char *)wish, 0, mapping->pages) : MAP_FAILED;

	if (base == MAP_FAILED && wish && wish <= UINTPTR_MAX - ELSEWHERE)
		base = map_free(mapping, (char *)(wish + ELSEWHERE), 0, mapping->pages);
	if (base == MAP_FAILED)
		base = map_anywhere(mapping);
	if (base == MAP_FAILED)
		return errno;
	mapping->base = base;
	for (uint32_t page = 0; page < mapping->pages; page++) {
		int errnum = part_from_neighbours(mapping, page);

		if (errnum)
			return errnum;
	}
	return 0;
}

int
mapping_put(const struct mapping *mapping, uint32_t page)
{
	if (map_free(mapping, mapping_page(mapping, page), page, 1) == MAP_FAILED)
		return errno;
	return part_from_neighbours(mapping, page);
}

char *
mapping_page(const struct mapping *mapping, uint32_t page)
{
	return mapping->base + page * mapping->page_size;
}
