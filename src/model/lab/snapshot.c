#include "config.h"
#include "model/lab/snapshot.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/pagemap_bits.h"

struct snapshot *
snapshot_new(uint32_t page_count, size_t process_count)
{
	struct snapshot *snapshot = mem_zero(1, sizeof(*snapshot));

	snapshot->self = snapshot;
	snapshot->holders = 1;
	snapshot->page_count = page_count;
	snapshot->process_count = process_count;
	snapshot->file_bytes = snapshot->file_links = COUNT_UNKNOWN;
	snapshot->machine.pfn = TRI_UNKNOWN;
	snapshot->memory = (struct memory){COUNT_UNKNOWN, COUNT_UNKNOWN, COUNT_UNKNOWN,
	    COUNT_UNKNOWN, COUNT_UNKNOWN, COUNT_UNKNOWN};
	for (size_t i = 0; i < process_count; i++) {
		struct process *process = &snapshot->processes[i];

		process->exit_status = -1;
		process->minor_faults = process->major_faults = COUNT_UNKNOWN;
		process->rss_anon_kib = process->rss_file_kib = process->rss_shmem_kib =
		    COUNT_UNKNOWN;
		process->rss_kib = process->pss_kib = COUNT_UNKNOWN;
		process->pages = mem_zero(page_count, sizeof(*process->pages));
		for (uint32_t page = 0; page < page_count; page++) {
			process->pages[page].vma = -1;
			process->pages[page].zero = TRI_UNKNOWN;
			process->pages[page].dirty = TRI_UNKNOWN;
			process->pages[page].state = PAGE_UNKNOWN;
			process->pages[page].frame = FRAME_NONE;
		}
	}
	return snapshot;
}

const struct snapshot *
snapshot_hold(const struct snapshot *snapshot)
{
	if (snapshot)
		snapshot->self->holders++;
	return snapshot;
}

void
snapshot_free(const struct snapshot *held)
{
	struct snapshot *snapshot = held ? held->self : NULL;

	if (!snapshot || --snapshot->holders)
		return;
	for (size_t i = 0; i < snapshot->process_count; i++) {
		free(snapshot->processes[i].pages);
		free(snapshot->processes[i].vmas);
	}
	free(snapshot->command);
	free(snapshot->path);
	free(snapshot->filesystem);
	free(snapshot->file_pages);
	free(snapshot->acts);
	free(snapshot->frames);
	free(snapshot);
}

size_t
snapshot_bytes(const struct snapshot *snapshot)
{
	size_t bytes = sizeof(*snapshot);

	for (size_t i = 0; i < snapshot->process_count; i++)
		bytes += snapshot->page_count * sizeof(struct page) +
		    snapshot->processes[i].vma_count * sizeof(struct smaps);
	if (snapshot->file_pages)
		bytes += snapshot->page_count * sizeof(struct file_page);
	bytes += snapshot->act_count * sizeof(struct act);
	bytes += snapshot->frame_count * sizeof(struct frame);
	return bytes;
}

const struct process *
snapshot_process(const struct snapshot *snapshot, char name)
{
	for (size_t i = 0; i < snapshot->process_count; i++)
		if (snapshot->processes[i].name == name)
			return &snapshot->processes[i];
	return NULL;
}

const struct smaps *
page_smaps(const struct process *process, uint32_t page)
{
	int32_t vma = process->pages[page].vma;

	return vma < 0 || (size_t)vma >= process->vma_count ? NULL : &process->vmas[vma];
}

uint32_t
page_file_page(const struct snapshot *snapshot, const struct process *process, uint32_t page)
{
	const struct smaps *smaps = page_smaps(process, page);
	uint64_t at = process->address + (uint64_t)page * snapshot->machine.page_size;

	if (!smaps || !kind_has_file(snapshot->kind))
		return page;
	at = (smaps->offset + at - smaps->start) / snapshot->machine.page_size;
	return at < FRAME_NONE ? (uint32_t)at : FRAME_NONE - 1;
}

struct frame
page_file_frame(const struct snapshot *snapshot, const struct process *process, uint32_t page)
{
	uint32_t object = process->pages[page].object, generation = object ? object - 1 : 0;

	return (struct frame){
	    .page = page_file_page(snapshot, process, page),
	    .object = object,
	    .owner = 'F',
	    .birth = BIRTH_FILE,
	    .generation = (uint8_t)(generation < UINT8_MAX ? generation : UINT8_MAX),
	};
}

bool
page_is_of_file(const struct page *page)
{
	return pm_present(page->pagemap) && page->pagemap & PM_FILE && page->zero != TRI_YES;
}

bool
page_is_protected(const struct snapshot *snapshot, const struct process *process, uint32_t page)
{
	const struct smaps *smaps = page_smaps(process, page);

	return smaps && strncmp(smaps->perms, snapshot->read_only ? "r--" : "rw-", 3) != 0;
}

bool
page_is_shared(const struct snapshot *snapshot, const struct process *process, uint32_t page)
{
	const struct smaps *smaps = page_smaps(process, page);

	return smaps ? smaps->perms[3] == 's' : kind_is_shared(snapshot->kind);
}

bool
smaps_is_single(const struct smaps *smaps, uint32_t page_size)
{
	return smaps->end - smaps->start == page_size;
}

const char *
frame_name(const struct frame *frame, char name[FRAME_NAME_MAX])
{
	static const char *const primes[] = {"", "'", "''"};

	if (frame->birth == BIRTH_ZERO)
		snprintf(name, FRAME_NAME_MAX, "Z");
	else if (frame->generation < 3)
		snprintf(name, FRAME_NAME_MAX, "%c%u%s", frame->owner, frame->page,
		    primes[frame->generation]);
	else
		snprintf(
		    name, FRAME_NAME_MAX, "%c%u'%u", frame->owner, frame->page, frame->generation);
	return name;
}

const char *
snapshot_frame_name(const struct snapshot *snapshot, uint32_t frame, char name[FRAME_NAME_MAX])
{
	name[0] = '\0';
	return frame < snapshot->frame_count ? frame_name(&snapshot->frames[frame], name) : name;
}

bool
frame_is_anonymous(const struct frame *frame)
{
	return frame->birth == BIRTH_FILLED || frame->birth == BIRTH_COPIED ||
	    frame->birth == BIRTH_UNKNOWN;
}

bool
act_is_sure(const struct act *act, const struct frame *frame)
{
	return !frame->loose || act->minor + act->major == 0 ||
	    (pm_pfn(act->before) && pm_pfn(act->after));
}

bool
frame_same(const struct frame *one, const struct frame *other)
{
	return one->owner == other->owner && one->page == other->page &&
	    one->generation == other->generation && one->object == other->object;
}

size_t
snapshot_first_frame(const struct snapshot *snapshot, uint32_t page)
{
	size_t low = 0, high = snapshot->frame_count;

	if (high > 0 && snapshot->frames[high - 1].birth == BIRTH_ZERO)
		high--;
	while (low < high) {
		size_t middle = (low + high) / 2;

		if (snapshot->frames[middle].page < page)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

const struct frame *
snapshot_find_frame(const struct snapshot *snapshot, const struct frame *frame)
{
	size_t count = snapshot->frame_count;
	const struct frame *last = count ? &snapshot->frames[count - 1] : NULL;

	if (frame->birth == BIRTH_ZERO)
		return last && last->birth == BIRTH_ZERO ? last : NULL;
	for (size_t i = snapshot_first_frame(snapshot, frame->page); i < count; i++) {
		if (snapshot->frames[i].page != frame->page)
			break;
		if (frame_same(&snapshot->frames[i], frame))
			return &snapshot->frames[i];
	}
	return NULL;
}
