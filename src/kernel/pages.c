#include "config.h"
#include "kernel/sampling.h"
#include "kernel/pagemap.h"
#include "base/clock.h"
#include "base/mem.h"
#include "model/lab/classify.h"
#include "model/pagemap_bits.h"

#include <errno.h>
#include <stdlib.h>

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
	uint64_t began = clock_steady_ns();

	if (before && before->vma_count && process->pages[0].pagemap_known &&
	    sampling_same_entries(s, before, process)) {
		keep_entries(process, before->vmas, before->vma_count);
	} else {
		read_smaps(s, subject, process);
		s->smaps_ns += clock_steady_ns() - began;
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

/* Present, and shared the way the page of zeros is: that page never counts as mapped once. The huge
 * one has bit 61, like a page of a file. */
static bool
may_be_zero(const struct sampling *s, const struct process *process, const struct page *page)
{
	const struct smaps *smaps = page->vma < 0 ? NULL : &process->vmas[page->vma];
	bool single = smaps && smaps_is_single(smaps, s->kernel->machine.page_size);

	if (!pm_present(page->pagemap) || pm_exclusive(page->pagemap))
		return false;
	return pm_anonymous(page->pagemap) || (s->request->kind == KIND_PRIVATE_ANON && !single);
}

/* For the pages of one VMA: those that Rss doesn't count are zeros. */
static enum tri
zero_by_smaps(const struct smaps *smaps, uint32_t kib, uint32_t present, uint32_t candidates)
{
	uint32_t uncounted = present - smaps->rss / kib;

	if (smaps->rss / kib > present || uncounted > candidates)
		return TRI_UNKNOWN; /* it changed meanwhile */
	return uncounted == 0 ? TRI_NO : uncounted == candidates ? TRI_YES : TRI_UNKNOWN;
}

/* One VMA's pages, [first, end). */
static void
find_zero_in_vma(const struct sampling *s, struct process *process, uint32_t first, uint32_t end)
{
	const struct smaps *smaps = &process->vmas[process->pages[first].vma];
	uint32_t page_size = s->kernel->machine.page_size, present = 0, candidates = 0;
	enum tri zero;

	if (smaps->end - smaps->start != (uint64_t)(end - first) * page_size)
		return; /* it counts pages that aren't the lab's */
	for (uint32_t i = first; i < end; i++) {
		present += pm_present(process->pages[i].pagemap);
		candidates += may_be_zero(s, process, &process->pages[i]);
	}
	zero = zero_by_smaps(smaps, page_size / 1024, present, candidates);
	for (uint32_t i = first; i < end && candidates; i++)
		if (may_be_zero(s, process, &process->pages[i]))
			process->pages[i].zero = (int8_t)zero;
}

static void
find_zero(struct sampling *s, const struct subject *subject, struct process *process)
{
	uint32_t count = s->request->page_count, page_size = s->kernel->machine.page_size, end;
	bool possible = false;

	for (uint32_t i = 0; i < count; i++) {
		struct page *page = &process->pages[i];
		bool may_be = may_be_zero(s, process, page);

		possible = possible || may_be;
		page->zero = page->pagemap_known && !may_be ? TRI_NO : TRI_UNKNOWN;
	}
	for (uint32_t i = 0; i < count && possible; i = end) {
		int32_t vma = process->pages[i].vma;

		for (end = i + 1; end < count && process->pages[end].vma == vma; end++)
			;
		if (vma >= 0)
			find_zero_in_vma(s, process, i, end);
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
		    pagemap_smaps_disagree(
			page, &process->vmas[page->vma], s->kernel->machine.page_size);
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
