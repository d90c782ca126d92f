#include "config.h"
#include "kernel/disk.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"
#include "kernel/smaps.h"

/* Two pages of the file, each in a VMA of its own. */
struct trial {
	int file, smaps;
	size_t page;
	char *at;
};

static bool
trial_write(const struct trial *trial)
{
	char *bytes = mem_zero(trial->page, 1);
	bool done = true;

	for (int i = 0; i < 2; i++)
		done = done &&
		    pwrite(trial->file, bytes, trial->page, (off_t)(i * trial->page)) ==
			(ssize_t)trial->page;
	free(bytes);
	return done;
}

static void
trial_touch(const struct trial *trial)
{
	for (int i = 0; i < 2; i++)
		(void)*(volatile char *)(trial->at + i * trial->page);
}

/* smaps of the two pages. */
static bool
trial_read(const struct trial *trial, struct smaps pages[2])
{
	uint64_t start = (uintptr_t)trial->at;
	struct smaps_list list = {0};
	size_t expected = 0;
	bool known = smaps_read(&list, trial->smaps, start, start + 2 * trial->page, &expected) &&
	    list.count == 2;

	if (known)
		memcpy(pages, list.list, 2 * sizeof(*pages));
	else
		errno = ENODATA;
	smaps_release(&list);
	return known;
}

static bool
disk_is_dirty(const struct smaps *page)
{
	return page->shared_dirty + page->private_dirty > 0;
}

/* Stores nothing through the mapping: on a full disk that would be SIGBUS. */
static bool
trial_run(const struct trial *trial, struct disk_ways *ways)
{
	struct smaps pages[2];

	if (!trial_write(trial) || fsync(trial->file) < 0 || !trial_write(trial))
		return false;
	trial_touch(trial);
	if (msync(trial->at + trial->page, trial->page, MS_SYNC) < 0 || !trial_read(trial, pages))
		return false;
	ways->writes_back = !disk_is_dirty(&pages[1]);
	ways->page_by_page = disk_is_dirty(&pages[0]) && !disk_is_dirty(&pages[1]);
	trial_touch(trial);
	if (ftruncate(trial->file, (off_t)trial->page) < 0 || !trial_read(trial, pages))
		return false;
	ways->keeps_the_rest = pages[0].rss > 0;
	return true;
}

bool
disk_try(int file, struct disk_ways *ways)
{
	struct trial trial = {.file = file, .page = (size_t)sysconf(_SC_PAGESIZE)};
	bool tried;
	int errnum;

	trial.smaps = open("/proc/self/smaps", O_RDONLY | O_CLOEXEC);
	if (trial.smaps < 0)
		return false;
	trial.at = mmap(NULL, 2 * trial.page, PROT_READ, MAP_SHARED, file, 0);
	tried = trial.at != MAP_FAILED &&
	    madvise(trial.at + trial.page, trial.page, MADV_DONTDUMP) == 0 &&
	    trial_run(&trial, ways);
	errnum = errno;
	if (trial.at != MAP_FAILED)
		munmap(trial.at, 2 * trial.page);
	close(trial.smaps);
	errno = errnum;
	return tried;
}
