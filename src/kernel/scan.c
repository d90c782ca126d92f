#include "config.h"
#include "kernel/scan.h"

#include <errno.h>
#include <sys/ioctl.h>

/* The kernel's struct pm_scan_arg, which older headers lack. */
struct scan_request {
	uint64_t size, flags;
	uint64_t start, end, walk_end;
	uint64_t ranges, range_count, max_pages;
	uint64_t inverted, all_of, any_of, wanted;
};

#define SCAN _IOWR('f', 16, struct scan_request)

static int
scan(int pagemap, struct scan_request *request)
{
	int found;

	do
		found = ioctl(pagemap, SCAN, request);
	while (found < 0 && errno == EINTR);
	if (found < 0)
		return -1;
	if (request->walk_end <= request->start) {
		errno = EIO;
		return -1;
	}
	return found;
}

int
scan_ranges(int pagemap, uint64_t *at, uint64_t end, uint64_t any_of, struct scan_range *ranges,
    unsigned room)
{
	struct scan_request request = {
	    .size = sizeof(request),
	    .start = *at,
	    .end = end,
	    .ranges = (uintptr_t)ranges,
	    .range_count = room,
	    .any_of = any_of,
	    .wanted = any_of,
	};
	int found = scan(pagemap, &request);

	if (found >= 0)
		*at = request.walk_end;
	return found;
}

int
scan_first(int pagemap, uint64_t *address, uint64_t end, uint64_t any_of)
{
	struct scan_range range;
	struct scan_request request = {
	    .size = sizeof(request),
	    .start = *address,
	    .end = end,
	    .ranges = (uintptr_t)&range,
	    .range_count = 1,
	    .max_pages = 1,
	    .any_of = any_of,
	    .wanted = any_of,
	};

	while (request.start < end) {
		int found = scan(pagemap, &request);

		if (found < 0)
			return -1;
		if (found > 0) {
			*address = range.start;
			return 0;
		}
		request.start = request.walk_end;
	}
	*address = end;
	return 0;
}
