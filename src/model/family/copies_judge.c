#include "config.h"
#include "model/family/copies_judge.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/family/copies.h"
#include "model/pagemap_bits.h"

/* The relatives of one tree at one page, counted. */
struct relatives {
	size_t many; /* share a frame that was there before */
	/* share a frame, possibly only with their own children, and may have copied it before */
	size_t unsure;
	size_t fresh;  /* new */
	size_t parted; /* parted before */
	size_t went;   /* shared before and don't now, new or not */
	bool unknown;  /* some process may have a frame there */
	bool bound;    /* their frames have, or had, one origin */
};

/* A tree at a page: its lines, ascending. */
struct bench {
	const struct judge *judge;
	const size_t *lines;
	size_t count, page;
	const size_t *place;     /* for each line: its position within its tree */
	struct holder *holders;  /* of each of lines */
	uint32_t *sharing;       /* for each: children that share a frame, */
	uint32_t *sharing_leafs; /* and those of them that have no children */
};

static uint8_t
bench_cell(const struct bench *bench, size_t i)
{
	return bench->judge->window->lines[bench->lines[i]].cells[bench->page];
}

static uint8_t
bench_prior(const struct bench *bench, size_t i)
{
	return bench->judge->window->lines[bench->lines[i]].prior[bench->page];
}

static enum wrote
bench_wrote(const struct bench *bench, size_t i)
{
	return (enum wrote)wrote_of(bench->judge, bench->lines[i])[bench->page];
}

static bool
was_mapped_many(uint8_t prior)
{
	return prior != PRIOR_NONE && is_mapped_many(prior);
}

static struct holder
bench_holder(const struct bench *bench, size_t i)
{
	const struct cell_window *window = bench->judge->window;
	const struct cell_line *line = &window->lines[bench->lines[i]];
	uint8_t cell = line->cells[bench->page];
	bool many = is_mapped_many(cell);

	return (struct holder){
	    .there = cell_anonymous(cell) && !cell_filled(cell),
	    .alone = !many,
	    .unwritten = many || bench_wrote(bench, i) == WROTE_NO,
	    .was_shared = was_mapped_many(line->prior[bench->page]),
	    .parent = line->parent < 0 ? -1 : (int)bench->place[line->parent],
	    .frame = window->frames ? pm_pfn(line->entries[bench->page]) : 0,
	    .born = line->born,
	    .forked = line->forked_last,
	};
}

static void
bench_fill(const struct bench *bench)
{
	const struct judge *judge = bench->judge;

	memset(bench->sharing, 0, bench->count * sizeof(*bench->sharing));
	memset(bench->sharing_leafs, 0, bench->count * sizeof(*bench->sharing_leafs));
	for (size_t i = 0; i < bench->count; i++) {
		struct holder *holder = &bench->holders[i];

		*holder = bench_holder(bench, i);
		if (holder->parent < 0 || !is_mapped_many(bench_cell(bench, i)))
			continue;
		bench->sharing[holder->parent]++;
		bench->sharing_leafs[holder->parent] += !judge->has_children[bench->lines[i]];
	}
	holds_find(bench->holders, bench->count, judge->window->before);
}

/* Is the frame that it shares its parent's, rather than a copy that only children inherited? */
static bool
shares_original(const struct bench *bench, size_t i)
{
	int parent = bench->holders[i].parent;

	for (; parent >= 0 && is_mapped_many(bench_cell(bench, (size_t)parent));
	     parent = bench->holders[parent].parent)
		i = (size_t)parent;
	return parent < 0 || !bench->sharing[i] || bench->sharing[parent] > 1;
}

/* Inherited from its parent, which may still have it or not. */
static bool
bench_inherited(const struct bench *bench, const struct holder *holder)
{
	return holder->there &&
	    ((holder->parent >= 0 && bench->holders[holder->parent].there) ||
		holder->since <= holder->born);
}

static struct relatives
count_relatives(const struct bench *bench)
{
	struct relatives relatives = {0};

	for (size_t i = 0; i < bench->count; i++) {
		const struct holder *holder = &bench->holders[i];
		uint8_t cell = bench_cell(bench, i);
		bool fresh = bench_wrote(bench, i) != WROTE_OLD;

		relatives.unknown |= cell_unknown(cell);
		relatives.bound |= holder->was_shared || bench_inherited(bench, holder);

		relatives.fresh += fresh;
		relatives.parted += !fresh && cell_state(cell) == PAGE_PARTED;
		relatives.went += was_mapped_many(bench_prior(bench, i)) && !is_mapped_many(cell);
		if (!fresh && is_mapped_many(cell))
			*(shares_original(bench, i) ? &relatives.many : &relatives.unsure) += 1;
	}
	return relatives;
}

/* If nothing tells: two children share what this one had (one that has a child may share a copy of
 * its own with it), or it alone left those that share. */
static bool
must_have_written(const struct bench *bench, const struct relatives *relatives, size_t i)
{
	return bench->sharing_leafs[i] > 1 ||
	    (bench->judge->window->settled && relatives->many && relatives->went == 1 &&
		bench->holders[i].was_shared);
}

/* Has it kept what it had when it was forked, or what it shared in the sample before? */
static bool
has_kept(const struct bench *bench, size_t i)
{
	const struct holder *holder = &bench->holders[i];

	return holds_first(bench->holders, bench->count, i) ||
	    (holder->was_shared && holder->since <= bench->judge->window->before);
}

/* If the bit can't tell who wrote, something else may have given it another frame. */
static enum page_state
verdict(const struct bench *bench, const struct relatives *relatives, size_t i)
{
	bool mute = bench->judge->window->ask && bench_wrote(bench, i) == WROTE_MAYBE;
	bool others = relatives->many || relatives->unsure || relatives->unknown;

	if (!relatives->bound && !relatives->unknown)
		return PAGE_PRIVATE;
	if (bench->holders[i].left && !mute)
		return PAGE_COPIED;
	if (has_kept(bench, i))
		return others ? PAGE_PARTED : PAGE_PRIVATE;
	if (must_have_written(bench, relatives, i))
		return PAGE_COPIED;
	return others || relatives->fresh > 1 || relatives->parted ? PAGE_PARTED : PAGE_PRIVATE;
}

/* Known states stay. */
static bool
is_carried(uint8_t prior, enum page_state state)
{
	return was_once(prior) &&
	    (cell_state(prior) == PAGE_COPIED ||
		(cell_state(prior) == PAGE_PARTED && state == PAGE_PRIVATE));
}

static void
judge_cell(const struct bench *bench, const struct relatives *relatives, size_t i)
{
	uint8_t *cell = &bench->judge->window->lines[bench->lines[i]].cells[bench->page];
	uint8_t prior = bench_prior(bench, i);
	enum page_state state = verdict(bench, relatives, i);

	if (is_carried(prior, state)) {
		*cell = carried(*cell, prior);
		wrote_of(bench->judge, bench->lines[i])[bench->page] = WROTE_OLD;
	} else {
		*cell = with_state(*cell, (uint8_t)state);
	}
}

/* Of the parted pages, as many are counted as there are frames beside the original; the first has
 * the original, if no other process does. */
static void
judge_tree(const struct bench *bench)
{
	const struct cell_window *window = bench->judge->window;
	struct relatives relatives;
	bool held;

	bench_fill(bench);
	relatives = count_relatives(bench);
	held = relatives.many || relatives.unsure || relatives.unknown;
	for (size_t i = 0; i < bench->count; i++) {
		if (bench_wrote(bench, i) == WROTE_OLD)
			continue;
		judge_cell(bench, &relatives, i);
		held |= bench_wrote(bench, i) != WROTE_OLD &&
		    cell_state(bench_cell(bench, i)) == PAGE_PRIVATE;
	}
	for (size_t i = 0; i < bench->count; i++) {
		if (bench_wrote(bench, i) == WROTE_OLD ||
		    cell_state(bench_cell(bench, i)) != PAGE_PARTED)
			continue;
		window->lines[bench->lines[i]].cells[bench->page] |= held ? CELL_COUNTED : 0;
		held = true;
	}
}

/* The root of a line's tree. */
static size_t
tree_of(size_t *trees, size_t line)
{
	while (trees[line] != line)
		line = trees[line] = trees[trees[line]];
	return line;
}

static void
trees_unite(size_t *trees, size_t one, size_t other)
{
	one = tree_of(trees, one);
	other = tree_of(trees, other);
	trees[one > other ? one : other] = one > other ? other : one;
}

struct key_line {
	uint64_t key;
	size_t line;
};

static int
by_key_line(const void *one, const void *other)
{
	const struct key_line *a = one, *b = other;

	if (a->key != b->key)
		return a->key < b->key ? -1 : 1;
	return a->line < b->line ? -1 : a->line > b->line;
}

/* Parent and child belong to one tree, and so do processes of one lineage. */
static void
find_trees(const struct cell_window *window, struct key_line *keys, size_t *trees)
{
	size_t count = window->line_count;

	for (size_t k = 0; k < count; k++) {
		trees[k] = k;
		keys[k] = (struct key_line){window->lines[k].lineage, k};
	}
	for (size_t k = 0; k < count; k++)
		if (window->lines[k].parent >= 0)
			trees_unite(trees, k, (size_t)window->lines[k].parent);
	qsort(keys, count, sizeof(*keys), by_key_line);
	for (size_t i = 1; i < count; i++)
		if (keys[i].key && keys[i].key == keys[i - 1].key)
			trees_unite(trees, keys[i].line, keys[i - 1].line);
	for (size_t k = 0; k < count; k++)
		keys[k] = (struct key_line){tree_of(trees, k), k};
	qsort(keys, count, sizeof(*keys), by_key_line);
}

static void
judge_one_tree(struct bench *bench)
{
	const struct judge *judge = bench->judge;

	for (size_t i = 0; i < judge->count; i++) {
		bool any = false;

		bench->page = judge->pages[i];
		for (size_t k = 0; k < bench->count && !any; k++)
			any = bench_wrote(bench, k) != WROTE_OLD;
		if (any)
			judge_tree(bench);
	}
}

void
judge_pages(const struct judge *judge)
{
	size_t lines = judge->window->line_count;
	struct key_line *keys = mem_zero(lines, sizeof(*keys));
	size_t *trees = mem_zero(lines, sizeof(*trees)), *place = mem_zero(lines, sizeof(*place)),
	       *order = mem_zero(lines, sizeof(*order));
	struct bench bench = {
	    .judge = judge,
	    .place = place,
	    .holders = mem_zero(lines, sizeof(*bench.holders)),
	    .sharing = mem_zero(lines, sizeof(*bench.sharing)),
	    .sharing_leafs = mem_zero(lines, sizeof(*bench.sharing_leafs)),
	};

	find_trees(judge->window, keys, trees);
	for (size_t i = 0, first = 0; i < lines; i++) {
		first = i && keys[i].key == keys[i - 1].key ? first : i;
		order[i] = keys[i].line;
		place[keys[i].line] = i - first;
	}
	for (size_t first = 0, end; first < lines; first = end) {
		for (end = first + 1; end < lines && keys[end].key == keys[first].key;)
			end++;
		bench.lines = order + first;
		bench.count = end - first;
		judge_one_tree(&bench);
	}
	free(keys);
	free(trees);
	free(place);
	free(order);
	free(bench.holders);
	free(bench.sharing);
	free(bench.sharing_leafs);
}
