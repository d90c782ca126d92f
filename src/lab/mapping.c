#include "config.h"
#include "lab/mapping.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#ifndef MAP_FIXED_NOREPLACE
#define MAP_FIXED_NOREPLACE 0x100000
#endif

/* Free even where the address sanitizer takes the low addresses. */
#define ELSEWHERE (UINTPTR_MAX > UINT32_MAX ? (uintptr_t)UINT64_C(0x200000000000) : 0)

/* The arguments of mmap(2). */
struct call {
	size_t length;
	int protection, flags;
	uint64_t offset;
	int file;
};

static struct call
call_for(const struct mapping *mapping, uint32_t first, uint32_t count)
{
	int sharing = kind_is_shared(mapping->kind) ? MAP_SHARED : MAP_PRIVATE;

	return (struct call){
	    .length = count * mapping->page_size,
	    .protection = mapping->protection,
	    .flags = sharing | (mapping->file < 0 ? MAP_ANONYMOUS : 0),
	    .offset = (uint64_t)first * mapping->page_size,
	    .file = mapping->file,
	};
}

static void *
map(void *where, int how, const struct call *call)
{
	return mmap(where, call->length, call->protection, call->flags | how, call->file,
	    (off_t)call->offset);
}

static int
part(char *at, size_t size, uint32_t page)
{
	if (page % 2 == 0)
		return 0;
	return madvise(at, size, MADV_DONTDUMP) < 0 ? errno : 0;
}

/* Whatever lies after the last page counts as one more. */
static int
part_from_neighbours(const struct mapping *mapping, uint32_t first, size_t length)
{
	uint32_t page = first;
	int errnum = 0;

	if (mapping->whole) {
		madvise(mapping_page(mapping, first), length, MADV_NOHUGEPAGE);
		return 0;
	}

	for (; !errnum && page < mapping->pages && length; page++) {
		errnum = part(mapping_page(mapping, page), mapping->page_size, page);
		length -= length < mapping->page_size ? length : mapping->page_size;
	}
	return errnum || !length ? errnum : part(mapping_page(mapping, page), length, page);
}

/* Before Linux 4.17 the flag is only a hint. */
static void *
map_free(char *where, const struct call *call)
{
	void *got = map(where, MAP_FIXED_NOREPLACE, call);

	if (got == MAP_FAILED || got == where)
		return got;
	munmap(got, call->length);
	errno = EEXIST;
	return MAP_FAILED;
}

/* With a guard page on both sides, so that no neighbouring VMA can merge with ours. */
static void *
map_anywhere(const struct mapping *mapping, const struct call *call)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE;
	char *room = mmap(NULL, call->length + 2 * mapping->page_size, PROT_NONE, flags, -1, 0);

	if (room == MAP_FAILED)
		return MAP_FAILED;
	return map(room + mapping->page_size, MAP_FIXED, call);
}

int
mapping_make(struct mapping *mapping, uintptr_t wish)
{
	struct call call = call_for(mapping, 0, mapping->pages);
	void *base = wish ? map_free((char *)wish, &call) : MAP_FAILED;

	if (base == MAP_FAILED && wish && wish <= UINTPTR_MAX - ELSEWHERE)
		base = map_free((char *)(wish + ELSEWHERE), &call);
	if (base == MAP_FAILED)
		base = map_anywhere(mapping, &call);
	if (base == MAP_FAILED)
		return errno;
	mapping->base = base;
	return part_from_neighbours(mapping, 0, call.length);
}

static bool
mapping_is_free(const struct mapping *mapping)
{
	unsigned char resident;

	for (uint32_t page = 0; page < mapping->pages; page++)
		if (mincore(mapping_page(mapping, page), mapping->page_size, &resident) == 0 ||
		    errno != ENOMEM)
			return false;
	return true;
}

void
mapping_forget(struct mapping *mapping)
{
	struct call call = {
	    .length = mapping->pages * mapping->page_size,
	    .protection = PROT_NONE,
	    .flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE,
	    .file = -1,
	};
	void *room;

	if (mapping_is_free(mapping))
		return;
	room = map_anywhere(mapping, &call);
	if (room == MAP_FAILED)
		return;
	mapping->base = room;
	munmap(room, call.length);
}

static void
heed(struct call *call, const struct lab_mapping *told, uint64_t behind)
{
	if (told->has_offset)
		call->offset = told->offset + behind;
	if (told->has_length)
		call->length = (size_t)told->length;
	if (told->has_protection)
		call->protection = told->protection;
	if (told->sharing)
		call->flags = (call->flags & ~(MAP_SHARED | MAP_PRIVATE)) | told->sharing;
}

static int
open_pipe(void)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return -1;
	close(ends[1]);
	return ends[0];
}

static int
open_again(int file, int access)
{
	char link[32];

	snprintf(link, sizeof(link), "/proc/self/fd/%d", file);
	return open(link, access | O_CLOEXEC);
}

/* A descriptor for this one call. -1 with errno. */
static int
open_odd(const struct mapping *mapping, enum lab_mapped of)
{
	switch (of) {
	case LAB_MAPPED_CLOSED:
		return MAPPING_CLOSED;
	case LAB_MAPPED_PIPE:
		return open_pipe();
	case LAB_MAPPED_DIRECTORY:
		return open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	case LAB_MAPPED_READ_ONLY:
		return open_again(mapping->file, O_RDONLY);
	case LAB_MAPPED_WRITE_ONLY:
		return open_again(mapping->file, O_WRONLY);
	default:
		return mapping->file;
	}
}

static int
mapping_put_page(const struct mapping *mapping, uint32_t page, bool fixed, const struct call *call)
{
	char *where = mapping_page(mapping, page);
	void *got = fixed ? map(where, MAP_FIXED, call) : map_free(where, call);

	return got == MAP_FAILED ? errno : part_from_neighbours(mapping, page, call->length);
}

int
mapping_put(
    const struct mapping *mapping, uint32_t page, uint32_t behind, const struct lab_mapping *told)
{
	struct call call = call_for(mapping, page, 1);
	int errnum;

	if (told->has_length && told->length > SIZE_MAX)
		return ENOMEM;
	heed(&call, told, (uint64_t)behind * mapping->page_size);
	if (told->of == LAB_MAPPED_OWN)
		return mapping_put_page(mapping, page, told->fixed, &call);
	call.file = open_odd(mapping, told->of);
	if (call.file < 0)
		return errno;
	call.flags &= ~MAP_ANONYMOUS;
	errnum = mapping_put_page(mapping, page, told->fixed, &call);
	if (call.file != MAPPING_CLOSED)
		close(call.file);
	return errnum;
}

char *
mapping_page(const struct mapping *mapping, uint32_t page)
{
	return mapping->base + page * mapping->page_size;
}
