#include "config.h"
#include "kernel/pagemap.h"
#include "model/pagemap.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/ioctl.h>
#include <unistd.h>

#define ENTRY_BYTES sizeof(uint64_t)
#define REGIONS 64

/* The kernel's struct page_region and struct pm_scan_arg, which older headers lack. */
struct scan_region {
	uint64_t start, end, categories;
};

struct scan_request {
	uint64_t size, flags;
	uint64_t start, end, walk_end;
	uint64_t regions, region_count, max_pages;
	uint64_t inverted, all_of, any_of, wanted;
};

#define SCAN _IOWR('f', 16, struct scan_request)
#define SCAN_PFNZERO (UINT64_C(1) << 5)

uint32_t
pagemap_read(int fd, uint64_t address, uint32_t page_size, uint64_t *entries, uint32_t count)
{
	off_t from = (off_t)(address / page_size * ENTRY_BYTES);
	size_t wanted = count * ENTRY_BYTES, have = 0;

	while (have < wanted) {
		ssize_t got = pread(fd, (char *)entries + have, wanted - have, from + (off_t)have);

		if (got < 0 && errno == EINTR)
			continue;
		if (got <= 0)
			break;
		have += (size_t)got;
	}
	return (uint32_t)(have / ENTRY_BYTES);
}

static void
set_zero(struct page *pages, uint32_t first, uint32_t end, enum tri zero)
{
	for (uint32_t i = first; i < end; i++)
		pages[i].zero = (int8_t)zero;
}

bool
pagemap_scan_zero(int fd, uint64_t address, uint32_t page_size, struct page *pages, uint32_t count)
{
	struct scan_region regions[REGIONS];
	uint64_t end = address + (uint64_t)count * page_size;
	struct scan_request request = {
	    .size = sizeof(request), .start = address, .end = end,
	    .regions = (uintptr_t)regions, .region_count = REGIONS,
	    .all_of = SCAN_PFNZERO, .wanted = SCAN_PFNZERO,
	};
	uint32_t done = 0;

	while (request.start < end) {
		int found = ioctl(fd, SCAN, &request);

		if (found < 0 || request.walk_end <= request.start)
			return false;
		for (int i = 0; i < found; i++) {
			uint32_t first = (uint32_t)((regions[i].start - address) / page_size);
			uint32_t last = (uint32_t)((regions[i].end - address) / page_size);

			set_zero(pages, done, first, TRI_NO);
			set_zero(pages, first, last, TRI_YES);
			done = last;
		}
		request.start = request.walk_end;
	}
	set_zero(pages, done, count, TRI_NO);
	return true;
}

enum tri
pagemap_shows_pfn(uint32_t page_size)
{
	volatile char touched = 1;
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t entry;
	uint32_t got;

	if (fd < 0)
		return TRI_UNKNOWN;
	errno = 0;
	got = pagemap_read(fd, (uintptr_t)&touched, page_size, &entry, 1);
	if (got == 0 && errno == 0)
		errno = EIO;
	close(fd);
	if (got == 0)
		return TRI_UNKNOWN;
	return touched && pm_pfn(entry) ? TRI_YES : TRI_NO;
}
