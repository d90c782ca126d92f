/*
 * Facts that a page table entry doesn't tell: huge pages and files that a process maps twice, for
 * which bit 56 is wrong, and, for ordinary users, the page of zeros.
 */
#include "config.h"
#include "attach/attach_private.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "kernel/scan.h"
#include "model/pagemap_bits.h"

#define KPF_HUGETLB KPF_BIT(17)
#define RANGES 64
#define OWN_UNKNOWN \
	UINT8_MAX /* mapped more often by us, or by its own process: how often could not be read \
		   */

static void
mark(struct line *line, size_t page, uint8_t fact)
{
	line->facts[page] |= fact;
	line->has_facts = true;
}

static void
mark_all(struct line *line, size_t first, size_t count, uint8_t fact)
{
	for (size_t i = first; i < first + count; i++)
		mark(line, i, fact);
}

/* Does another process's memory have the same frame at the same page? */
static bool
others_have(
    const struct attach *attach, const struct region *region, const struct line *line, size_t page)
{
	uint64_t pfn = pm_pfn(line->entries[page]);

	for (size_t i = 0; i < region->strip_count; i++) {
		const struct line *other = &attach->lines[i];

		if (other != line && other->active && pfn && pm_pfn(other->entries[page]) == pfn)
			return true;
	}
	return false;
}

/* Another process has the same page of the same file: they share it, whether or not PFNs are
 * shown. */
static bool
others_map_file(
    const struct attach *attach, const struct region *region, const struct line *line, size_t page)
{
	for (size_t i = 0; i < region->strip_count; i++) {
		const struct line *other = &attach->lines[i];

		if (other != line && other->active && other->entries[page] & PM_PRESENT &&
		    other->entries[page] & PM_FILE)
			return true;
	}
	return false;
}

/* The first page of the next huge page's worth of addresses in the window. */
static size_t
block_from(const struct attach *attach, const struct region *region, size_t line)
{
	uint64_t number = line_address(attach, region, line) / attach->reader.page_size;
	size_t huge = attach->reader.huge_pages;

	return (huge - number % huge) % huge;
}

static bool
may_be_huge(const struct attach *attach, const uint64_t *entries)
{
	size_t last = attach->reader.huge_pages - 1;
	uint64_t pfn = pm_pfn(entries[0]);

	if (!pm_present(entries[0]) || entries[0] >> 59 != entries[last] >> 59)
		return false;
	if (attach->reader.pfn)
		return pfn % attach->reader.huge_pages == 0 &&
		    pm_pfn(entries[last]) == pfn + last &&
		    pm_pfn(entries[last / 2]) == pfn + last / 2;
	for (size_t i = 1; i < last; i++)
		if (entries[i] >> 59 != entries[0] >> 59)
			return false;
	return true;
}

/* If that can't be found out, it may be one. */
static bool
is_mapped_huge(struct attach *attach, const struct line *line, uint64_t address)
{
	uint64_t end = address + (uint64_t)attach->reader.huge_pages * attach->reader.page_size;
	struct scan_range range;
	int found;

	if (!attach->reader.scan)
		return true;
	found = scan_ranges(line->subject->held.pagemap, &address, end, SCAN_HUGE, &range, 1);
	attach->unread |= found < 0;
	return found != 0;
}

/* The frames of a huge page are consecutive, so one reading gets their counts. */
static void
count_huge(struct attach *attach, const struct region *region, struct line *line, size_t first)
{
	size_t huge = attach->reader.huge_pages, open = 0;
	uint64_t *counts;
	bool counted;

	for (size_t i = first; i < first + huge; i++) {
		if (others_have(attach, region, line, i))
			mark(line, i, FACT_SHARED);
		else
			open++;
	}
	if (!open)
		return;
	counts = mem_zero(huge, sizeof(*counts));
	counted = reader_counts(&attach->reader, pm_pfn(line->entries[first]), counts, huge);
	attach->unread |= !counted && attach->reader.kpagecount >= 0;
	for (size_t i = 0; i < huge; i++)
		if (!(line->facts[first + i] & FACT_SHARED))
			mark(line, first + i,
			    !counted            ? FACT_UNSURE
				: counts[i] > 1 ? FACT_SHARED
						: FACT_ALONE);
	free(counts);
}

static void
find_huge_by_frames(struct attach *attach, const struct region *region, size_t i, size_t count)
{
	struct line *line = &attach->lines[i];
	size_t huge = attach->reader.huge_pages;

	for (size_t first = block_from(attach, region, i); first + huge <= count; first += huge) {
		uint64_t flags;

		if (!may_be_huge(attach, line->entries + first))
			continue;
		flags = reader_flags(&attach->reader, pm_pfn(line->entries[first]));
		if (flags && !(flags & (KPF_THP | KPF_HUGETLB | KPF_ZERO_PAGE)))
			continue;
		if (!is_mapped_huge(attach, line,
			line_address(attach, region, i) + first * attach->reader.page_size))
			continue;
		mark_all(
		    line, first, huge, flags & KPF_ZERO_PAGE ? FACT_HUGE | FACT_ZERO : FACT_HUGE);
		attach->unread |= !flags && attach->reader.kpageflags >= 0;
		if ((flags || attach->reader.kpageflags < 0) && !(flags & KPF_ZERO_PAGE))
			count_huge(attach, region, line, first);
	}
}

static bool
needs_scan(const struct attach *attach, const struct region *region, size_t i, size_t count)
{
	const struct line *line = &attach->lines[i];
	size_t huge = attach->reader.huge_pages;

	for (size_t page = 0; page < count; page++)
		if (pm_anonymous(line->entries[page]) && !pm_exclusive(line->entries[page]))
			return true;
	for (size_t first = huge ? block_from(attach, region, i) : count; first + huge <= count;
	     first += huge)
		if (may_be_huge(attach, line->entries + first))
			return true;
	return false;
}

/* Without PFNs and PAGEMAP_SCAN: whatever looks like a huge page may be one. */
static void
doubt_huge(struct attach *attach, const struct region *region, size_t i, size_t count)
{
	struct line *line = &attach->lines[i];
	size_t huge = attach->reader.huge_pages;

	for (size_t first = huge ? block_from(attach, region, i) : count; first + huge <= count;
	     first += huge)
		if (may_be_huge(attach, line->entries + first))
			mark_all(line, first, huge, FACT_UNSURE);
}

/* From this page on, nothing tells huge pages or pages of zeros apart. */
static void
doubt_from(struct attach *attach, const struct region *region, size_t i, size_t first, size_t count)
{
	struct line *line = &attach->lines[i];

	for (size_t page = first; page < count; page++)
		if (pm_anonymous(line->entries[page]) && !pm_exclusive(line->entries[page]))
			mark(line, page, FACT_UNSURE);
	doubt_huge(attach, region, i, count);
}

static void
find_by_scan(struct attach *attach, const struct region *region, size_t i, size_t count)
{
	struct line *line = &attach->lines[i];
	uint32_t size = attach->reader.page_size;
	uint64_t start = line_address(attach, region, i), at = start, end = start + count * size;
	struct scan_range ranges[RANGES];

	while (at < end) {
		int found = scan_ranges(line->subject->held.pagemap, &at, end,
		    SCAN_PFNZERO | SCAN_HUGE, ranges, RANGES);

		if (found < 0) {
			doubt_from(attach, region, i, (at - start) / size, count);
			attach->unread = true;
			return;
		}
		for (int k = 0; k < found; k++)
			mark_all(line, (ranges[k].start - start) / size,
			    (ranges[k].end - ranges[k].start) / size,
			    (uint8_t)((ranges[k].categories & SCAN_PFNZERO ? FACT_ZERO : 0) |
				(ranges[k].categories & SCAN_HUGE ? FACT_HUGE : 0)));
	}
}

static void
judge_twice(struct attach *attach, const struct region *region, struct line *line, size_t page,
    unsigned own)
{
	uint64_t count;

	if (others_have(attach, region, line, page))
		mark(line, page, FACT_SHARED);
	else if (own == OWN_UNKNOWN)
		mark(line, page, FACT_UNSURE);
	else if (attach->reader.pfn &&
	    reader_counts(&attach->reader, pm_pfn(line->entries[page]), &count, 1))
		mark(line, page, count > own + 1u ? FACT_SHARED : FACT_ALONE);
	else if (others_map_file(attach, region, line, page))
		mark(line, page, FACT_SHARED);
	else
		mark(line, page, FACT_UNSURE);
}

/* Pages [first, end) of the window are mapped a second time, at this address of a process: which of
 * them are present there? */
static void
count_twice(struct attach *attach, const struct line *line, int pagemap, uint64_t address,
    size_t first, size_t end, uint8_t *own)
{
	size_t n = end - first;
	bool known = reader_entries(&attach->reader, pagemap, address, attach->again, n);

	attach->unread |= !known && errno;
	for (size_t i = 0; i < n; i++) {
		uint64_t entry = line->entries[first + i], other = attach->again[i];

		if (!pm_present(entry) || !(entry & PM_FILE) || pm_exclusive(entry))
			continue;
		if (!known)
			own[first + i] = OWN_UNKNOWN;
		else if (pm_present(other) && other & PM_FILE && pm_pfn(entry) == pm_pfn(other) &&
		    own[first + i] < OWN_UNKNOWN)
			own[first + i]++;
	}
}

/* Our own mapping of a library doesn't count as sharing: without us there would be none. */
static uint8_t *
count_ours(struct attach *attach, const struct region *region, const struct line *line,
    size_t count, uint8_t *own)
{
	uint32_t size = attach->reader.page_size;
	uint64_t start = region->offset + attach->page * size, end = start + count * size;

	for (size_t i = 0; i < attach->own.count; i++) {
		const struct vma *vma = &attach->own.list[i];
		uint64_t from = vma->offset > start ? vma->offset : start,
			 to = vma->offset + (vma->end - vma->start);

		to = to < end ? to : end;
		if (vma->inode != region->inode || vma->device != region->device || from >= to)
			continue;
		own = own ? own : mem_zero(count, 1);
		count_twice(attach, line, attach->own_pagemap, vma->start + (from - vma->offset),
		    (from - start) / size, (to - start) / size, own);
		for (size_t k = 0; k < attach->guard_count; k++)
			count_twice(attach, line, attach->guard_pagemaps[k],
			    vma->start + (from - vma->offset), (from - start) / size,
			    (to - start) / size, own);
	}
	return own;
}

static void
find_twice(struct attach *attach, const struct region *region, size_t i, size_t count)
{
	struct line *line = &attach->lines[i];
	uint32_t size = attach->reader.page_size;
	uint64_t start = line_address(attach, region, i), end = start + count * size;
	uint8_t *own = NULL;

	for (size_t k = 0; k < line->subject->twice_count; k++) {
		const struct twice *twice = &line->subject->twice[k];
		uint64_t from = twice->start > start ? twice->start : start,
			 to = twice->end < end ? twice->end : end;

		if (from >= to)
			continue;
		own = own ? own : mem_zero(count, 1);
		count_twice(attach, line, line->subject->held.pagemap, from + twice->delta,
		    (from - start) / size, (to - start) / size, own);
	}
	own = count_ours(attach, region, line, count, own);
	for (size_t page = 0; own && page < count; page++)
		if (own[page] && !(line->facts[page] & FACT_HUGE))
			judge_twice(attach, region, line, page, own[page]);
	free(own);
}

void
sharing_find(struct attach *attach, const struct region *region, size_t count)
{
	for (size_t i = 0; i < region->strip_count; i++) {
		if (!attach->lines[i].active)
			continue;
		if (attach->reader.pfn && attach->reader.huge_pages)
			find_huge_by_frames(attach, region, i, count);
		else if (!attach->reader.pfn && attach->reader.scan &&
		    needs_scan(attach, region, i, count))
			find_by_scan(attach, region, i, count);
		else if (!attach->reader.pfn && !attach->reader.scan)
			doubt_huge(attach, region, i, count);
		if (region->inode)
			find_twice(attach, region, i, count);
	}
}
