#include "config.h"
#include "kernel/pagemap.h"
#include "kernel/scan.h"
#include "model/pagemap_bits.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#define ENTRY_BYTES sizeof(uint64_t)
#define RANGES 64

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
	struct scan_range ranges[RANGES];
	uint64_t at = address, end = address + (uint64_t)count * page_size;
	uint32_t done = 0;

	while (at < end) {
		int found = scan_ranges(fd, &at, end, SCAN_PFNZERO, ranges, RANGES);

		if (found < 0)
			return false;
		for (int i = 0; i < found; i++) {
			uint32_t first = (uint32_t)((ranges[i].start - address) / page_size);
			uint32_t last = (uint32_t)((ranges[i].end - address) / page_size);

			set_zero(pages, done, first, TRI_NO);
			set_zero(pages, first, last, TRI_YES);
			done = last;
		}
	}
	set_zero(pages, done, count, TRI_NO);
	return true;
}

/* The page of zeros is mapped everywhere, and so never exclusively. */
enum tri
pagemap_zero_page(uint32_t page_size, uint64_t *pfn)
{
	volatile char *page =
	    mmap(NULL, page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	enum tri zero = TRI_UNKNOWN;
	uint64_t entry;

	*pfn = 0;
	if (fd >= 0 && page != MAP_FAILED) {
		madvise((void *)(uintptr_t)page, page_size, MADV_NOHUGEPAGE);
		if (page[0] == 0 && pagemap_read(fd, (uintptr_t)page, page_size, &entry, 1) == 1 &&
		    pm_present(entry))
			zero = pm_exclusive(entry) ? TRI_NO : TRI_YES;
	}
	if (zero == TRI_YES)
		*pfn = pm_pfn(entry);
	if (page != MAP_FAILED)
		munmap((void *)(uintptr_t)page, page_size);
	if (fd >= 0)
		close(fd);
	return zero;
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
