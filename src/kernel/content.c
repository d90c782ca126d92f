#include "config.h"
#include "kernel/content.h"
#include "base/libc.h"

#include <errno.h>
#include <sys/uio.h>
#include <unistd.h>

/*
 * RWF_NOWAIT where it is available: overlayfs, FUSE and NFS lack it, and a container's rules may
 * refuse preadv2(2) altogether. A plain read of a page in memory doesn't wait either.
 */
static ssize_t
content_read(int file, struct content *content, off_t offset, bool *nowait)
{
#ifdef HAVE_PREADV2
	struct iovec bytes = {content->bytes, CONTENT_MAX};

	if (*nowait) {
		ssize_t got = preadv2(file, &bytes, 1, offset, RWF_NOWAIT);

		if (got >= 0 || errno == EAGAIN)
			return got;
	}
#endif
	*nowait = false;
	return pread(file, content->bytes, CONTENT_MAX, offset);
}

void
content_of_file(
    int file, uint32_t page_size, struct file_page *pages, const bool *mapped, uint32_t count)
{
	bool nowait = true;

	for (uint32_t i = 0; i < count; i++) {
		ssize_t got = 0;

		if (pages[i].cached == TRI_YES || mapped[i])
			got = content_read(file, &pages[i].content, (off_t)i * page_size, &nowait);
		pages[i].content.length = got > 0 ? (uint8_t)got : 0;
	}
}
