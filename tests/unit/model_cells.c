/* Who copied, on paper: one page of a family, as root sees it and as an ordinary user does. */
#include "config.h"
#include "model/family/cells.h"
#include "model/pagemap_bits.h"

#include <string.h>

#include "tap.h"

#define LINES 6
#define ZERO_PFN 5

/*
 * A process is "FRAME HOW": the frame it has there, 1 to 9, and how: 'm' many map it, 'w' only this
 * one and it wrote since the last fork, 'n' only this one and it did not, 'h' only this one and it
 * is a huge page's frame, 'f' the file's page that many map, 'u' part of a huge page of which
 * nobody could say who else maps it;
 * "--" nothing, "zz" the page of zeros. After it '?' where the process may have forked others than
 * those that are here until now, 'o' where it did so before the sample before. Its parent is the
 * digit below, its prior the letter below that. States: S shared, P private, F private and filled,
 * C copied, D parted, Z zero, A absent, f the file's page shared, U unknown; and of priors
 * '.' none and the process is new to us, '+' forked since the sample before, '!' none and the
 * process is not new.
 */
struct page_case {
	const char *what, *frames, *parents, *priors;
	const char *root, *user; /* states wanted */
	int root_copies, user_copies, root_parted, user_parted;
};

/* When what happened: processes were forked in their order, those marked '+' since the sample
 * before. */
#define BEFORE 100
#define NOW 200

static const struct page_case cases[] = {
    {"a pair shares", "1m 1m", "-0", "..", "SS", "SS", 0, 0, 0, 0},
    {"a child wrote", "1n 2w", "-0", "..", "PC", "DD", 1, 1, 0, 1},
    {"a parent wrote", "2w 1n", "-0", "..", "CP", "DD", 1, 1, 0, 1},
    {"both wrote: one copy was made", "2w 1w", "-0", "..", "DD", "DD", 1, 1, 1, 1},
    {"the child is gone", "2w --", "-0", "..", "PA", "PA", 0, 0, 0, 0},
    {"the parent has the page of zeros", "zz 2w", "-0", "..", "ZP", "ZP", 0, 0, 0, 0},
    {"the child has the page of zeros", "1w zz", "-0", "..", "PZ", "PZ", 0, 0, 0, 0},
    {"the parent dropped it", "-- 1n", "-0", "..", "AP", "AP", 0, 0, 0, 0},
    {"a page dropped and filled again looks the same", "1n 2w", "-0", "..", "PC", "DD", 1, 1, 0, 1},

    {"three: the elder child wrote, or its parent before it forked the other one", "1m 2w 1m",
	"-00", "...", "SDS", "SDS", 1, 1, 1, 1},
    {"three: the younger child wrote", "1m 1m 2w", "-00", "...", "SSC", "SSC", 1, 1, 0, 0},
    {"three: the parent wrote", "2w 1m 1m", "-00", "...", "CSS", "CSS", 1, 1, 0, 0},
    {"three: both children wrote, or the parent between their forks", "1n 2w 3w", "-00", "...",
	"DDC", "DDD", 2, 2, 1, 1},
    {"three: all wrote", "1w 2w 3w", "-00", "...", "DDD", "DDD", 2, 2, 1, 1},
    {"three: the parent and a child wrote", "2w 3w 1n", "-00", "...", "CDP", "DDD", 2, 2, 1, 1},
    {"three: the parent wrote, then forked the other one", "2m 1n 2m", "-00", "...", "SDS", "SDS",
	1, 1, 1, 1},
    {"four: the parent wrote, and then a child", "2w 3w 1m 1m", "-000", "....", "CDSS", "CDSS", 2,
	2, 1, 1},

    {"a chain: the child wrote and forked", "1n 2m 2m", "-01", "...", "DSS", "DSS", 1, 1, 1, 1},
    {"a chain: the grandchild wrote", "1m 1m 2w", "-01", "...", "SSC", "SSC", 1, 1, 0, 0},
    {"a chain: the one in the middle wrote", "1m 2w 1m", "-01", "...", "SCS", "SCS", 1, 1, 0, 0},
    {"a chain: each wrote", "1w 2w 3w", "-01", "...", "DDD", "DDD", 2, 2, 1, 1},
    {"a chain: the first wrote, and it is not known what the second did", "2w 1m 1m", "-01", "...",
	"DSS", "DSS", 1, 1, 1, 1},

    {"a huge page's frame proves nothing", "1h 2w", "-0", "..", "DD", "DD", 1, 1, 1, 1},
    {"a huge page's frame beside the original", "2h 1n", "-0", "..", "DP", "DD", 1, 1, 1, 1},
    {"the file's page, and a copy of it", "1f 2w", "-0", "..", "fC", "fC", 1, 1, 0, 0},
    {"the parent has the copy of the file's page", "2w 1f", "-0", "..", "Cf", "Cf", 1, 1, 0, 0},

    {"a copy stays one when the others go", "-- 2w", "-0", "SC", "AC", "AC", 0, 0, 0, 0},
    {"a parted page stays so", "1w 2w", "-0", "DD", "DD", "DD", 1, 1, 1, 1},
    {"left alone, and then it writes", "1w 2w", "-0", "PC", "PC", "PC", 1, 1, 0, 0},
    {"filled where nothing was", "1w 2w", "-0", "AA", "FF", "FF", 0, 0, 0, 0},
    {"filled over the page of zeros, and so it stays", "1w 2w", "-0", "FF", "FF", "FF", 0, 0, 0, 0},
    {"a mapping newer than the fork", "1w 2w", "-0", "!!", "FF", "FF", 0, 0, 0, 0},
    {"one alone went from those that share, while all were watched", "1m 2w 1m", "-00", "SSS",
	"SCS", "SCS", 1, 1, 0, 0},
    {"a child went from its parent, while both were watched", "1n 2w", "-0", "SS", "PC", "DD", 1, 1,
	0, 1},
    {"left alone by one that is gone", "1n --", "-0", "SS", "PA", "PA", 0, 0, 0, 0},
    {"siblings share what the parent has not any more, and one writes", "3w 1n 2w", "-00", "CSS",
	"CPC", "CDD", 2, 2, 0, 1},

    {"forked since: it has what the parent had", "1m 1m", "-0", "P+", "SS", "SS", 0, 0, 0, 0},
    {"forked since, and the child wrote", "1n 2w", "-0", "P+", "PC", "DD", 1, 1, 0, 1},
    {"forked since, and the parent wrote", "2w 1n", "-0", "F+", "CP", "DD", 1, 1, 0, 1},
    {"forked since, and the parent's copy stays one", "1n 2w", "-0", "C+", "CC", "CD", 1, 1, 0, 1},
    {"another one forked since, and it wrote", "1m 1m 2w", "-00", "SS+", "SSC", "SSC", 1, 1, 0, 0},

    {"a parent that forks again: only what its child has is known", "1n?2w", "-0", "..", "DD", "DD",
	1, 1, 1, 1},
    {"the parent wrote and forked one that is gone", "1n?2n", "-0", "..", "CP", "DD", 1, 1, 0, 1},
    {"either may have forked", "1n?2n?", "-0", "..", "DD", "DD", 1, 1, 1, 1},
    {"the child wrote and forked one that is gone", "1n 2n?", "-0", "..", "PC", "DD", 1, 1, 0, 1},
    {"the parent wrote since, whoever forked", "1w?2n", "-0", "..", "CP", "DD", 1, 1, 0, 1},
    {"the parent wrote since, and the child may have forked", "1w?2n?", "-0", "..", "DD", "DD", 1,
	1, 1, 1},
    {"the child wrote since, and the parent may have forked", "1n?2w?", "-0", "..", "DD", "DD", 1,
	1, 1, 1},
    {"three share, one wrote, and the parent may have forked: the younger ones are told",
	"1m?1m?2w?", "-00", "...", "SSC", "SSD", 1, 1, 0, 1},
    {"the grandchild wrote and forked", "1m 1m 2n?", "-01", "...", "SSC", "SSC", 1, 1, 0, 0},
    {"the grandchild wrote, those before it may have forked", "1m?1m?2w", "-01", "...", "SSC",
	"SSD", 1, 1, 0, 1},
    {"the one in the middle wrote and forked one that is gone", "1m?2n?1m", "-01", "...", "SCS",
	"SCS", 1, 1, 0, 0},
    {"watched: forks before do not matter", "1no2wo", "-0", "SS", "PC", "DD", 1, 1, 0, 1},
    {"watched: the parent forked since", "1n?2w ", "-0", "SS", "DD", "DD", 1, 1, 1, 1},
    {"watched: the parent wrote and forked since, the child did not", "1n?2no", "-0", "SS", "CP",
	"DD", 1, 1, 0, 1},
    {"watched: the child wrote and forked since", "1no2n?", "-0", "SS", "PC", "DD", 1, 1, 0, 1},
    {"watched: both forked since", "1n?2n?", "-0", "SS", "DD", "DD", 1, 1, 1, 1},
    {"watched: forked since by one that forked others after it", "1n?2w", "-0", "P+", "DD", "DD", 1,
	1, 1, 1},
    {"watched: two forked since, and the elder one wrote", "1m 2w 1m", "-00", "P++", "SDS", "SDS",
	1, 1, 1, 1},
    {"watched: what it wrote it shares with a child now, and its parent is left", "1no2m 2m", "-01",
	"SS+", "DSS", "DSS", 1, 1, 1, 1},
    {"watched: and that child is gone", "1no2n?", "-0", "DS", "DD", "DD", 1, 1, 1, 1},

    {"the parent dropped it, and one child has what there was", "-- 1w 2n", "-00", "...", "ADP",
	"APP", 1, 0, 1, 0},
    {"the parent has nothing, and each child something of its own", "-- 1w 2w", "-00", "...", "APP",
	"APP", 0, 0, 0, 0},
    {"the parent has nothing, and each child something that it wrote before it forked", "-- 1n?2n?",
	"-00", "...", "APP", "APP", 0, 0, 0, 0},
    {"the parent dropped it, and two share what there was", "-- 2w 1m 1m", "-000", "....", "ADSS",
	"ADSS", 1, 1, 1, 1},
    {"the parent has nothing, and a child shares something of its own with a child", "-- 2w 1m 1m",
	"-002", "....", "APSS", "APSS", 0, 0, 0, 0},
    {"watched: the parent dropped it, and a child wrote", "-- 2wo1no", "-00", "SSS", "ACP", "ADD",
	1, 1, 0, 1},
    {"watched: the parent dropped it, and all wrote", "-- 2wo1wo", "-00", "SSS", "ADD", "ADD", 1, 1,
	1, 1},
    {"watched: and so it stays", "-- 2wo1wo", "-00", "ACC", "ACC", "ACC", 1, 1, 0, 0},
    {"beside a huge page of which no more is known", "1u 2w", "-0", "..", "UD", "UD", 1, 1, 1, 1},
    {"a child's huge page of which no more is known", "1w 2u", "-0", "..", "DU", "DU", 1, 1, 1, 1},
};

struct paper {
	uint64_t entries[LINES];
	uint8_t facts[LINES], prior[LINES], cells[LINES], wrote[LINES];
	struct cell_line lines[LINES];
	size_t count, asked;
};

static void
tell_wrote(void *with, size_t line, const uint16_t *pages, size_t count, uint8_t *wrote)
{
	struct paper *paper = with;

	paper->asked += count;
	for (size_t i = 0; i < count; i++)
		wrote[pages[i]] = paper->wrote[line];
}

static void
put_frame(struct paper *paper, size_t i, const char *frame, bool root)
{
	uint64_t pfn =
	    root && frame[0] > '0' && frame[0] <= '9' ? (uint64_t)(frame[0] - '0') * 100 : 0;

	if (frame[0] == '-')
		return;
	paper->entries[i] = PM_PRESENT | pfn;
	if (frame[0] == 'z') {
		paper->entries[i] |= root ? ZERO_PFN : 0;
		paper->facts[i] = FACT_ZERO;
	}
	if (strchr("wnh", frame[1]))
		paper->entries[i] |= PM_EXCLUSIVE;
	if (frame[1] == 'f')
		paper->entries[i] |= PM_FILE;
	if (frame[1] == 'u')
		paper->facts[i] = FACT_HUGE | FACT_UNSURE;
	paper->wrote[i] = frame[1] == 'w' ? WROTE_YES : frame[1] == 'n' ? WROTE_NO : WROTE_MAYBE;
}

static uint8_t
cell_named(char name)
{
	static const char names[] = "ASPCZDFfU";
	static const uint8_t cells[] = {PAGE_ABSENT, PAGE_SHARED, PAGE_PRIVATE, PAGE_COPIED,
	    PAGE_ZERO, PAGE_PARTED, PAGE_PRIVATE | CELL_FILLED, PAGE_SHARED | CELL_FILE,
	    PAGE_UNKNOWN};

	return strchr(names, name) ? cells[strchr(names, name) - names] : PRIOR_NONE;
}

static uint64_t
born_of(const struct page_case *c, size_t i)
{
	return c->parents[i] == '-' ? 0 : i + (c->priors[i] == '+' ? BEFORE : 0);
}

static uint64_t
forked_last_of(const struct page_case *c, size_t i)
{
	char forks = c->frames[3 * i + 2];
	uint64_t last = forks == '?' ? NOW : forks == 'o' ? BEFORE - 1 : 0;

	for (size_t k = 0; c->parents[k]; k++)
		if (c->parents[k] == '0' + (char)i && born_of(c, k) > last)
			last = born_of(c, k);
	return last;
}

static void
lay_out(struct paper *paper, const struct page_case *c, bool root)
{
	memset(paper, 0, sizeof(*paper));
	paper->count = strlen(c->parents);
	for (size_t i = 0; i < paper->count; i++) {
		put_frame(paper, i, c->frames + 3 * i, root);
		paper->prior[i] = cell_named(c->priors[i]);
		paper->lines[i] = (struct cell_line){
		    .entries = &paper->entries[i],
		    .facts = &paper->facts[i],
		    .prior = &paper->prior[i],
		    .parent = c->parents[i] == '-' ? -1 : c->parents[i] - '0',
		    .born = born_of(c, i),
		    .forked_last = forked_last_of(c, i),
		    .zeros_known = true,
		    .private_file = strchr(c->frames, 'f') != NULL,
		    .joined = c->priors[i] == '.' || c->priors[i] == '+',
		    .forked = c->priors[i] == '+',
		    .cells = &paper->cells[i],
		};
	}
}

static void
told(const struct page_case *c, bool root)
{
	const char *who = root ? "root" : "user", *wanted = root ? c->root : c->user;
	struct pfns frames = {0};
	struct paper paper;
	struct cell_window window = {
	    .pages = 1,
	    .zero_pfn = root ? ZERO_PFN : 0,
	    .frames = root ? &frames : NULL,
	    .with = &paper,
	    .settled = !strpbrk(c->priors, ".+"),
	    .before = strchr(c->priors, '.') ? 0 : BEFORE,
	};
	uint64_t counted = 0, copied = 0;

	lay_out(&paper, c, root);
	window.lines = paper.lines;
	window.line_count = paper.count;
	window.ask = root ? tell_wrote : NULL;
	cells_find(&window);
	for (size_t i = 0; i < paper.count; i++) {
		is_number(paper.cells[i] &
			~(CELL_WAS_SHARED | CELL_HUGE |
			    (cell_counted(paper.cells[i]) ? CELL_COUNTED : 0)),
		    cell_named(wanted[i]), "%s: %s: %zu", who, c->what, i);
		counted += cell_counted(paper.cells[i]);
		copied += cell_state(paper.cells[i]) == PAGE_COPIED;
	}
	is_number(
	    window.copies, root ? c->root_copies : c->user_copies, "%s: %s: copies", who, c->what);
	is_number(window.parted, root ? c->root_parted : c->user_parted, "%s: %s: parted pages",
	    who, c->what);
	if (window.parted && strchr(c->priors, '.'))
		is_number(copied + counted, window.copies, "%s: %s: a parted copy is counted once",
		    who, c->what);
	pfns_release(&frames);
}

/* One page, of which the kernel tells who wrote. */
static void
find_as_root(struct paper *paper, const struct page_case *c, struct pfns *frames)
{
	struct cell_window window = {
	    .pages = 1,
	    .zero_pfn = ZERO_PFN,
	    .frames = frames,
	    .ask = tell_wrote,
	    .with = paper,
	};

	lay_out(paper, c, true);
	window.lines = paper->lines;
	window.line_count = paper->count;
	cells_find(&window);
}

/* Only where it decides: the original's side, and its child's where that one wrote, or shares with
 * others. */
static void
test_asked(void)
{
	static const struct {
		const char *what, *frames, *parents, *priors;
		size_t asked;
	} asks[] = {
	    {"nobody has come apart", "1m 1m", "-0", "..", 0},
	    {"a single page on both sides", "1n 2w", "-0", "..", 2},
	    {"the parent wrote, so the child is asked too", "2w 1n", "-0", "..", 2},
	    {"in each child", "1n 2w 3w 4w 5w", "-0000", ".....", 5},
	    {"the parent shares, so the child is asked", "1m 2w 1m", "-00", "...", 1},
	    {"the sample before has told", "1n 2w", "-0", "PC", 0},
	    {"filled holes are no question", "1w 2w", "-0", "AA", 0},
	    {"who has no relative there", "1w --", "-0", "..", 0},
	};

	for (size_t i = 0; i < sizeof(asks) / sizeof(asks[0]); i++) {
		const struct page_case c = {
		    .frames = asks[i].frames,
		    .parents = asks[i].parents,
		    .priors = asks[i].priors,
		};
		struct pfns frames = {0};
		struct paper paper;

		find_as_root(&paper, &c, &frames);
		is_number(paper.asked, asks[i].asked, "asked: %s", asks[i].what);
		pfns_release(&frames);
	}
}

#define STRETCH 200

/* Of a long stretch the original's side is enough, but for a page of every 64 of the other; unless
 * one of those says otherwise. */
struct stretch {
	const char *what;
	enum wrote child;
	uint64_t parent_forked, child_forked;
	size_t asked;
	enum page_state parents, childs;
};

/* A parent and its child that have no frame in common. */
static void
judge_stretch(const struct stretch *stretch)
{
	static uint64_t entries[2][STRETCH];
	static uint8_t cells[2][STRETCH], none[STRETCH];
	struct paper paper = {.wrote = {WROTE_NO, (uint8_t)stretch->child}};
	struct cell_line lines[2] = {
	    {.parent = -1, .forked_last = stretch->parent_forked},
	    {.parent = 0, .born = 1, .forked_last = stretch->child_forked},
	};
	struct pfns frames = {0};
	struct cell_window window = {
	    .pages = STRETCH,
	    .lines = lines,
	    .line_count = 2,
	    .frames = &frames,
	    .ask = tell_wrote,
	    .with = &paper,
	};

	memset(none, PRIOR_NONE, sizeof(none));
	for (size_t i = 0; i < 2; i++) {
		lines[i].entries = entries[i];
		lines[i].prior = none;
		lines[i].cells = cells[i];
		lines[i].zeros_known = lines[i].joined = true;
		for (size_t page = 0; page < STRETCH; page++)
			entries[i][page] = PM_PRESENT | PM_EXCLUSIVE | ((i + 1) * 1000 + page);
	}
	cells_find(&window);
	is_number(paper.asked, stretch->asked, "%s: so many are asked", stretch->what);
	is_number(cell_state(cells[0][150]), stretch->parents, "%s: the parent's", stretch->what);
	is_number(cell_state(cells[1][150]), stretch->childs, "%s: the child's", stretch->what);
	is_number(window.copies, STRETCH, "%s: a copy each", stretch->what);
	pfns_release(&frames);
}

static void
test_probes(void)
{
	static const struct stretch stretches[] = {
	    {"the child wrote", WROTE_YES, 1, 0, STRETCH + 4, PAGE_PRIVATE, PAGE_COPIED},
	    {"the parent wrote, and shared that with one that is gone", WROTE_NO, NOW, 0,
		2 * STRETCH, PAGE_COPIED, PAGE_PRIVATE},
	    {"one of them wrote, and both may have forked", WROTE_NO, NOW, NOW, 2 * STRETCH,
		PAGE_PARTED, PAGE_PARTED},
	};

	for (size_t i = 0; i < sizeof(stretches) / sizeof(stretches[0]); i++)
		judge_stretch(&stretches[i]);
}

/* A fork makes what the parent has shared: of both that is the baseline, whatever was written
 * since. */
static void
test_baseline(void)
{
	static const struct {
		const char *what, *frames, *priors;
		bool parent, child;
	} forks[] = {
	    {"shared since the fork", "1m 1m", "P+", true, true},
	    {"and the child wrote", "1n 2w", "P+", true, true},
	    {"and the parent wrote", "2w 1n", "P+", true, true},
	    {"and the parent dropped it", "-- 1n", "P+", false, false},
	    {"what the child filled", "-- 1w", "A+", false, false},
	    {"in the first sample only what is shared", "1n 2w", "..", false, false},
	};

	for (size_t i = 0; i < sizeof(forks) / sizeof(forks[0]); i++) {
		const struct page_case c = {
		    .frames = forks[i].frames,
		    .parents = "-0",
		    .priors = forks[i].priors,
		};
		struct pfns frames = {0};
		struct paper paper;

		find_as_root(&paper, &c, &frames);
		is_number((paper.cells[0] & CELL_WAS_SHARED) != 0, forks[i].parent,
		    "baseline: %s: the parent's", forks[i].what);
		is_number((paper.cells[1] & CELL_WAS_SHARED) != 0, forks[i].child,
		    "baseline: %s: the child's", forks[i].what);
		pfns_release(&frames);
	}
}

/* The parent is gone, and the sample before is all that makes siblings relatives. */
static void
test_orphans(void)
{
	const struct page_case c = {.frames = "2w 1m 1m", .parents = "---", .priors = "SSS"};
	struct pfns frames = {0};
	struct paper paper;
	struct cell_window window = {
	    .pages = 1,
	    .zero_pfn = ZERO_PFN,
	    .frames = &frames,
	    .before = BEFORE,
	    .ask = tell_wrote,
	    .with = &paper,
	};

	lay_out(&paper, &c, true);
	window.lines = paper.lines;
	window.line_count = paper.count;
	for (size_t i = 0; i < paper.count; i++)
		paper.lines[i].lineage = 7;
	cells_find(&window);
	is_number(cell_state(paper.cells[0]), PAGE_COPIED, "orphans: the one that wrote copied");
	pfns_release(&frames);
}

/* An ordinary user, and two children that share something beside a parent that is alone: it is one
 * frame, unless a child may share its own copy with a child of its own. */
static void
test_grandchildren(void)
{
	static const struct {
		const char *what, *frames, *parents, *priors;
		enum page_state parents_cell;
		bool unsure;
	} shapes[] = {
	    {"none", "1n 2m 2m", "-00", "...", PAGE_COPIED, false},
	    {"one each", "1n 2m 3m 2m 3m", "-0012", ".....", PAGE_PARTED, true},
	    {"one of one", "1n 2m 2m?2m", "-001", "....", PAGE_PARTED, true},
	    {"one of one, beside one that has none", "1n 2m 2m 2m", "-001", "....", PAGE_COPIED,
		true},
	    {"none, and the child's is unknown", "1n 2u", "-0", "..", PAGE_PARTED, true},
	    {"a third shares", "2n 1m 1m 1m 1m", "-0001", ".....", PAGE_COPIED, true},
	};

	for (size_t i = 0; i < sizeof(shapes) / sizeof(shapes[0]); i++) {
		const struct page_case c = {
		    .frames = shapes[i].frames,
		    .parents = shapes[i].parents,
		    .priors = shapes[i].priors,
		};
		struct paper paper;
		struct cell_window window = {.pages = 1};

		lay_out(&paper, &c, false);
		window.lines = paper.lines;
		window.line_count = paper.count;
		cells_find(&window);
		is_number(cell_state(paper.cells[0]), shapes[i].parents_cell,
		    "grandchildren: %s: the parent's", shapes[i].what);
		is_number(
		    window.unsure, shapes[i].unsure, "grandchildren: %s: unsure", shapes[i].what);
	}
}

int
main(void)
{
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		told(&cases[i], true);
		told(&cases[i], false);
	}
	test_asked();
	test_probes();
	test_baseline();
	test_orphans();
	test_grandchildren();
	return done_testing();
}
