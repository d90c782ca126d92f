#include "config.h"
#include "app/lab/able.h"
#include "base/i18n.h"
#include "kernel/cachestat.h"
#include "kernel/disk.h"
#include "kernel/kernel.h"
#include "kernel/pagemap.h"
#include "lab/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sysinfo.h>
#include <unistd.h>

static bool
is_root(struct buf *reason)
{
	if (geteuid() == 0)
		return true;
	buf_add(reason, _("This needs root: sudo cowscope."));
	return false;
}

static bool
shows_pfn(struct buf *reason)
{
	if (pagemap_shows_pfn((uint32_t)sysconf(_SC_PAGESIZE)) == TRI_YES)
		return true;
	buf_add(reason, _("The kernel shows page frame numbers only to root (CAP_SYS_ADMIN)."));
	return false;
}

static bool
read_setting(const char *path, char text[64])
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got = fd < 0 ? -1 : read(fd, text, 63);

	if (fd >= 0)
		close(fd);
	text[got > 0 ? got : 0] = '\0';
	return got > 0;
}

static bool
merges(struct buf *reason)
{
	char run[64];

	if (!read_setting("/sys/kernel/mm/ksm/run", run)) {
		buf_add(reason, _("This kernel was built without KSM."));
		return false;
	}
	if (run[0] == '1')
		return true;
	buf_add(reason,
	    _("KSM is switched off; as root, echo 1 > /sys/kernel/mm/ksm/run switches it on for the whole system."));
	return false;
}

static bool
swaps(struct buf *reason)
{
	struct sysinfo info;

	if (sysinfo(&info) == 0 && info.freeswap > 0)
		return true;
	buf_add(reason,
	    info.totalswap ? _("The swap is full.") : _("There is no swap; swapon(8) adds some."));
	return false;
}

static bool
has_huge_pages(struct buf *reason)
{
	char enabled[64];

	if (!read_setting("/sys/kernel/mm/transparent_hugepage/enabled", enabled))
		buf_add(reason, _("This kernel was built without transparent huge pages."));
	else if (strstr(enabled, "[never]"))
		buf_add(reason,
		    _("Transparent huge pages are switched off in /sys/kernel/mm/transparent_hugepage/enabled."));
	else
		return true;
	return false;
}

/* What the file system of the lab's own file does. */
struct file_ways {
	bool tried, known, counts, nameless;
	int errnum;       /* why it is unknown */
	const char *name; /* NULL: unknown */
	struct disk_ways disk;
};

static const struct file_ways *
file_ways(void)
{
	static struct file_ways ways;
	int file;

	if (ways.tried)
		return &ways;
	ways.tried = true;
	file = lab_file_nameless(&ways.nameless);
	ways.known = file >= 0 && disk_try(file, &ways.disk);
	ways.errnum = errno;
	ways.counts = file >= 0 && cachestat_works(file);
	ways.name = kernel_filesystem(file);
	if (file >= 0)
		close(file);
	return &ways;
}

static bool
is_way(bool way, struct buf *reason, const char *why)
{
	const struct file_ways *ways = file_ways();

	if (!ways->known)
		buf_addf(reason, _("The file system of the lab's file could not be tested: %s."),
		    strerror(ways->errnum));
	else if (!way)
		buf_addf(reason, why, ways->name ? ways->name : "?");
	return ways->known && way;
}

static bool
counts_cache(struct buf *reason)
{
	if (!file_ways()->counts)
		buf_add(reason,
		    _("cachestat(2) does not work here: it needs Linux 6.5, and does not work on overlay file systems."));
	return file_ways()->counts;
}

static bool
able_writes_back(struct buf *reason)
{
	return is_way(file_ways()->disk.writes_back, reason,
	    _("No disk backs the file system of the lab's file (%s); TMPDIR chooses another directory."));
}

static bool
syncs_pages(struct buf *reason)
{
	return able_writes_back(reason) &&
	    is_way(file_ways()->disk.page_by_page, reason,
		_("On the file system of the lab's file (%s) msync writes back more pages than it is asked to; TMPDIR chooses another directory."));
}

static bool
cuts_pages(struct buf *reason)
{
	return is_way(file_ways()->disk.keeps_the_rest, reason,
	    _("On the file system of the lab's file (%s) truncating the file drops all of its pages from memory; TMPDIR chooses another directory."));
}

static bool
links_nameless(struct buf *reason)
{
	return is_way(file_ways()->nameless, reason,
	    _("On the file system of the lab's file (%s) a file without a name can't be given one; TMPDIR chooses another directory."));
}

/* A FUSE file system is a program, whose own file has pages too; they stay until that program frees
 * them. */
static bool
caches_once(struct buf *reason)
{
	const char *name = file_ways()->name;

	return is_way(!name || strcmp(name, "fuse") != 0, reason,
	    _("On the file system of the lab's file (%s) each page is cached twice; TMPDIR chooses another directory."));
}

static bool
lends_zeros(struct buf *reason)
{
	uint64_t pfn;

	if (pagemap_zero_page((uint32_t)sysconf(_SC_PAGESIZE), &pfn) == TRI_YES)
		return true;
	buf_add(reason,
	    _("This kernel has no shared page of zeros: a process that reads a page never written gets a frame of its own."));
	return false;
}

/* KiB; false: unknown. */
static bool
read_available(unsigned long long *available)
{
	FILE *file = fopen("/proc/meminfo", "re");
	bool found = false;
	char line[128];

	while (file && !found && fgets(line, sizeof(line), file))
		found = sscanf(line, "MemAvailable: %llu", available) == 1;
	if (file)
		fclose(file);
	return found;
}

static bool
able_has_memory(uint64_t bytes, struct buf *reason)
{
	const uint64_t usual = UINT64_C(1) << 30;
	unsigned long long available, taken = bytes >> 20, margin = ABLE_MARGIN >> 20;

	if (!read_available(&available))
		buf_add(reason, _("The available memory is not known."));
	else if (available >= (bytes ? bytes + ABLE_MARGIN : usual) >> 10)
		return true;
	else if (bytes)
		buf_addf(reason,
		    _("This step takes %1$llu MiB of memory and leaves %2$llu MiB to others, but %3$llu MiB are available."),
		    taken, margin, available >> 10);
	else
		buf_addf(reason, _("This needs %1$llu MiB of available memory; there are %2$llu."),
		    (unsigned long long)(usual >> 20), available >> 10);
	return false;
}

const char *const able_words[] = {"root", "pfn", "ksm", "swap", "thp", "cachestat", "disk",
    "page-sync", "page-cut", "linkat", "one-cache", "zero-page", "memory", NULL};

bool
able(const char *need, uint64_t bytes, struct buf *reason)
{
	static bool (*const probes[])(struct buf *) = {is_root, shows_pfn, merges, swaps,
	    has_huge_pages, counts_cache, able_writes_back, syncs_pages, cuts_pages, links_nameless,
	    caches_once, lends_zeros};

	if (strcmp(need, "memory") == 0)
		return able_has_memory(bytes, reason);
	for (size_t i = 0; i < sizeof(probes) / sizeof(*probes); i++)
		if (strcmp(able_words[i], need) == 0)
			return probes[i](reason);
	buf_addf(reason, _("There is no such need: %s."), need);
	return false;
}
