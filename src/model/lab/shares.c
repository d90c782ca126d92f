#include "config.h"
#include "model/lab/shares.h"

#include <stdlib.h>

#include "base/mem.h"
#include "model/pagemap_bits.h"

#define FRACTION 16 /* bits after the point */

/* The number of the lab's page table entries that map each frame, several of one process
 * included. */
static uint32_t *
count_entries(const struct snapshot *now)
{
	uint32_t *counts = mem_zero(now->frame_count, sizeof(*counts));

	for (size_t i = 0; i < now->process_count; i++)
		for (uint32_t number = 0; number < now->page_count; number++) {
			const struct page *page = &now->processes[i].pages[number];

			if (pm_present(page->pagemap) && page->frame < now->frame_count)
				counts[page->frame]++;
		}
	return counts;
}

/* Can the lab's entries be all that map the frame? For one entry bit 56 tells; for more, smaps'
 * Pss, which is rounded down. */
static bool
has_all_entries(
    const struct snapshot *now, const struct process *process, uint32_t number, uint32_t entries)
{
	const struct smaps *smaps = page_smaps(process, number);
	uint32_t kib = now->machine.page_size / 1024;

	if (entries == 0)
		return false;
	if (entries == 1)
		return pm_exclusive(process->pages[number].pagemap);
	return !smaps || !smaps_is_single(smaps, now->machine.page_size) ||
	    smaps->pss == kib / entries;
}

/* Bytes with FRACTION; COUNT_UNKNOWN: others map some of it too, or a frame isn't known. */
static uint64_t
shares_sum_of(const struct snapshot *now, const struct process *process, const uint32_t *counts)
{
	uint64_t sum = 0, resident = 0;

	for (uint32_t number = 0; number < now->page_count; number++) {
		const struct page *page = &process->pages[number];
		uint32_t entries = page->frame < now->frame_count ? counts[page->frame] : 0;

		if (!pm_present(page->pagemap) || page->state == PAGE_ZERO)
			continue;
		if (page->state == PAGE_UNKNOWN || !has_all_entries(now, process, number, entries))
			return COUNT_UNKNOWN;
		resident += now->machine.page_size / 1024;
		sum += ((uint64_t)now->machine.page_size << FRACTION) / entries;
	}
	return resident == process->rss_kib ? sum : COUNT_UNKNOWN;
}

void
shares_find(struct snapshot *now)
{
	uint32_t *counts = count_entries(now);

	for (size_t i = 0; i < now->process_count; i++) {
		struct process *process = &now->processes[i];
		uint64_t sum = process->pss_kib == COUNT_UNKNOWN
		    ? COUNT_UNKNOWN
		    : shares_sum_of(now, process, counts);

		if (sum != COUNT_UNKNOWN) /* rounded once, and not for each page; a sixteenth of a
					     byte is lost in thirds */
			process->pss_kib = ((sum + (1u << (FRACTION - 1))) >> FRACTION) / 1024;
	}
	free(counts);
}
