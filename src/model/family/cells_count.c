#include "config.h"
#include "model/family/cells_count.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/family/copies.h"
#include "model/pagemap_bits.h"

/* A window being counted, and the relations in it. */
struct census {
	struct cell_window *window;
	bool *has_children;
	int *elder; /* for each line: the previous one with the same parent; -1 */
	/* how many siblings of kin_of have an anonymous frame, and a copy, at each page */
	const struct cell_line *kin_of;
	uint32_t *kin, *copies;
};

static const struct cell_line *
parent_of_line(const struct census *census, const struct cell_line *line)
{
	return line->parent >= 0 ? &census->window->lines[line->parent] : NULL;
}

static bool
are_siblings(const struct cell_line *one, const struct cell_line *other)
{
	return one->parent == other->parent &&
	    (one->parent >= 0 || (one->lineage && one->lineage == other->lineage));
}

static bool
may_be_kin(uint8_t cell)
{
	return cell_anonymous(cell) && !cell_filled(cell);
}

static bool
is_copy(uint8_t cell)
{
	return cell_counted(cell) || (!cell_file(cell) && cell_state(cell) == PAGE_COPIED);
}

/* Counts its siblings at all pages at once, because the next to ask is mostly one of them. */
static void
count_kin(struct census *census, const struct cell_line *line)
{
	const struct cell_window *window = census->window;

	if (census->kin_of && are_siblings(census->kin_of, line))
		return;
	census->kin_of = line;
	memset(census->kin, 0, window->pages * sizeof(*census->kin));
	memset(census->copies, 0, window->pages * sizeof(*census->copies));
	for (size_t k = 0; k < window->line_count; k++) {
		const struct cell_line *other = &window->lines[k];

		if (other != line && !are_siblings(other, line))
			continue;
		for (size_t i = 0; i < window->pages; i++) {
			census->kin[i] += may_be_kin(other->cells[i]);
			census->copies[i] += is_copy(other->cells[i]);
		}
	}
}

static bool
has_linked_child(const struct census *census, const struct cell_line *line, size_t page)
{
	const struct cell_window *window = census->window;
	size_t own = (size_t)(line - window->lines);

	for (size_t i = 0; census->has_children[own] && i < window->line_count; i++)
		if (window->lines[i].parent == (int)own &&
		    cells_linked(&window->lines[i], line, page))
			return true;
	return false;
}

static bool
has_elder_kin(const struct census *census, const struct cell_line *line, size_t page)
{
	const struct cell_window *window = census->window;

	for (int k = census->elder[line - window->lines]; k >= 0; k = census->elder[k])
		if (are_siblings(&window->lines[k], line) &&
		    may_be_kin(window->lines[k].cells[page]))
			return true;
	return false;
}

/* If the parent has nothing there any more, or has ended: is this the copy of something that
 * another of its children has? If all are copies, the first one's stands for the original. */
static bool
is_added_to_kin(struct census *census, const struct cell_line *line, size_t page)
{
	if (!is_copy(line->cells[page]))
		return false;
	count_kin(census, line);
	return census->copies[page] < census->kin[page] || has_elder_kin(census, line, page);
}

/* A copy beside something known only to be another frame. */
static bool
is_beside(const struct cell_line *one, const struct cell_line *other, size_t page)
{
	uint8_t own = one->cells[page], its = other->cells[page];

	return (is_copy(own) && cell_unknown(its)) || (is_copy(its) && cell_unknown(own));
}

/* A frame that is neither its parent's nor an earlier one, and has the same origin as the parent's,
 * was made by copying. */
static bool
is_added(struct census *census, const struct cell_line *line, size_t page)
{
	const struct cell_line *parent = parent_of_line(census, line);

	if (parent && (cells_linked(line, parent, page) || is_beside(line, parent, page)))
		return true;
	if (line->private_file && (line->cells[page] & (CELL_STATE | CELL_FILE)) == PAGE_COPIED)
		return !has_linked_child(census, line, page);
	return is_added_to_kin(census, line, page);
}

/* Frames that the parent has at the same place were added with the parent's. */
static void
count_frames(struct census *census, const struct cell_line *line)
{
	struct cell_window *window = census->window;
	const struct cell_line *parent = parent_of_line(census, line);
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
			window->copies += is_added(census, line, i);
		else if ((cells[i] & (CELL_STATE | CELL_HUGE)) == PAGE_PRIVATE &&
		    entries[i] & PM_EXCLUSIVE)
			cells[i] |= CELL_MOVED;
	}
}

static bool
shares_frame(const struct cell_line *line, size_t page)
{
	return (line->cells[page] & (CELL_STATE | CELL_FILE)) == PAGE_SHARED;
}

/* Does an elder child of the same parent share a frame here? If neither has a child to share one
 * with, this child shares the same frame. */
static bool
elder_shares(const struct census *census, const struct cell_line *line, size_t page)
{
	const struct cell_window *window = census->window;

	for (int k = census->elder[line - window->lines]; k >= 0; k = census->elder[k])
		if (shares_frame(&window->lines[k], page))
			return true;
	return false;
}

static bool
has_child_sharing(const struct census *census, size_t line, size_t page)
{
	const struct cell_window *window = census->window;

	for (size_t k = 0; census->has_children[line] && k < window->line_count; k++)
		if (window->lines[k].parent == (int)line && shares_frame(&window->lines[k], page))
			return true;
	return false;
}

/* Do two of its children share a frame here, one of them with a child of its own? */
static bool
shares_maybe_apart(const struct census *census, int parent, size_t page)
{
	const struct cell_window *window = census->window;
	size_t sharing = 0;
	bool own = false;

	for (size_t k = 0; k < window->line_count; k++) {
		if (window->lines[k].parent != parent || !shares_frame(&window->lines[k], page))
			continue;
		sharing++;
		own |= has_child_sharing(census, k, page);
	}
	return own && sharing > 1;
}

/* Without PFNs: a page mapped once has a frame of its own, and processes that share one while their
 * parent doesn't share one frame. */
static void
count_once(struct census *census, const struct cell_line *line)
{
	struct cell_window *window = census->window;
	const struct cell_line *parent = parent_of_line(census, line),
			       *grand = parent ? parent_of_line(census, parent) : NULL;
	const uint8_t *cells = line->cells;

	for (size_t i = 0; i < window->pages; i++) {
		bool once = cell_once(cells[i]);

		if ((once || cell_unknown(cells[i])) && is_added(census, line, i))
			window->copies++;
		else if (!once && parent && cell_state(cells[i]) == PAGE_SHARED &&
		    cell_once(parent->cells[i]) && cells_linked(line, parent, i) &&
		    !(grand && cell_state(grand->cells[i]) == PAGE_SHARED) &&
		    !elder_shares(census, line, i)) {
			window->copies++;
			window->unsure |= shares_maybe_apart(census, line->parent, i);
		}
	}
}

/* Without PFNs: is a possibly anonymous page mapped once, while a relative's is unknown? */
static bool
is_beside_unknown(const struct census *census, const struct cell_line *line)
{
	const struct cell_line *parent = parent_of_line(census, line);

	for (size_t i = 0; parent && i < census->window->pages; i++) {
		uint8_t own = line->cells[i], its = parent->cells[i];

		if ((cell_once(own) && cell_unknown(its)) || (cell_once(its) && cell_unknown(own)))
			return true;
	}
	return false;
}

static void
count_parted(struct census *census)
{
	struct cell_window *window = census->window;
	uint32_t *parted = census->kin;

	census->kin_of = NULL;
	memset(parted, 0, window->pages * sizeof(*parted));
	for (size_t k = 0; k < window->line_count; k++)
		for (size_t i = 0; i < window->pages; i++)
			parted[i] |= (window->lines[k].cells[i] & CELL_STATE) == PAGE_PARTED;
	for (size_t i = 0; i < window->pages; i++)
		window->parted += parted[i];
}

static void
find_kin(struct census *census)
{
	const struct cell_window *window = census->window;
	int *youngest = mem_zero(window->line_count + 1, sizeof(*youngest));

	for (size_t k = 0; k < window->line_count; k++) {
		int *its = &youngest[window->lines[k].parent + 1];

		census->elder[k] = *its - 1;
		*its = (int)k + 1;
		if (window->lines[k].parent >= 0)
			census->has_children[window->lines[k].parent] = true;
	}
	free(youngest);
}

void
cells_count(struct cell_window *window, bool once)
{
	size_t lines = window->line_count + 1;
	struct census census = {
	    .window = window,
	    .has_children = mem_zero(lines, sizeof(*census.has_children)),
	    .elder = mem_zero(lines, sizeof(*census.elder)),
	    .kin = mem_zero(window->pages, sizeof(*census.kin)),
	    .copies = mem_zero(window->pages, sizeof(*census.copies)),
	};

	window->copies = window->parted = 0;
	window->unsure = false;
	find_kin(&census);
	for (size_t i = 0; i < window->line_count; i++) {
		if (window->frames)
			count_frames(&census, &window->lines[i]);
		else if (once)
			count_once(&census, &window->lines[i]);
		if (!window->frames && once)
			window->unsure |= is_beside_unknown(&census, &window->lines[i]);
	}
	if (once)
		count_parted(&census);
	free(census.has_children);
	free(census.elder);
	free(census.kin);
	free(census.copies);
}
