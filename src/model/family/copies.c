#include "config.h"
#include "model/family/copies.h"

#include <stdlib.h>

#include "base/mem.h"
#include "model/family/copies_judge.h"
#include "model/pagemap_bits.h"

#define PROBE_PAGES 64 /* one in this many pages is asked about, and the others follow it */

static bool
is_mapped_file(uint8_t cell)
{
	return cell_file(cell) &&
	    (cell_state(cell) == PAGE_SHARED || cell_state(cell) == PAGE_PRIVATE);
}

static bool
has_child_linked(const struct cell_window *window, size_t line, size_t page, bool forked)
{
	for (size_t i = 0; i < window->line_count; i++)
		if (window->lines[i].parent == (int)line && (!forked || window->lines[i].forked) &&
		    cells_linked(&window->lines[i], &window->lines[line], page))
			return true;
	return false;
}

static bool
are_relatives(const struct cell_line *child, const struct cell_line *parent, size_t page)
{
	return cells_linked(child, parent, page) || cell_unknown(child->cells[page]) ||
	    cell_unknown(parent->cells[page]);
}

static bool
has_relative(const struct judge *judge, size_t line, size_t page)
{
	const struct cell_window *window = judge->window;
	const struct cell_line *own = &window->lines[line];

	if (own->parent >= 0 && are_relatives(own, &window->lines[own->parent], page))
		return true;
	for (size_t i = 0; judge->has_children[line] && i < window->line_count; i++)
		if (window->lines[i].parent == (int)line &&
		    are_relatives(&window->lines[i], own, page))
			return true;
	return false;
}

/* The parent or a child has the file's own page there, so this is a copy of it. */
static bool
relative_has_file(const struct judge *judge, size_t line, size_t page)
{
	const struct cell_window *window = judge->window;
	const struct cell_line *own = &window->lines[line];

	if (own->parent >= 0 && is_mapped_file(window->lines[own->parent].cells[page]))
		return true;
	for (size_t i = 0; judge->has_children[line] && i < window->line_count; i++)
		if (window->lines[i].parent == (int)line &&
		    is_mapped_file(window->lines[i].cells[page]))
			return true;
	return false;
}

bool
was_once(uint8_t prior)
{
	enum page_state state = cell_state(prior);

	return prior != PRIOR_NONE && !cell_file(prior) &&
	    (state == PAGE_PRIVATE || state == PAGE_COPIED || state == PAGE_PARTED);
}

/* The same frame in two processes, one of which says that no other has it: it came or went between
 * the readings. */
static inline bool
contradicts(const struct cell_window *window, const struct cell_line *line, size_t page)
{
	uint64_t pfn = pm_pfn(line->entries[page]);

	return line->parent >= 0 && window->frames && pfn &&
	    pfn == pm_pfn(window->lines[line->parent].entries[page]);
}

/* Nothing that could have been copied was there before, except perhaps a file's page. */
static bool
fills_hole(const struct cell_line *line, uint8_t prior)
{
	if (prior == PRIOR_NONE)
		return !line->joined; /* the mapping is newer than the fork */
	return cell_state(prior) == PAGE_ABSENT || cell_state(prior) == PAGE_ZERO;
}

/* A page mapped once on its own; a new one is marked as such and stays private for now. */
static uint8_t
cell_alone(struct judge *judge, size_t line, size_t page)
{
	const struct cell_window *window = judge->window;
	const struct cell_line *own = &window->lines[line];
	uint8_t cell = own->cells[page], prior = own->prior[page];
	bool forked = judge->has_forked[line] && has_child_linked(window, line, page, true);

	if (contradicts(window, own, page))
		return with_state(cell, PAGE_SHARED) | CELL_MOVED;
	if (was_once(prior) && !forked)
		return carried(cell, prior);
	if (own->private_file && !was_once(prior) &&
	    (prior == PRIOR_NONE || !is_mapped_many(prior)) && relative_has_file(judge, line, page))
		return with_state(cell, PAGE_COPIED);
	if (fills_hole(own, prior) && !forked)
		return with_state(cell, PAGE_PRIVATE | CELL_FILLED);
	wrote_of(judge, line)[page] = WROTE_NEW;
	judge->any_new = true;
	return cell;
}

/* Is a page mapped once all there is, without relatives now or before? */
static bool
is_single(const struct judge *judge, size_t line)
{
	const struct cell_line *own = &judge->window->lines[line];

	return own->joined && own->parent < 0 && !judge->has_children[line];
}

/* Most pages are unchanged: finds those without asking twice. */
static void
find_new(struct judge *judge)
{
	const struct cell_window *window = judge->window;

	for (size_t k = 0; k < window->line_count; k++) {
		const struct cell_line *line = &window->lines[k];
		bool plain = !judge->has_forked[k];

		for (size_t i = 0; i < window->pages && !is_single(judge, k); i++) {
			uint8_t cell = line->cells[i];

			if ((cell & (CELL_STATE | CELL_FILE)) != PAGE_PRIVATE)
				continue;
			line->cells[i] =
			    plain && was_once(line->prior[i]) && !contradicts(window, line, i)
			    ? carried(cell, line->prior[i])
			    : cell_alone(judge, k, i);
		}
	}
}

/* The pages of lines whose parent has nothing of the same origin there, or has ended. */
struct kin {
	bool *inherited;      /* for each page: some line there certainly has what its parent had */
	const uint8_t *count; /* lines with something new; 2: two or more */
	uint16_t *probes;     /* a list to ask about */
};

#define WROTE_KIN 0x80 /* in place of WROTE_NEW: related to such lines at most */

static bool
is_kin(const struct cell_window *window, const struct cell_line *line, size_t page)
{
	return line->parent >= 0 ? !cells_linked(line, &window->lines[line->parent], page)
				 : line->lineage != 0;
}

/* If it never forked, it has what it shares from its parent. */
static void
kin_find_inherited(const struct judge *judge, const struct kin *kin)
{
	const struct cell_window *window = judge->window;

	for (size_t k = 0; k < window->line_count; k++) {
		const struct cell_line *line = &window->lines[k];

		for (size_t i = 0; line->forked_last <= line->born && i < window->pages; i++)
			kin->inherited[i] |= is_mapped_many(line->cells[i]) && kin->count[i] &&
			    is_kin(window, line, i);
	}
}

/* And so has one that has not written since, if it never forked. Asks about one page in many. */
static bool
kin_has_inherited(struct judge *judge, const struct kin *kin)
{
	const struct cell_window *window = judge->window;
	bool found = false;

	for (size_t k = 0; k < window->line_count && window->ask; k++) {
		const struct cell_line *line = &window->lines[k];
		uint8_t *wrote = wrote_of(judge, k);
		size_t count = 0, stretch = 0;

		for (size_t i = 0; line->forked_last <= line->born && i < window->pages; i++) {
			bool may = wrote[i] == WROTE_KIN && kin->count[i] > 1 && !kin->inherited[i];

			if (may && stretch++ % PROBE_PAGES == 0)
				kin->probes[count++] = (uint16_t)i;
			stretch = may ? stretch : 0;
		}
		if (count)
			window->ask(window->with, k, kin->probes, count, wrote);
		for (size_t i = 0; i < count; i++) {
			found |= wrote[kin->probes[i]] == WROTE_NO;
			wrote[kin->probes[i]] = WROTE_KIN;
		}
	}
	return found;
}

/* Children with the same page without their parent have the same origin there if one of them is
 * known to have it from the parent; otherwise each may have filled it. */
static void
keep_kin(struct judge *judge, uint8_t *any, const uint8_t *count)
{
	const struct cell_window *window = judge->window;
	struct kin kin = {
	    .inherited = mem_zero(window->pages, sizeof(*kin.inherited)),
	    .count = count,
	    .probes = mem_zero(window->pages, sizeof(*kin.probes)),
	};
	bool found;

	kin_find_inherited(judge, &kin);
	found = kin_has_inherited(judge, &kin);
	for (size_t k = 0; k < window->line_count; k++)
		for (size_t i = 0; i < window->pages; i++) {
			uint8_t *wrote = &wrote_of(judge, k)[i];
			bool related = kin.inherited[i] || (found && kin.count[i] > 1);

			if (*wrote != WROTE_KIN)
				continue;
			*wrote = related ? WROTE_NEW : WROTE_OLD;
			any[i] |= related;
		}
	free(kin.inherited);
	free(kin.probes);
}

/* Among new pages, only those that were shared before, or have a relative now, can have parted from
 * another. */
static void
keep_related(struct judge *judge)
{
	const struct cell_window *window = judge->window;
	uint8_t *any = mem_zero(window->pages, 1), *kin = mem_zero(window->pages, 1);
	bool any_kin = false;

	for (size_t k = 0; k < window->line_count; k++) {
		const struct cell_line *line = &window->lines[k];

		for (size_t i = 0; i < window->pages; i++) {
			uint8_t *wrote = &wrote_of(judge, k)[i], prior = line->prior[i];

			if (*wrote == WROTE_OLD)
				continue;
			if ((prior != PRIOR_NONE && is_mapped_many(prior)) ||
			    has_relative(judge, k, i)) {
				any[i] = 1;
			} else if (is_kin(window, line, i)) {
				any_kin = true;
				kin[i] += kin[i] < 2;
				*wrote = WROTE_KIN;
			} else {
				*wrote = WROTE_OLD;
			}
		}
	}
	if (any_kin)
		keep_kin(judge, any, kin);
	for (size_t i = 0; i < window->pages; i++)
		if (any[i])
			judge->pages[judge->count++] = (uint16_t)i;
	free(any);
	free(kin);
}

static void
ask_list(struct judge *judge, size_t line, size_t count)
{
	const struct cell_window *window = judge->window;
	uint8_t *wrote = wrote_of(judge, line);

	if (window->ask && count)
		window->ask(window->with, line, judge->asked, count, wrote);
	for (size_t i = 0; !window->ask && i < count; i++)
		wrote[judge->asked[i]] = WROTE_MAYBE;
}

static void
ask_parents(struct judge *judge)
{
	for (size_t k = 0; k < judge->window->line_count; k++) {
		size_t count = 0;

		for (size_t i = 0; i < judge->count && judge->has_children[k]; i++)
			if (wrote_of(judge, k)[judge->pages[i]] == WROTE_NEW)
				judge->asked[count++] = judge->pages[i];
		ask_list(judge, k, count);
	}
}

/* In a stretch of pages whose original the parent has, only the first is asked about, and then one
 * in many. */
static bool
is_probe(const struct judge *judge, size_t at, size_t *stretch)
{
	*stretch = at && judge->pages[at] == judge->pages[at - 1] + 1 ? *stretch + 1 : 0;
	return *stretch % PROBE_PAGES == 0;
}

/* If the parent is left with the original, its child must have written, unless the parent's page is
 * a copy that it has since shared with another child, now gone. Returns whether a probe said so. */
static bool
ask_probes(struct judge *judge, size_t line, const uint8_t *parent)
{
	uint8_t *wrote = wrote_of(judge, line);
	size_t count = 0, stretch = 0;
	bool doubt = false;

	for (size_t i = 0; i < judge->count; i++) {
		size_t page = judge->pages[i];
		bool probe = is_probe(judge, i, &stretch);

		if (wrote[page] == WROTE_NEW && (probe || !parent || parent[page] != WROTE_NO))
			judge->asked[count++] = (uint16_t)page;
	}
	ask_list(judge, line, count);
	for (size_t i = 0; i < count; i++)
		doubt |= parent && parent[judge->asked[i]] == WROTE_NO &&
		    wrote[judge->asked[i]] != WROTE_YES;
	return doubt;
}

static void
ask_rest(struct judge *judge, size_t line, bool doubt)
{
	uint8_t *wrote = wrote_of(judge, line);
	size_t count = 0;

	for (size_t i = 0; i < judge->count; i++) {
		size_t page = judge->pages[i];

		if (wrote[page] == WROTE_NEW && doubt)
			judge->asked[count++] = (uint16_t)page;
		else if (wrote[page] == WROTE_NEW)
			wrote[page] = WROTE_YES;
	}
	ask_list(judge, line, count);
}

static void
ask_children(struct judge *judge)
{
	const struct cell_window *window = judge->window;

	for (size_t k = 0; k < window->line_count; k++) {
		int parent = window->lines[k].parent;

		ask_rest(judge, k,
		    ask_probes(judge, k, parent >= 0 ? wrote_of(judge, (size_t)parent) : NULL));
	}
}

static void
judge_begin(struct judge *judge, const struct cell_window *window)
{
	size_t lines = window->line_count + 1;

	*judge = (struct judge){
	    .window = window,
	    .wrote = mem_zero(lines, window->pages),
	    .has_children = mem_zero(lines, sizeof(*judge->has_children)),
	    .has_forked = mem_zero(lines, sizeof(*judge->has_forked)),
	    .pages = mem_zero(window->pages, sizeof(*judge->pages)),
	    .asked = mem_zero(window->pages, sizeof(*judge->asked)),
	};
	for (size_t i = 0; i < window->line_count; i++)
		if (window->lines[i].parent >= 0) {
			judge->has_children[window->lines[i].parent] = true;
			judge->has_forked[window->lines[i].parent] |= window->lines[i].forked;
		}
}

static void
judge_end(struct judge *judge)
{
	free(judge->wrote);
	free(judge->has_children);
	free(judge->has_forked);
	free(judge->pages);
	free(judge->asked);
}

void
copies_find(const struct cell_window *window)
{
	struct judge judge;

	judge_begin(&judge, window);
	find_new(&judge);
	if (judge.any_new)
		keep_related(&judge);
	if (judge.count) {
		ask_parents(&judge);
		ask_children(&judge);
		judge_pages(&judge);
	}
	judge_end(&judge);
}
