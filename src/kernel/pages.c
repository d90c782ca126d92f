#include "config.h"
#include "kernel/sampling.h"
#include "kernel/pagemap.h"
#include "base/mem.h"
#include "model/classify.h"
#include "model/pagemap.h"

#include <errno.h>
#include <stdlib.h>

uint64_t
sampling_clock_ns(clockid_t clock)
{
	struct timespec now;

	clock_gettime(clock, &now);
	return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

size_t
sampling_slot(const struct process *process)
{
	return (size_t)(process->name - 'a') % PROCESSES_MAX;
}

const struct process *
sampling_before(const struct sampling *s, const struct process *process)
{
	const struct process *before =
	    s->before ? snapshot_process(s->before, process->name) : NULL;

	if (!before || before->pid != process->pid || before->address != process->address)
		return NULL;
	return before;
}

static void
read_entries(struct sampling *s, const struct subject *subject, struct process *process)
{
	struct kernel *kernel = s->kernel;
	uint32_t count = s->request->page_count, got = 0;

	if (!subject->dead && subject->pagemap >= 0)
		got = pagemap_read(subject->pagemap, subject->address, kernel->machine.page_size,
		    kernel->entries, count);
	for (uint32_t i = 0; i < count; i++) {
		process->pages[i].pagemap_known = i < got;
		process->pages[i].pagemap = i < got ? kernel->entries[i] : 0;
	}
}

static void
keep_entries(struct process *process, const struct smaps *list, size_t count)
{
	free(process->vmas);
	process->vmas = count ? mem_copy(list, count * sizeof(*list)) : NULL;
	process->vma_count = count;
	process->rss_kib = process->pss_kib = 0;
	for (size_t i = 0; i < count; i++) {
		process->rss_kib += list[i].rss;
		process->pss_kib += list[i].pss;
	}
}

static void
read_smaps(struct sampling *s, const struct subject *subject, struct process *process)
{
	struct kernel *kernel = s->kernel;
	uint64_t end =
	    subject->address + (uint64_t)s->request->page_count * kernel->machine.page_size;
	bool known = !subject->dead && subject->smaps >= 0 &&
		     smaps_read(&kernel->smaps, subject->smaps, subject->address, end,
			 &kernel->smaps_bytes[sampling_slot(process)]);

	if (!known)
		smaps_begin(&kernel->smaps, 0, 0);
	keep_entries(process, kernel->smaps.list, kernel->smaps.count);
	if (!known)
		process->rss_kib = process->pss_kib = COUNT_UNKNOWN;
}

bool
sampling_same_entries(
    const struct sampling *s, const struct process *one, const struct process *other)
{
	for (uint32_t i = 0; i < s->request->page_count; i++)
		if (one->pages[i].pagemap != other->pages[i].pagemap)
			return false;
	return true;
}

static void
keep_or_read_smaps(struct sampling *s, const struct subject *subject, struct process *process)
{
	const struct process *before = s->keep_smaps ? sampling_before(s, process) : NULL;
	uint64_t began = sampling_clock_ns(CLOCK_MONOTONIC);

	if (before && before->vma_count && process->pages[0].pagemap_known &&
	    sampling_same_entries(s, before, process)) {
		keep_entries(process, before->vmas, before->vma_count);
	} else {
		read_smaps(s, subject, process);
		s->smaps_ns += sampling_clock_ns(CLOCK_MONOTONIC) - began;
	}
}

static void
place_pages(struct sampling *s, struct process *process)
{
	uint32_t page_size = s->kernel->machine.page_size;
	size_t vma = 0;

	for (uint32_t i = 0; i < s->request->page_count; i++) {
		uint64_t at = process->address + (uint64_t)i * page_size;

		while (vma < process->vma_count && process->vmas[vma].end <= at)
			vma++;
		process->pages[i].vma =
		    vma < process->vma_count && process->vmas[vma].start <= at ? (int32_t)vma : -1;
	}
}

static enum tri
zero_by_smaps(const struct process *process, const struct page *page, uint32_t page_size)
{
	const struct smaps *smaps = page->vma < 0 ? NULL : &process->vmas[page->vma];

	if (!smaps || !smaps_is_single(smaps, page_size))
		return TRI_UNKNOWN;
	return smaps->rss == 0 && smaps->swap == 0 ? TRI_YES : TRI_NO;
}

static void
find_zero(struct sampling *s, const struct subject *subject, struct process *process)
{
	uint32_t count = s->request->page_count, page_size = s->kernel->machine.page_size;
	bool possible = false;

	for (uint32_t i = 0; i < count; i++) {
		struct page *page = &process->pages[i];
		bool may_be = pm_anonymous(page->pagemap);

		possible = possible || may_be;
		page->zero = page->pagemap_known ? TRI_NO : TRI_UNKNOWN;
		if (may_be)
			page->zero = (int8_t)zero_by_smaps(process, page, page_size);
	}
	if (!possible || s->kernel->no_scan)
		return;
	if (!pagemap_scan_zero(
		subject->pagemap, process->address, page_size, process->pages, count))
		s->kernel->no_scan = errno == ENOTTY;
}

static bool
mark_disagreeing(struct sampling *s, struct process *process)
{
	bool any = false;

	for (uint32_t i = 0; i < s->request->page_count; i++) {
		struct page *page = &process->pages[i];

		page->disagrees = page->pagemap_known && page->vma >= 0 &&
				  pagemap_smaps_disagree(page, &process->vmas[page->vma],
				      s->kernel->machine.page_size);
		any = any || page->disagrees;
	}
	return any;
}

void
sampling_read_pages(struct sampling *s, const struct subject *subject, struct process *process)
{
	for (int reading = 0; reading < 2; reading++) {
		read_entries(s, subject, process);
		if (reading == 0)
			keep_or_read_smaps(s, subject, process);
		else
			read_smaps(s, subject, process);
		place_pages(s, process);
		find_zero(s, subject, process);
		if (!mark_disagreeing(s, process))
			return;
	}
}
