/* One page that a person looks at: everything that can be read about it in every process. */
#include "config.h"
#include "attach/attach_private.h"

#include <string.h>

#include "kernel/scan.h"
#include "model/pagemap_bits.h"

static int8_t
category(const struct attach *attach, const struct held *held, uint64_t address, uint64_t which)
{
	struct scan_range range;
	int found = attach->reader.scan ? scan_ranges(held->pagemap, &address,
					      address + attach->reader.page_size, which, &range, 1)
					: -1;

	return found < 0 ? TRI_UNKNOWN : found ? TRI_YES : TRI_NO;
}

static bool
maps_page(const struct strip *strip, uint64_t page)
{
	for (size_t i = 0; i < strip->span_count; i++)
		if (page >= strip->spans[i].first && page < strip->spans[i].end)
			return true;
	return !strip->span_count && page >= strip->first && page < strip->end;
}

static void
page_look_at(
    struct attach *attach, const struct strip *strip, uint64_t page, struct page_look *look)
{
	const struct held *held = &attach->subjects[strip->member].held;

	look->mapped = maps_page(strip, page);
	look->address = strip->address + page * attach->reader.page_size;
	look->cell = strip_cell(strip, page);
	look->known = look->mapped && held->pagemap >= 0 &&
	    reader_entries(&attach->reader, held->pagemap, look->address, &look->pagemap, 1);
	if (!look->known)
		return;
	look->zero = category(attach, held, look->address, SCAN_PFNZERO);
	look->huge = category(attach, held, look->address, SCAN_HUGE);
	if (pm_pfn(look->pagemap) && pm_pfn(look->pagemap) == attach->reader.zero_pfn)
		look->zero = TRI_YES;
	if (!pm_pfn(look->pagemap))
		return;
	look->kpageflags = reader_flags(&attach->reader, pm_pfn(look->pagemap));
	if (look->kpageflags & KPF_ZERO_PAGE)
		look->zero = TRI_YES;
	if (!reader_counts(&attach->reader, pm_pfn(look->pagemap), &look->kpagecount, 1))
		look->kpagecount = COUNT_UNKNOWN;
}

static void
find_sharers(struct page_look *looks, size_t count)
{
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < count && k < 64; k++)
			if (looks[i].known && looks[k].known && pm_pfn(looks[i].pagemap) &&
			    pm_pfn(looks[i].pagemap) == pm_pfn(looks[k].pagemap))
				looks[i].sharers |= UINT64_C(1) << k;
}

/* The member of the newest family, among the processes held now. */
static bool
is_still(const struct attach *attach, size_t member)
{
	return member < attach->subject_count &&
	    attach->subjects[member].held.pid == attach->now->members[member].pid &&
	    strcmp(attach->subjects[member].held.name, attach->now->members[member].name) == 0;
}

bool
attach_look(struct attach *attach, size_t index, uint64_t page, struct page_look *looks)
{
	const struct family *family = attach_now(attach);
	const struct region *region =
	    family && index < family->region_count ? &family->regions[index] : NULL;

	if (!region || page >= region_pages(family, region))
		return false;
	memset(looks, 0, family->member_count * sizeof(*looks));
	for (size_t i = 0; i < family->member_count; i++) {
		looks[i].kpagecount = COUNT_UNKNOWN;
		looks[i].zero = looks[i].huge = TRI_UNKNOWN;
	}
	for (size_t i = 0; i < region->strip_count; i++)
		if (is_still(attach, region->strips[i].member))
			page_look_at(
			    attach, &region->strips[i], page, &looks[region->strips[i].member]);
	find_sharers(looks, family->member_count);
	return true;
}
