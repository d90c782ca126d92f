#include "config.h"
#include "lab/clerk.h"
#include "lab/keeper.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static off_t
offset_of(const struct mapping *mapping, uint32_t page)
{
	return (off_t)page * (off_t)mapping->page_size;
}

static int
read_pages(
    const struct mapping *mapping, const struct wire_request *request, struct wire_writer *writer)
{
	for (uint32_t i = 0; i < request->count; i++) {
		unsigned char bytes[CONTENT_MAX];
		ssize_t got = pread(
		    mapping->file, bytes, sizeof(bytes), offset_of(mapping, request->first + i));

		if (got < 0)
			return errno;
		wire_put_bytes(writer, bytes, (size_t)got);
		if (got < CONTENT_MAX)
			break;
	}
	return 0;
}

static int
clerk_write_all(int file, const unsigned char *text, size_t length, off_t offset)
{
	while (length) {
		ssize_t done = pwrite(file, text, length, offset);

		if (done < 0)
			return errno;
		text += done;
		length -= (size_t)done;
		offset += done;
	}
	return 0;
}

static int
write_pages(const struct mapping *mapping, const struct wire_request *request)
{
	for (uint32_t i = 0; i < request->count; i++) {
		off_t offset = offset_of(mapping, request->first + i);
		int errnum = clerk_write_all(mapping->file, request->text, request->length, offset);

		if (errnum)
			return errnum;
	}
	return 0;
}

static int
drop(int file)
{
	if (fsync(file) < 0)
		return errno;
	return posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
}

void
clerk_put_resident(char *at, uint32_t pages, size_t page_size, struct wire_writer *writer)
{
	for (uint32_t page = 0; page < pages; page++) {
		unsigned char byte;

		if (mincore(at + page * page_size, page_size, &byte) < 0)
			byte = 0;
		wire_put_bytes(writer, &byte, 1);
	}
}

/* The whole file, mapped only for mincore(2): no page is touched through it. It stays, because FUSE
 * writes a file back when a mapping ends. */
static char *
open_window(const struct mapping *mapping, uint32_t pages)
{
	static char *window = MAP_FAILED;
	static size_t room;
	size_t size = pages * mapping->page_size;

	if (size > room) {
		window = mmap(NULL, size, PROT_NONE, MAP_SHARED, mapping->file, 0);
		room = window == MAP_FAILED ? 0 : size;
	}
	return window;
}

/* For someone else's file that we may not write, mincore(2) says of every page that it is in
 * memory. */
static bool
mincore_tells(int file)
{
	struct stat status;

	if (fstat(file, &status) < 0)
		return false;
	return geteuid() == 0 || status.st_uid == geteuid() ||
	    (fcntl(file, F_GETFL) & O_ACCMODE) != O_RDONLY;
}

static int
put_cached(
    const struct mapping *mapping, const struct wire_request *request, struct wire_writer *writer)
{
	char *window = open_window(mapping, request->first + request->count);

	if (!mincore_tells(mapping->file))
		return EPERM;
	if (window == MAP_FAILED)
		return errno;
	clerk_put_resident(window + request->first * mapping->page_size, request->count,
	    mapping->page_size, writer);
	return 0;
}

static int
do_request(
    const struct mapping *mapping, const struct wire_request *request, struct wire_writer *writer)
{
	switch (request->op) {
	case LAB_FILE_READ:
		return read_pages(mapping, request, writer);
	case LAB_FILE_WRITE:
		return write_pages(mapping, request);
	case LAB_FILE_RESIZE:
		return ftruncate(mapping->file,
			   offset_of(mapping, request->first) + request->argument) < 0
		    ? errno
		    : 0;
	case LAB_FILE_SYNC:
		return fsync(mapping->file) < 0 ? errno : 0;
	case LAB_FILE_DROP:
		return drop(mapping->file);
	case LAB_FILE_UNLINK:
		return keeper_take_name(mapping->file, (const char *)request->text);
	case LAB_FILE_CACHED:
		return put_cached(mapping, request, writer);
	default:
		return ENOSYS;
	}
}

void
clerk_answer(const struct mapping *mapping, const struct wire_request *request, int lifeline,
    struct wire_writer *writer)
{
	pid_t keeper = 0;
	int errnum = request->op == LAB_FILE_LINK
	    ? keeper_start(mapping->file, (const char *)request->text, lifeline, &keeper)
	    : do_request(mapping, request, writer);

	wire_put_done(writer, errnum, keeper);
}
