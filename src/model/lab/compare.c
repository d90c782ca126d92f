#include "config.h"
#include "model/lab/classify.h"

#include <string.h>

#include "model/pagemap_bits.h"

#define MIB_IN_KIB 1024

bool
pagemap_smaps_disagree(const struct page *page, const struct smaps *smaps, uint32_t page_size)
{
	uint32_t kib = page_size / 1024;
	bool present = pm_present(page->pagemap), zero = page->zero == TRI_YES;
	bool resident = present && !zero;

	if (!page->pagemap_known || !smaps || !smaps_is_single(smaps, page_size))
		return false;
	return smaps->rss != (resident ? kib : 0) ||
	    smaps->anonymous != (resident && !(page->pagemap & PM_FILE) ? kib : 0) ||
	    smaps->private_clean + smaps->private_dirty !=
	    (pm_exclusive(page->pagemap) ? kib : 0) ||
	    (smaps->swap != 0) != ((page->pagemap & PM_SWAPPED) != 0);
}

static bool
content_differs(const struct content *one, const struct content *other)
{
	return one->length != other->length || memcmp(one->bytes, other->bytes, one->length) != 0;
}

static bool
perms_differ(const struct smaps *one, const struct smaps *other)
{
	if (!one || !other)
		return one != other;
	return strcmp(one->perms, other->perms) != 0;
}

static bool
frames_differ(
    const struct snapshot *one, uint32_t frame, const struct snapshot *other, uint32_t other_frame)
{
	if (frame >= one->frame_count || other_frame >= other->frame_count)
		return (frame < one->frame_count) != (other_frame < other->frame_count);
	return !frame_same(&one->frames[frame], &other->frames[other_frame]) ||
	    one->frames[frame].processes != other->frames[other_frame].processes;
}

static bool
pages_differ(
    const struct snapshot *one, const struct snapshot *other, size_t process, uint32_t number)
{
	const struct page *page = &one->processes[process].pages[number];
	const struct page *now = &other->processes[process].pages[number];

	return page->state != now->state || page->dirty != now->dirty ||
	    page->mapped_by != now->mapped_by || page->disagrees != now->disagrees ||
	    (page->pagemap & ~PM_PFN_MASK) != (now->pagemap & ~PM_PFN_MASK) ||
	    frames_differ(one, page->frame, other, now->frame) ||
	    content_differs(&page->content, &now->content) ||
	    perms_differ(page_smaps(&one->processes[process], number),
		page_smaps(&other->processes[process], number));
}

static bool
file_pages_differ(const struct file_page *one, const struct file_page *other)
{
	return one->cached != other->cached || one->dirty != other->dirty ||
	    one->writeback != other->writeback || content_differs(&one->content, &other->content);
}

static bool
kib_differ(uint64_t one, uint64_t other)
{
	return one > other ? one - other >= MIB_IN_KIB : other - one >= MIB_IN_KIB;
}

static bool
memory_differs(const struct memory *one, const struct memory *other)
{
	return kib_differ(one->used_kib, other->used_kib) ||
	    kib_differ(one->buff_cache_kib, other->buff_cache_kib) ||
	    kib_differ(one->shared_kib, other->shared_kib) ||
	    kib_differ(one->available_kib, other->available_kib) ||
	    kib_differ(one->dirty_kib, other->dirty_kib);
}

static bool
doings_differ(const struct doings *one, const struct doings *other)
{
	return one->closed != other->closed || one->opens != other->opens ||
	    one->programs != other->programs || one->blocks != other->blocks;
}

static bool
compare_processes_differ(const struct snapshot *one, const struct snapshot *other, size_t index)
{
	const struct process *process = &one->processes[index], *now = &other->processes[index];

	if (process->name != now->name || process->pid != now->pid || process->life != now->life ||
	    doings_differ(&process->did, &now->did) || process->ppid != now->ppid ||
	    process->rss_kib != now->rss_kib || process->pss_kib != now->pss_kib)
		return true;
	for (uint32_t number = 0; number < one->page_count; number++)
		if (pages_differ(one, other, index, number))
			return true;
	return false;
}

bool
snapshot_lab_differs(const struct snapshot *one, const struct snapshot *other)
{
	if (one->lab != other->lab || one->step != other->step ||
	    one->page_count != other->page_count || one->process_count != other->process_count ||
	    one->file_bytes != other->file_bytes || one->file_links != other->file_links ||
	    !one->file_pages != !other->file_pages)
		return true;
	for (size_t i = 0; i < one->process_count; i++)
		if (compare_processes_differ(one, other, i))
			return true;
	for (uint32_t number = 0; one->file_pages && number < one->page_count; number++)
		if (file_pages_differ(&one->file_pages[number], &other->file_pages[number]))
			return true;
	return false;
}

bool
snapshot_differs(const struct snapshot *one, const struct snapshot *other)
{
	return memory_differs(&one->memory, &other->memory) || snapshot_lab_differs(one, other);
}
