#include "config.h"
#include "model/family/cells.h"

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

/* From the entry and what is known beside it. Returns whether a page may be a copy. */
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

static bool
has_linked_child(const struct cell_window *window, const struct cell_line *line, size_t page)
{
	for (size_t i = 0; i < window->line_count; i++)
		if (window->lines[i].parent == line - window->lines &&
		    cells_linked(&window->lines[i], line, page))
			return true;
	return false;
}

/* Where the parent is gone: does another of its children, that stands before, have what this one's
 * copy was made of? */
static bool
has_elder(const struct cell_window *window, const struct cell_line *line, size_t page)
{
	enum page_state state = cell_state(line->cells[page]);

	if (!line->lineage || cell_file(line->cells[page]) ||
	    (state != PAGE_COPIED && state != PAGE_PARTED))
		return false;
	for (const struct cell_line *other = window->lines; other < line; other++)
		if (other->parent < 0 && other->lineage == line->lineage &&
		    cells_linked(line, other, page))
			return true;
	return false;
}

/* Where a window has a frame that is neither its parent's nor anybody's before, and is of one
 * origin with the parent's, copying made it. */
static inline bool
is_added(const struct cell_window *window, const struct cell_line *line,
    const struct cell_line *parent, size_t i)
{
	if (parent ? cells_linked(line, parent, i) : has_elder(window, line, i))
		return true;
	return line->private_file && (line->cells[i] & (CELL_STATE | CELL_FILE)) == PAGE_COPIED &&
	    !has_linked_child(window, line, i);
}

/* Frames that the parent has at the same place were added with the parent's. */
static void
cells_count_frames(struct cell_window *window, const struct cell_line *line)
{
	const struct cell_line *parent = line->parent >= 0 ? &window->lines[line->parent] : NULL;
	const uint64_t *parents = parent ? parent->entries : NULL, *entries = line->entries;
	struct pfns *frames = window->frames;
	uint8_t *cells = line->cells;
	size_t pages = window->pages;

	for (size_t i = 0; i < pages; i++) {
		uint64_t pfn = pm_pfn(entries[i]);

		if (!pfn || (parents && pfn == pm_pfn(parents[i])) ||
		    cell_state(cells[i]) == PAGE_ZERO)
			continue;
		if (pfns_add(frames, pfn))
			window->copies += is_added(window, line, parent, i);
		else if ((cells[i] & (CELL_STATE | CELL_HUGE)) == PAGE_PRIVATE &&
		    entries[i] & PM_EXCLUSIVE)
			cells[i] |= CELL_MOVED;
	}
}

static bool
is_once(uint8_t cell)
{
	enum page_state state = cell_state(cell);

	return !cell_file(cell) &&
	    (state == PAGE_PRIVATE || state == PAGE_COPIED || state == PAGE_PARTED);
}

/* Does an elder child of the same parent share a frame here, which is then the one that this child
 * shares too, if neither has a child to share another one with? */
static bool
elder_shares(const struct cell_window *window, const struct cell_line *line, size_t i)
{
	for (const struct cell_line *other = window->lines; other < line; other++)
		if (other->parent == line->parent &&
		    (other->cells[i] & (CELL_STATE | CELL_FILE)) == PAGE_SHARED)
			return true;
	return false;
}

static bool
has_child_sharing(const struct cell_window *window, int parent, size_t i)
{
	for (size_t k = 0; k < window->line_count; k++)
		if (window->lines[k].parent == parent &&
		    (window->lines[k].cells[i] & (CELL_STATE | CELL_FILE)) == PAGE_SHARED)
			return true;
	return false;
}

/* Do two of its children share a frame here, and one of them with a child of its own? */
static bool
shares_maybe_apart(const struct cell_window *window, int parent, size_t i)
{
	size_t sharing = 0;
	bool own = false;

	for (size_t k = 0; k < window->line_count; k++) {
		if (window->lines[k].parent != parent ||
		    (window->lines[k].cells[i] & (CELL_STATE | CELL_FILE)) != PAGE_SHARED)
			continue;
		sharing++;
		own |= has_child_sharing(window, (int)k, i);
	}
	return own && sharing > 1;
}

/* Without PFNs: a page mapped once is a frame of its own, and those that share one while their
 * parent does not share one frame. */
static void
count_once(struct cell_window *window, const struct cell_line *line)
{
	const struct cell_line *parent = line->parent >= 0 ? &window->lines[line->parent] : NULL;
	const struct cell_line *grand =
	    parent && parent->parent >= 0 ? &window->lines[parent->parent] : NULL;
	const uint8_t *cells = line->cells;

	for (size_t i = 0; i < window->pages; i++) {
		bool once = is_once(cells[i]);

		if (once && is_added(window, line, parent, i))
			window->copies++;
		else if (!once && parent && cell_state(cells[i]) == PAGE_SHARED &&
		    is_once(parent->cells[i]) && cells_linked(line, parent, i) &&
		    !(grand && cell_state(grand->cells[i]) == PAGE_SHARED) &&
		    !elder_shares(window, line, i)) {
			window->copies++;
			window->unsure |= shares_maybe_apart(window, line->parent, i);
		}
	}
}

/* Without PFNs: is something mapped once beside what is unknown in a relative, and maybe anonymous?
 */
static bool
is_beside_unknown(
    const struct cell_window *window, const struct cell_line *line, const struct cell_line *parent)
{
	for (size_t i = 0; i < window->pages; i++) {
		uint8_t own = line->cells[i], its = parent->cells[i];

		if ((is_once(own) && cell_state(its) == PAGE_UNKNOWN && !cell_file(its)) ||
		    (is_once(its) && cell_state(own) == PAGE_UNKNOWN && !cell_file(own)))
			return true;
	}
	return false;
}

static void
count_parted(struct cell_window *window)
{
	for (size_t k = 0; k < window->line_count; k++)
		for (size_t i = 0; i < window->pages; i++) {
			bool before = cell_state(window->lines[k].cells[i]) != PAGE_PARTED;

			for (size_t other = 0; other < k && !before; other++)
				before = cell_state(window->lines[other].cells[i]) == PAGE_PARTED;
			window->parted += !before;
		}
}

static bool
has_parted(const struct cell_line *line, size_t pages)
{
	unsigned parted = 0;

	for (size_t i = 0; i < pages; i++)
		parted |= (line->cells[i] & CELL_STATE) == PAGE_PARTED;
	return parted;
}

/* What a child of this sample has, its parent had when it was forked: of both that is the baseline.
 */
static void
begin_fork(const struct cell_window *window, const struct cell_line *line)
{
	const struct cell_line *parent = &window->lines[line->parent];

	for (size_t i = 0; i < window->pages; i++) {
		bool both = cell_state(line->cells[i]) == PAGE_SHARED
		    ? cell_state(parent->cells[i]) == PAGE_SHARED || is_once(parent->cells[i])
		    : is_once(line->cells[i]) && cells_linked(line, parent, i);

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
	bool once = false, parted = false;

	fill_base();
	window->copies = window->parted = 0;
	window->unsure = false;
	for (size_t i = 0; i < window->line_count; i++)
		once |= cells_find_states(window, &window->lines[i]);
	if (once)
		copies_find(window);
	for (size_t i = 0; i < window->line_count; i++) {
		if (window->frames)
			cells_count_frames(window, &window->lines[i]);
		else if (once)
			count_once(window, &window->lines[i]);
		if (!window->frames && once && window->lines[i].parent >= 0)
			window->unsure |= is_beside_unknown(
			    window, &window->lines[i], &window->lines[window->lines[i].parent]);
		keep_baseline(window, &window->lines[i]);
		parted |= once && has_parted(&window->lines[i], window->pages);
	}
	for (size_t i = 0; i < window->line_count; i++)
		if (window->lines[i].forked && window->lines[i].parent >= 0)
			begin_fork(window, &window->lines[i]);
	if (parted)
		count_parted(window);
}
