#include "config.h"
#include "model/cells.h"

#include "model/pagemap.h"

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
			base_cells[top] = (entry & PM_EXCLUSIVE ? PAGE_PRIVATE : PAGE_SHARED) | (entry & PM_FILE ? CELL_FILE : 0);
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
	return (line->facts && line->facts[page] & FACT_ZERO) || (window->zero_pfn && pm_pfn(entry) == window->zero_pfn);
}

static uint8_t
with_facts(uint8_t cell, uint8_t facts, uint64_t entry)
{
	uint8_t flags = (cell & CELL_FILE) | (facts & FACT_HUGE ? CELL_HUGE : 0) | (facts & FACT_MOVED ? CELL_MOVED : 0);
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

/* From the entry and what is known beside it. Returns whether a page may be a copy. */
static bool
find_states(const struct cell_window *window, const struct cell_line *line)
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
			cell = zero_pfn && (entry & PM_PFN_MASK) == zero_pfn ? PAGE_ZERO : unless_zero;
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

/* The same frame in two processes, and one says that nobody else has it: it came or went between the readings. */
static bool
contradicts(const struct cell_window *window, const struct cell_line *line, const struct cell_line *other, size_t i)
{
	return window->frames && pm_pfn(line->entries[i]) && pm_pfn(line->entries[i]) == pm_pfn(other->entries[i]);
}

static bool
is_copy(const struct cell_window *window, const struct cell_line *line, const struct cell_line *parent, size_t i)
{
	uint8_t prior = line->prior[i];

	if (prior != PRIOR_NONE) {
		enum page_state was = cell_state(prior);

		if (was == PAGE_COPIED)
			return true;
		if (was == PAGE_PRIVATE && !(prior & CELL_FILE))
			return false;
		if ((was == PAGE_ABSENT || was == PAGE_ZERO) && !line->private_file)
			return false;
	} else if (!line->joined && !line->private_file) {
		return false; /* the mapping is newer than the fork */
	}
	return parent && pm_present(parent->entries[i]) && !cells_zero(window, parent, i);
}

static void
find_copies(const struct cell_window *window, const struct cell_line *line)
{
	const struct cell_line *parent = line->parent >= 0 ? &window->lines[line->parent] : NULL;
	uint8_t *cells = line->cells;
	size_t pages = window->pages;

	for (size_t i = 0; i < pages; i++) {
		uint8_t cell = cells[i];

		if ((cell & (CELL_STATE | CELL_FILE)) != PAGE_PRIVATE)
			continue;
		if (parent && contradicts(window, line, parent, i))
			cells[i] = (uint8_t)((cell & ~CELL_STATE) | PAGE_SHARED | CELL_MOVED);
		else if (is_copy(window, line, parent, i))
			cells[i] = (uint8_t)((cell & ~CELL_STATE) | PAGE_COPIED);
	}
}

/* Frames that the parent has at the same place were added with the parent's. */
static void
count_frames(const struct cell_window *window, const struct cell_line *line)
{
	const uint64_t *parents = line->parent >= 0 ? window->lines[line->parent].entries : NULL;
	const uint64_t *entries = line->entries;
	struct pfns *frames = window->frames;
	uint8_t *cells = line->cells;
	size_t pages = window->pages;

	for (size_t i = 0; i < pages; i++) {
		uint64_t pfn = pm_pfn(entries[i]);

		if (!pfn || (parents && pfn == pm_pfn(parents[i])) || cell_state(cells[i]) == PAGE_ZERO)
			continue;
		if (!pfns_add(frames, pfn) && (cells[i] & (CELL_STATE | CELL_HUGE)) == PAGE_PRIVATE && entries[i] & PM_EXCLUSIVE)
			cells[i] |= CELL_MOVED;
	}
}

static void
keep_baseline(const struct cell_window *window, const struct cell_line *line)
{
	const uint8_t *prior = line->prior;
	uint8_t *cells = line->cells;
	size_t pages = window->pages;

	if (line->joined) {
		for (size_t i = 0; i < pages; i++)
			cells[i] |= (uint8_t)((cell_state(cells[i]) == PAGE_SHARED) * CELL_WAS_SHARED);
		return;
	}
	for (size_t i = 0; i < pages; i++)
		cells[i] |= (uint8_t)((prior[i] != PRIOR_NONE) * (prior[i] & CELL_WAS_SHARED));
}

void
cells_find(const struct cell_window *window)
{
	fill_base();
	for (size_t i = 0; i < window->line_count; i++)
		if (find_states(window, &window->lines[i]))
			find_copies(window, &window->lines[i]);
	for (size_t i = 0; i < window->line_count; i++) {
		if (window->frames)
			count_frames(window, &window->lines[i]);
		keep_baseline(window, &window->lines[i]);
	}
}
