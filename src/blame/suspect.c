#include "config.h"
#include "blame/suspect.h"

#include <elf.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "model/pagemap_bits.h"

static uint64_t
page_bytes(void)
{
	static uint64_t bytes;

	if (!bytes)
		bytes = (uint64_t)sysconf(_SC_PAGESIZE);
	return bytes;
}

static int
open_within(const struct suspect *suspect, const char *name)
{
	return openat(suspect->dir, name, O_RDONLY | O_CLOEXEC);
}

static unsigned
word_of_program(const struct suspect *suspect)
{
	unsigned char ident[EI_NIDENT];
	int fd = open_within(suspect, "exe");
	unsigned word = sizeof(void *);

	if (fd < 0)
		return word;
	if (pread(fd, ident, sizeof(ident), 0) == sizeof(ident) &&
	    memcmp(ident, ELFMAG, SELFMAG) == 0)
		word = ident[EI_CLASS] == ELFCLASS32 ? 4 : 8;
	close(fd);
	return word;
}

bool
suspect_open(struct suspect *suspect, pid_t pid)
{
	char path[32];

	memset(suspect, 0, sizeof(*suspect));
	suspect->pid = pid;
	suspect->pagemap = suspect->contents = -1;
	snprintf(path, sizeof(path), "/proc/%d", (int)pid);
	suspect->dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (suspect->dir < 0)
		return false;
	suspect->pagemap = open_within(suspect, "pagemap");
	suspect->contents = open_within(suspect, "mem");
	suspect->word = word_of_program(suspect);
	if (suspect->pagemap >= 0 && suspect->contents >= 0 && suspect_refresh_maps(suspect))
		return true;
	int errnum = errno;

	suspect_close(suspect);
	errno = errnum;
	return false;
}

static void
suspect_forget_files(struct suspect *suspect)
{
	for (size_t i = 0; i < SUSPECT_FILES; i++)
		if (suspect->files[i].looked_for && suspect->files[i].fd >= 0)
			close(suspect->files[i].fd);
	memset(suspect->files, 0, sizeof(suspect->files));
}

void
suspect_close(struct suspect *suspect)
{
	for (size_t i = 0; i < SUSPECT_CACHE; i++)
		free(suspect->cache[i].bytes);
	suspect_forget_files(suspect);
	maps_release(&suspect->maps);
	for (const int *fd = (const int[]){suspect->dir, suspect->pagemap, suspect->contents, -2};
	     *fd != -2; fd++)
		if (*fd >= 0)
			close(*fd);
	memset(suspect, 0, sizeof(*suspect));
	suspect->dir = suspect->pagemap = suspect->contents = -1;
}

bool
suspect_refresh_maps(struct suspect *suspect)
{
	static uint64_t readings;
	int fd = open_within(suspect, "maps");
	bool read;

	if (fd < 0)
		return false;
	suspect_forget_files(suspect);
	suspect->maps_outdated = false;
	read = maps_read(&suspect->maps, fd);
	suspect->maps_reading = ++readings;
	close(fd);
	return read;
}

void
suspect_forget(struct suspect *suspect)
{
	for (size_t i = 0; i < SUSPECT_CACHE; i++)
		suspect->cache[i].filled = false;
}

const struct vma *
suspect_vma(const struct suspect *suspect, uint64_t address)
{
	const struct vma *list = suspect->maps.list;
	size_t low = 0, high = suspect->maps.count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (list[middle].end <= address)
			low = middle + 1;
		else
			high = middle;
	}
	return low < suspect->maps.count && list[low].start <= address ? &list[low] : NULL;
}

static bool
pagemap_present(const struct suspect *suspect, uint64_t address)
{
	uint64_t entry;

	return pread(suspect->pagemap, &entry, sizeof(entry),
		   (off_t)(address / page_bytes() * sizeof(entry))) == sizeof(entry) &&
	    entry & PM_PRESENT;
}

/* Present at this moment; if it is swapped out before it is read, the kernel brings it back, as it
 * would for the process itself. */
static bool
page_is_present(struct suspect *suspect, uint64_t address)
{
	const struct vma *vma = suspect_vma(suspect, address);

	if (!vma && pagemap_present(suspect, address))
		suspect->maps_outdated = true;
	return vma && vma->kind != REGION_DEVICE && pagemap_present(suspect, address);
}

/* Neither present nor swapped nor a marker: it was never written. */
static bool
page_is_untouched(const struct suspect *suspect, uint64_t address)
{
	uint64_t entry;

	return pread(suspect->pagemap, &entry, sizeof(entry),
		   (off_t)(address / page_bytes() * sizeof(entry))) == sizeof(entry) &&
	    !(entry & (PM_PRESENT | PM_SWAPPED | PM_GUARD));
}

#define GUARD_PAGES 512 /* entries read at a time */

uint64_t
suspect_guard_before(const struct suspect *suspect, uint64_t from, uint64_t to)
{
	uint64_t page = page_bytes(), entries[GUARD_PAGES];

	for (uint64_t end = to / page, first = from / page; end > first;) {
		uint64_t count = end - first < GUARD_PAGES ? end - first : GUARD_PAGES;
		size_t bytes = count * sizeof(*entries);

		end -= count;
		if (pread(suspect->pagemap, entries, bytes, (off_t)(end * sizeof(*entries))) !=
		    (ssize_t)bytes)
			return 0;
		while (count-- > 0)
			if (entries[count] & PM_GUARD)
				return (end + count + 1) * page;
	}
	return 0;
}

static int
file_of(struct suspect *suspect, const struct vma *vma)
{
	struct suspect_file *file;

	for (size_t i = 0; i < SUSPECT_FILES; i++) {
		file = &suspect->files[i];
		if (file->looked_for && file->device == vma->device && file->inode == vma->inode)
			return file->fd;
	}
	file = &suspect->files[suspect->next_file++ % SUSPECT_FILES];
	if (file->looked_for && file->fd >= 0)
		close(file->fd);
	*file =
	    (struct suspect_file){vma->device, vma->inode, suspect_open_file(suspect, vma), true};
	return file->fd;
}

/* As the process would see it: nothing beyond the file's last page. */
static bool
page_from_file(struct suspect *suspect, struct suspect_page *page)
{
	const struct vma *vma = suspect_vma(suspect, page->address);
	ssize_t got;
	int fd;

	if (!vma || vma->kind != REGION_FILE || !page_is_untouched(suspect, page->address))
		return false;
	fd = file_of(suspect, vma);
	got = fd < 0 ? -1
		     : pread(fd, page->bytes, page_bytes(),
			   (off_t)(vma->offset + (page->address - vma->start)));
	if (got <= 0)
		return false;
	memset(page->bytes + got, 0, page_bytes() - (size_t)got);
	return true;
}

static const struct suspect_page *
page_at(struct suspect *suspect, uint64_t address)
{
	struct suspect_page *page = &suspect->cache[address / page_bytes() % SUSPECT_CACHE];

	if (page->filled && page->address == address)
		return page;
	if (!page->bytes)
		page->bytes = mem_zero(1, page_bytes());
	page->address = address;
	page->filled = true;
	page->present = page_is_present(suspect, address)
	    ? pread(suspect->contents, page->bytes, page_bytes(), (off_t)address) ==
		(ssize_t)page_bytes()
	    : page_from_file(suspect, page);
	suspect->reads++;
	return page;
}

static bool
suspect_read(void *of, uint64_t address, void *bytes, size_t size)
{
	struct suspect *suspect = of;
	uint8_t *to = bytes;

	while (size) {
		uint64_t within = address % page_bytes();
		size_t part = page_bytes() - within;
		const struct suspect_page *page;

		if (address > INT64_MAX)
			return false;
		page = page_at(suspect, address - within);
		if (!page->present)
			return false;
		part = part < size ? part : size;
		memcpy(to, page->bytes + within, part);
		to += part;
		address += part;
		size -= part;
	}
	return true;
}

struct memory_reader
suspect_memory(struct suspect *suspect)
{
	return (struct memory_reader){suspect_read, suspect, suspect->word};
}
