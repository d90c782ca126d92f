#include "config.h"
#include "attach/reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/i18n.h"
#include "kernel/kpageflags.h"
#include "kernel/pagemap.h"
#include "kernel/scan.h"
#include "model/pagemap_bits.h"

#define KSM_SHARED "/sys/kernel/mm/ksm/pages_shared"
#define HUGE_SIZE "/sys/kernel/mm/transparent_hugepage/hpage_pmd_size"

/* The number in a file of /sys; otherwise if there is none. */
static size_t
number_in(const char *path, size_t otherwise)
{
	FILE *file = fopen(path, "re");
	size_t number = otherwise;

	if (!file)
		return otherwise;
	if (fscanf(file, "%zu", &number) != 1)
		number = otherwise;
	fclose(file);
	return number;
}

/* Does bit 34 show a page of our own that we have written? And does KPF_KSM, though it cannot be
 * merged? */
static void
reader_try_flags(struct reader *reader, int own_pagemap)
{
	char *page = mmap(
	    NULL, reader->page_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	uint64_t entry = 0, flags;

	if (page == MAP_FAILED)
		return;
	/* in a huge page only the first frame has the bit */
	madvise(page, reader->page_size, MADV_NOHUGEPAGE);
	*(volatile char *)page = 1;
	reader_entries(reader, own_pagemap, (uintptr_t)page, &entry, 1);
	flags = reader_flags(reader, pm_pfn(entry));
	munmap(page, reader->page_size);
	reader->exclusive = flags & KPF_ANON_EXCLUSIVE;
	reader->ksm_flags_all = flags & KPF_KSM;
}

int
reader_open(struct reader *reader, struct err *err)
{
	int own = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	uint64_t at;
	struct scan_range range;

	memset(reader, 0, sizeof(*reader));
	reader->kpagecount = reader->kpageflags = -1;
	if (own < 0)
		return err_sys(err, ERR_MACHINE, errno, _("cannot read /proc/self/pagemap"));
	reader->page_size = (uint32_t)sysconf(_SC_PAGESIZE);
	pagemap_zero_page(reader->page_size, &reader->zero_pfn);
	reader->pfn = pagemap_shows_pfn(reader->page_size) == TRI_YES;
	at = (uintptr_t)&range / reader->page_size * reader->page_size;
	reader->scan = scan_ranges(own, &at, at + reader->page_size, SCAN_PRESENT, &range, 1) >= 0;
	reader->huge_pages = number_in(HUGE_SIZE, 0) / reader->page_size;
	if (reader->pfn) {
		reader->kpageflags = kpageflags_open();
		reader->kpagecount = open("/proc/kpagecount", O_RDONLY | O_CLOEXEC);
		reader_try_flags(reader, own);
	}
	close(own);
	return 0;
}

void
reader_close(struct reader *reader)
{
	if (reader->kpagecount >= 0)
		close(reader->kpagecount);
	if (reader->kpageflags >= 0)
		close(reader->kpageflags);
}

void
reader_refresh(struct reader *reader)
{
	reader->ksm_merged = reader->ksm_flags_all && number_in(KSM_SHARED, 1);
}

bool
reader_is_merged(const struct reader *reader, uint64_t flags)
{
	return flags & KPF_KSM && (!reader->ksm_flags_all || reader->ksm_merged);
}

bool
reader_entries(
    const struct reader *reader, int pagemap, uint64_t address, uint64_t *entries, size_t count)
{
	errno = 0;
	return pagemap_read(pagemap, address, reader->page_size, entries, (uint32_t)count) == count;
}

uint64_t
reader_next(const struct reader *reader, int pagemap, uint64_t address, uint64_t end)
{
	if (reader->scan)
		/* if it fails, the reading will show it */
		scan_first(pagemap, &address, end, SCAN_PRESENT | SCAN_SWAPPED);
	return address;
}

/* Reads the 8 bytes of each of count frames from a file of /proc that is indexed by PFN. */
static bool
read_frames(int fd, uint64_t pfn, uint64_t *values, size_t count)
{
	size_t bytes = count * sizeof(*values);
	ssize_t got;

	if (fd < 0 || !pfn)
		return false;
	do
		got = pread(fd, values, bytes, (off_t)(pfn * sizeof(*values)));
	while (got < 0 && errno == EINTR);
	return got == (ssize_t)bytes;
}

bool
reader_counts(const struct reader *reader, uint64_t pfn, uint64_t *counts, size_t count)
{
	return read_frames(reader->kpagecount, pfn, counts, count);
}

uint64_t
reader_flags(const struct reader *reader, uint64_t pfn)
{
	uint64_t flags;

	return read_frames(reader->kpageflags, pfn, &flags, 1) ? flags : 0;
}

bool
reader_flags_run(const struct reader *reader, uint64_t pfn, uint64_t *flags, size_t count)
{
	ssize_t bytes = (ssize_t)(count * sizeof(*flags));

	return reader->kpageflags >= 0 && pfn &&
	    pread(reader->kpageflags, flags, (size_t)bytes, (off_t)(pfn * sizeof(*flags))) == bytes;
}
