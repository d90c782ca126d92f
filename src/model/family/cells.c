#include "config.h"
#include "model/family/cells.h"

#include "model/family/cells_count.h"
#include "model/family/copies.h"
#include "model/pagemap_bits.h"

/* Bits 63 to 56 of an entry, to a cell; for a frame that is neither zero, huge nor copied. */
static uint8_t base_cells[256];

static void
fill_base(void)
{
	if (base_cells[0x80])
		return;
	for (unsigned top = 0; top < 256; top++) {
		uint64_t entry = (uint64_t)top << 56;

		if (entry & PM_PRESENT)
			base_cells[top] = (entry & PM_EXCLUSIVE ? PAGE_PRIVATE : PAGE_SHARED) |
			    (entry & PM_FILE ? CELL_FILE : 0);
		else if (entry & PM_SWAPPED && !(entry & PM_GUARD))
			base_cells[top] = entry & PM_UFFD_WP ? PAGE_UNKNOWN : PAGE_SWAPPED;
	}
}

bool
cells_zero(const struct cell_window *window, const struct cell_line *line, size_t page)
{
	uint64_t entry = line->entries[page];

	if (!pm_present(entry))
		return false;
	return (line->facts && line->facts[page] & FACT_ZERO) ||
	    (window->zero_pfn && pm_pfn(entry) == window->zero_pfn);
}

static uint8_t
with_facts(uint8_t cell, uint8_t facts, uint64_t entry)
{
	uint8_t flags = (cell & CELL_FILE) | (facts & FACT_HUGE ? CELL_HUGE : 0) |
	    (facts & FACT_MOVED ? CELL_MOVED : 0);
	enum page_state state = cell_state(cell);

	if (!pm_present(entry))
		return cell | (facts & FACT_MOVED ? CELL_MOVED : 0);
	if (facts & FACT_ZERO) /* whatever bit 61 says: the huge page of zeros has it */
		return (flags & ~CELL_FILE) | PAGE_ZERO;
	if (facts & FACT_SHARED)
		state = PAGE_SHARED;
	else if (facts & FACT_ALONE)
		state = PAGE_PRIVATE;
	else if (facts & (FACT_UNSURE | FACT_HUGE))
		state = PAGE_UNKNOWN;
	return flags | state;
}

/* From the entry and the facts beside it. Returns whether a page may be a copy. */
static bool
cells_find_states(const struct cell_window *window, const struct cell_line *line)
{
	const uint64_t *entries = line->entries;
	const uint8_t *facts = line->facts;
	uint8_t *cells = line->cells;
	uint64_t zero_pfn = window->zero_pfn;
	uint8_t unless_zero = line->zeros_known || zero_pfn ? PAGE_SHARED : PAGE_UNKNOWN;
	size_t pages = window->pages;
	bool anonymous = false;

	for (size_t i = 0; i < pages; i++) {
		uint64_t entry = entries[i];
		uint8_t cell = base_cells[entry >> 56];

		if (cell == PAGE_SHARED)
			cell =
			    zero_pfn && (entry & PM_PFN_MASK) == zero_pfn ? PAGE_ZERO : unless_zero;
		anonymous |= cell == PAGE_PRIVATE;
		cells[i] = cell;
	}
	for (size_t i = 0; facts && i < pages; i++)
		if (facts[i]) {
			cells[i] = with_facts(cells[i], facts[i], entries[i]);
			anonymous |= cell_state(cells[i]) == PAGE_PRIVATE;
		}
	return anonymous;
}

/* What a child new in this sample has, its parent had when it forked: that is the baseline of both.
 */
static void
begin_fork(const struct cell_window *window, const struct cell_line *line)
{
	const struct cell_line *parent = &window->lines[line->parent];

	for (size_t i = 0; i < window->pages; i++) {
		bool both = cell_state(line->cells[i]) == PAGE_SHARED
		    ? cell_state(parent->cells[i]) == PAGE_SHARED || cell_once(parent->cells[i])
		    : cell_once(line->cells[i]) && cells_linked(line, parent, i);

		line->cells[i] |= (uint8_t)((both || cell_state(line->cells[i]) == PAGE_SHARED) *
		    CELL_WAS_SHARED);
		parent->cells[i] |= (uint8_t)(both * CELL_WAS_SHARED);
	}
}

static void
keep_baseline(const struct cell_window *window, const struct cell_line *line)
{
	const uint8_t *prior = line->prior;
	uint8_t *cells = line->cells;
	size_t pages = window->pages;

	if (line->forked && line->parent >= 0)
		return; /* begin_fork() */
	if (line->joined) {
		for (size_t i = 0; i < pages; i++)
			cells[i] |=
			    (uint8_t)((cell_state(cells[i]) == PAGE_SHARED) * CELL_WAS_SHARED);
		return;
	}
	for (size_t i = 0; i < pages; i++)
		cells[i] |= (uint8_t)((prior[i] != PRIOR_NONE) * (prior[i] & CELL_WAS_SHARED));
}

void
cells_find(struct cell_window *window)
{
	bool once = false;

	fill_base();
	for (size_t i = 0; i < window->line_count; i++)
		once |= cells_find_states(window, &window->lines[i]);
	if (once)
		copies_find(window);
	cells_count(window, once);
	for (size_t i = 0; i < window->line_count; i++)
		keep_baseline(window, &window->lines[i]);
	for (size_t i = 0; i < window->line_count; i++)
		if (window->lines[i].forked && window->lines[i].parent >= 0)
			begin_fork(window, &window->lines[i]);
}
