#include "config.h"
#include "kernel/content.h"

#include <errno.h>
#include <linux/magic.h>
#include <sys/statfs.h>
#include <sys/uio.h>
#include <unistd.h>

static void
set_length(struct content *content, ssize_t got)
{
	content->length = got > 0 ? (uint8_t)got : 0;
}

/* What a file system without RWF_NOWAIT allows instead, without waiting for a disk. */
enum patience {
	CACHED_NOWAIT, /* it has RWF_NOWAIT */
	ANY,           /* it is in memory as a whole */
	MAPPED_ONLY,   /* it reads through to another one: what is mapped is there */
	NONE,
};

static enum patience
without_nowait(int file)
{
	struct statfs fs;

	if (fstatfs(file, &fs) < 0)
		return NONE;
	if (fs.f_type == TMPFS_MAGIC || fs.f_type == RAMFS_MAGIC)
		return ANY;
	return fs.f_type == OVERLAYFS_SUPER_MAGIC ? MAPPED_ONLY : NONE;
}

static ssize_t
read_cached(
    int file, struct content *content, off_t offset, bool mapped, enum patience *patience)
{
	struct iovec bytes = {content->bytes, CONTENT_MAX};
	ssize_t got = -1;

	if (*patience == CACHED_NOWAIT) {
		got = preadv2(file, &bytes, 1, offset, RWF_NOWAIT);
		if (got < 0 && (errno == EOPNOTSUPP || errno == ENOSYS))
			*patience = without_nowait(file);
	}
	if (*patience == ANY || (*patience == MAPPED_ONLY && mapped))
		got = pread(file, content->bytes, CONTENT_MAX, offset);
	return got;
}

void
content_of_file(int file, uint32_t page_size, struct file_page *pages, const bool *mapped,
    uint32_t count)
{
	enum patience patience = CACHED_NOWAIT;

	for (uint32_t i = 0; i < count; i++)
		if (pages[i].cached == TRI_YES || mapped[i])
			set_length(&pages[i].content,
			    read_cached(file, &pages[i].content, (off_t)i * page_size, mapped[i],
				&patience));
}
