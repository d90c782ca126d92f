#include "config.h"
#include "kernel/kpageflags.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#define RUN 512 /* frames per read */
#define GAP 8   /* reading this many unwanted frames costs less than another call */

int
kpageflags_open(void)
{
	return open("/proc/kpageflags", O_RDONLY | O_CLOEXEC);
}

static int
by_pfn(const void *one, const void *other)
{
	uint64_t a = ((const struct frame_query *)one)->pfn;
	uint64_t b = ((const struct frame_query *)other)->pfn;

	return a < b ? -1 : a > b;
}

static size_t
run_length(const struct frame_query *queries, size_t count)
{
	size_t n = 1;

	while (n < count && queries[n].pfn - queries[n - 1].pfn <= GAP &&
	    queries[n].pfn - queries[0].pfn < RUN)
		n++;
	return n;
}

static void
read_run(int fd, const struct frame_query *queries, size_t count)
{
	uint64_t flags[RUN], first = queries[0].pfn;
	size_t frames = (size_t)(queries[count - 1].pfn - first) + 1;
	ssize_t got =
	    pread(fd, flags, frames * sizeof(flags[0]), (off_t)(first * sizeof(flags[0])));
	size_t known = got > 0 ? (size_t)got / sizeof(flags[0]) : 0;

	for (size_t i = 0; i < count && queries[i].pfn - first < known; i++)
		queries[i].page->kpageflags = flags[queries[i].pfn - first];
}

void
kpageflags_read(int fd, struct frame_query *queries, size_t count)
{
	if (count > 1)
		qsort(queries, count, sizeof(*queries), by_pfn);
	for (size_t i = 0, run; i < count; i += run) {
		run = run_length(queries + i, count - i);
		read_run(fd, queries + i, run);
	}
}
