#include "config.h"
#include "kernel/cachestat.h"

#include <linux/magic.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifdef SYS_cachestat
#define CALL SYS_cachestat
#elif defined(__alpha__)
#define CALL 561
#else
#define CALL 451
#endif

/* The kernel's struct cachestat_range and struct cachestat, which older headers lack. */
struct range {
	uint64_t offset, length;
};

struct counts {
	uint64_t cached, dirty, writeback, evicted, recently_evicted;
};

static bool
cachestat_ask(int file, uint64_t offset, uint64_t length, struct counts *counts)
{
	struct range range = {offset, length};

	return syscall(CALL, file, &range, counts, 0) == 0;
}

/* An overlay's own file has no pages: they are in the cache of the underlying file, which mincore
 * sees. */
static bool
reads_through(int file)
{
	struct statfs fs;

	return fstatfs(file, &fs) == 0 && fs.f_type == OVERLAYFS_SUPER_MAGIC;
}

bool
cachestat_works(int file)
{
	struct counts counts;

	return file >= 0 && !reads_through(file) && cachestat_ask(file, 0, 1, &counts);
}

static bool
all_or_none(uint64_t part, uint32_t whole)
{
	return part == 0 || part == whole;
}

static void
read_range(int file, uint32_t page_size, struct file_page *pages, uint32_t first, uint32_t count)
{
	struct counts is;

	if (!cachestat_ask(file, (uint64_t)first * page_size, (uint64_t)count * page_size, &is))
		return;
	if (count > 1 &&
	    !(all_or_none(is.cached, count) && all_or_none(is.dirty, count) &&
		all_or_none(is.writeback, count))) {
		read_range(file, page_size, pages, first, count / 2);
		read_range(file, page_size, pages, first + count / 2, count - count / 2);
		return;
	}
	for (uint32_t i = first; i < first + count; i++) {
		pages[i].cached = is.cached ? TRI_YES : TRI_NO;
		pages[i].dirty = is.dirty ? TRI_YES : TRI_NO;
		pages[i].writeback = is.writeback ? TRI_YES : TRI_NO;
	}
}

void
cachestat_read(int file, uint32_t page_size, struct file_page *pages, uint32_t count)
{
	if (file >= 0 && count && !reads_through(file))
		read_range(file, page_size, pages, 0, count);
}
