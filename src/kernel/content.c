#include "config.h"
#include "kernel/content.h"
#include "model/pagemap.h"

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

/* Where there is no disk to wait for, RWF_NOWAIT may be missing and is not needed. */
static bool
in_memory(int file)
{
	struct statfs fs;

	return fstatfs(file, &fs) == 0 && (fs.f_type == TMPFS_MAGIC || fs.f_type == RAMFS_MAGIC);
}

static ssize_t
read_cached(int file, struct content *content, off_t offset, bool *refused)
{
	struct iovec bytes = {content->bytes, CONTENT_MAX};
	ssize_t got;

	if (*refused)
		return pread(file, content->bytes, CONTENT_MAX, offset);
	got = preadv2(file, &bytes, 1, offset, RWF_NOWAIT);
	if (got < 0 && (errno == EOPNOTSUPP || errno == ENOSYS) && in_memory(file)) {
		*refused = true;
		got = pread(file, content->bytes, CONTENT_MAX, offset);
	}
	return got;
}

void
content_of_file(int file, uint32_t page_size, struct file_page *pages, uint32_t count)
{
	bool refused = false;

	for (uint32_t i = 0; i < count; i++)
		if (pages[i].cached == TRI_YES)
			set_length(&pages[i].content,
			    read_cached(file, &pages[i].content, (off_t)i * page_size, &refused));
}

/* Its bytes are those of the last time: same entry, and nobody could have written there. */
static bool
unchanged(const struct content_source *source, const struct page *page, uint32_t i)
{
	const struct page *before = source->before ? &source->before->pages[i] : NULL;

	return before && before->content.length && !source->changing &&
	       !(source->touched && source->touched[i]) &&
	       ((before->pagemap ^ page->pagemap) & PM_MEANING) == 0;
}

static void
content_of_page(
    struct page *page, const struct content_source *source, uint64_t address, uint32_t i)
{
	bool of_file = source->has_file && !pm_anonymous(page->pagemap);

	if (of_file && source->file_pages && source->file_pages[i].content.length)
		page->content = source->file_pages[i].content;
	else if (!of_file && unchanged(source, page, i))
		page->content = source->before->pages[i].content;
	else if (source->mem >= 0)
		set_length(&page->content,
		    pread(source->mem, page->content.bytes, CONTENT_MAX, (off_t)address));
}

void
content_of_process(struct process *process, const struct content_source *source)
{
	for (uint32_t i = 0; i < source->page_count; i++)
		if (pm_present(process->pages[i].pagemap))
			content_of_page(&process->pages[i], source,
			    process->address + (uint64_t)i * source->page_size, i);
}
