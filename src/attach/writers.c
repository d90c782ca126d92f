/*
 * Who wrote: bit 34 of /proc/kpageflags, which a frame's only owner has if it wrote since it was forked, or forked itself.
 * Asked of single pages, frame by frame in the runs in which they lie.
 */
#include "config.h"
#include "attach/private.h"

#include "model/pagemap.h"

#define RUN 512 /* frames at once */
#define GAP 3   /* reading so many for nothing costs less than another call */

/* The pfn of the entry that has the bit: in a page mapped as part of a huge one that of its first frame. */
static uint64_t
frame_of(const struct attach *attach, const struct cell_line *line, size_t page)
{
	uint64_t pfn = pm_pfn(line->entries[page]), huge = attach->reader.huge_pages;

	return line->facts && line->facts[page] & FACT_HUGE && huge ? pfn - pfn % huge : pfn;
}

/* A huge page's frames have the bit without having been written, when MADV_COLLAPSE made it. */
static enum wrote
wrote_by(uint64_t flags)
{
	if (!(flags & KPF_ANON))
		return WROTE_MAYBE;
	return !(flags & KPF_ANON_EXCLUSIVE) ? WROTE_NO : flags & KPF_THP ? WROTE_MAYBE : WROTE_YES;
}

static uint64_t
apart(uint64_t one, uint64_t other)
{
	return one > other ? one - other : other - one;
}

/* From page `first` of the list on, how many lie near one another, and where: frames [*low, *high]. */
static size_t
run_of(const struct attach *attach, const struct cell_line *line, const uint16_t *pages, size_t count, uint64_t *low, uint64_t *high)
{
	uint64_t before = frame_of(attach, line, pages[0]);
	size_t n = 1;

	for (*low = *high = before; n < count; n++) {
		uint64_t pfn = frame_of(attach, line, pages[n]);
		uint64_t from = pfn < *low ? pfn : *low, to = pfn > *high ? pfn : *high;

		if (apart(pfn, before) > GAP + 1 || to - from >= RUN)
			break;
		*low = from;
		*high = to;
		before = pfn;
	}
	return n;
}

void
writers_ask(void *with, size_t index, const uint16_t *pages, size_t count, uint8_t *wrote)
{
	struct attach *attach = with;
	const struct cell_line *line = &attach->cell_lines[index];
	uint64_t flags[RUN], low, high;

	for (size_t done = 0, n; done < count; done += n) {
		bool known;

		n = run_of(attach, line, pages + done, count - done, &low, &high);
		known = reader_flags_run(&attach->reader, low, flags, (size_t)(high - low) + 1);
		for (size_t i = done; i < done + n; i++)
			wrote[pages[i]] = known ? wrote_by(flags[frame_of(attach, line, pages[i]) - low]) : WROTE_MAYBE;
	}
}
