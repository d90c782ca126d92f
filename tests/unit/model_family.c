/* Families: counting cells, lining mappings up, telling copies, what changed. */
#include "config.h"
#include "model/family/cells.h"
#include "model/family/family.h"
#include "model/family/family_diff.h"
#include "model/family/lineup.h"
#include "model/pagemap_bits.h"

#include "tap.h"

#define PAGE UINT64_C(4096)
#define BASE UINT64_C(0x7f0000000000)

static void
test_names(void)
{
	static const struct {
		size_t number;
		const char *name;
	} names[] = {
	    {0, "a"},
	    {25, "z"},
	    {26, "aa"},
	    {27, "ab"},
	    {51, "az"},
	    {52, "ba"},
	    {701, "zz"},
	    {702, "aaa"},
	    {18277, "zzz"},
	    {18278, "aaaa"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		char name[MEMBER_NAME_MAX];

		member_name(name, names[i].number);
		is_text(name, names[i].name, "process %zu", names[i].number);
	}
}

static struct strip *
strip_of(struct family *family, uint64_t pages)
{
	family_add_member(family, "a", 1, "one");
	return region_add_strip(
	    family_add_region(family, BASE, BASE + pages * PAGE, REGION_ANON, ""), 0);
}

static void
test_strips(void)
{
	struct family *family = family_new();
	struct strip *strip = strip_of(family, 100000);
	struct tally tally = {.moved = 0};

	strip_fill(strip, 70000, 3, PAGE_COPIED | CELL_WAS_SHARED);
	strip_fill(strip, 510, 1030, PAGE_SHARED | CELL_WAS_SHARED);
	strip_fill(strip, 600, 1, PAGE_ZERO);
	is_number(strip_cell(strip, 509), 0, "nothing before");
	is_number(strip_cell(strip, 510), PAGE_SHARED | CELL_WAS_SHARED, "the first one");
	is_number(strip_cell(strip, 1539), PAGE_SHARED | CELL_WAS_SHARED, "the last one");
	is_number(strip_cell(strip, 1540), 0, "nothing behind");
	is_number(strip_cell(strip, 600), PAGE_ZERO, "one in the middle");
	is_number(strip->part_count, 5, "granules only where something is");
	is_number(strip_next(strip, 0), 510, "the next one");
	is_number(strip_next(strip, 1540), 70000, "the next one over a hole");
	ok(strip_next(strip, 70003) == UINT64_MAX, "no next one");
	strip_tally(strip, 509, 512, &tally);
	is_number(tally.counts[PAGE_SHARED], 2, "a part is counted");
	family_finish(family);
	is_number(family->tally.counts[PAGE_SHARED], 1029, "shared");
	is_number(family->tally.was_shared, 1032, "shared in the baseline");
	is_number(family->tally.still_shared, 1029, "of these shared now");
	is_number(family->tally.went_copied, 3, "of these copied now");
	is_number(
	    member_rss_kib(family, &family->members[0]), 1032 * 4, "Rss counts no page of zeros");
	is_number(member_uss_kib(family, &family->members[0]), 3 * 4, "Uss");
	is_number(family->sum_rss_kib, 1032 * 4, "the sum");
	family_free(family);
}

static void
test_order(void)
{
	struct family *family = family_new();
	struct strip *strip;

	strip = strip_of(family, 10);
	strip_fill(strip, 0, 9, PAGE_SHARED);
	strip = region_add_strip(
	    family_add_region(family, BASE * 2, BASE * 2 + 10 * PAGE, REGION_HEAP, "[heap]"), 0);
	strip_fill(strip, 0, 1, PAGE_COPIED);
	strip = region_add_strip(
	    family_add_region(family, BASE * 3, BASE * 3 + 10 * PAGE, REGION_DEVICE, "/dev/x"), 0);
	strip_fill(strip, 0, 10, PAGE_UNKNOWN);
	family_finish(family);
	is_text(family->regions[0].path, "[heap]", "most copied is first");
	is_number(family->tally.counts[PAGE_UNKNOWN], 0, "pages of a device are nobody's memory");
	ok(family_region_at(family, 0, BASE + 9 * PAGE) &&
		!family_region_at(family, 0, BASE + 10 * PAGE),
	    "found by address");
	family_free(family);
}

static struct vma
anon(uint64_t first, uint64_t end)
{
	return (struct vma){
	    .start = BASE + first * PAGE,
	    .end = BASE + end * PAGE,
	    .perms = "rw-p",
	    .kind = REGION_ANON,
	    .path = "",
	};
}

static struct vma
file(uint64_t address, uint64_t offset, uint64_t pages, uint64_t inode)
{
	return (struct vma){
	    .start = address,
	    .end = address + pages * PAGE,
	    .offset = offset * PAGE,
	    .device = 1,
	    .inode = inode,
	    .perms = "r--p",
	    .kind = REGION_FILE,
	    .path = "/f",
	};
}

static struct family *
lined_up(const struct vmas *of_member, size_t count)
{
	struct family *family = family_new();

	for (size_t i = 0; i < count; i++) {
		char name[MEMBER_NAME_MAX];

		member_name(name, i);
		family_add_member(family, name, (pid_t)(i + 1), "x");
	}
	lineup(family, of_member);
	return family;
}

static void
test_lineup_split(void)
{
	const struct vma parent[] = {anon(0, 10), anon(20, 30)},
			 child[] = {anon(0, 4), anon(6, 12), anon(40, 41)};
	const struct vmas of_member[] = {{parent, 2, 7}, {child, 3, 7}};
	struct family *family = lined_up(of_member, 2);
	const struct strip *strip;

	is_number(family->region_count, 3, "a mapping that one has split is one region");
	is_number(
	    family->regions[0].end - family->regions[0].start, 12 * PAGE, "as long as the longest");
	strip = region_strip(&family->regions[0], 1);
	ok(strip && strip->span_count == 2 && strip->spans[0].end == 4 &&
		strip->spans[1].first == 6,
	    "with a hole where it has one");
	ok(strip && strip->first == 0 && strip->end == 12, "from its first to its last page");
	ok(!region_strip(&family->regions[1], 1), "who does not map it has no strip");
	family_free(family);
}

static void
test_lineup_lineages(void)
{
	const struct vma one[] = {anon(0, 10), file(BASE * 2, 4, 8, 33)},
			 other[] = {
			     anon(0, 10), file(BASE * 3, 0, 8, 33), file(BASE * 4, 0, 8, 34)};
	const struct vmas of_member[] = {{one, 2, 7}, {other, 3, 8}};
	struct family *family = lined_up(of_member, 2);
	const struct region *region = NULL;

	is_number(family->region_count, 4, "after exec the same address is not the same memory");
	for (size_t i = 0; i < family->region_count; i++)
		if (family->regions[i].inode == 33)
			region = &family->regions[i];
	ok(region && region->strip_count == 2, "one file is one region at two addresses");
	is_number(region->offset, 0, "from the first offset of both");
	is_number(region_pages(family, region), 12, "to the last");
	is_number(region->strips[0].address, BASE * 2 - 4 * PAGE,
	    "page 0 of the one lies before its mapping");
	is_number(region->strips[0].first, 4, "which begins at page 4");
	is_number(region->strips[1].address, BASE * 3, "the other one begins there");
	family_free(family);
}

static void
test_lineup_same_file_twice(void)
{
	const struct vma one[] = {file(BASE, 0, 8, 33), file(BASE * 2, 0, 8, 33)};
	const struct vmas of_member[] = {{one, 2, 7}};
	struct family *family = lined_up(of_member, 1);

	is_number(family->region_count, 2, "a file mapped twice by one process is two regions");
	family_free(family);
}

#define EXCLUSIVE (PM_PRESENT | PM_EXCLUSIVE)
#define ZERO_PFN 5

struct page_case {
	const char *what;
	uint64_t parent, child;
	uint8_t facts, prior, wanted;
	bool joined;
};

static const struct page_case cases[] = {
    {"both share a frame", PM_PRESENT | 100, PM_PRESENT | 100, 0, PRIOR_NONE,
	PAGE_SHARED | CELL_WAS_SHARED, true},
    {"the child has its own", EXCLUSIVE | 100, EXCLUSIVE | 101, 0, PRIOR_NONE,
	PAGE_PARTED | CELL_COUNTED, true},
    {"its own, and the parent still shares with others", PM_PRESENT | 100, EXCLUSIVE | 101, 0,
	PRIOR_NONE, PAGE_PARTED | CELL_COUNTED, true},
    {"the parent has nothing", 0, EXCLUSIVE | 101, 0, PRIOR_NONE, PAGE_PRIVATE, true},
    {"the parent has the page of zeros", PM_PRESENT | ZERO_PFN, EXCLUSIVE | 101, 0, PRIOR_NONE,
	PAGE_PRIVATE, true},
    {"the parent has the file's page", PM_PRESENT | PM_FILE | 100, EXCLUSIVE | 101, 0, PRIOR_NONE,
	PAGE_COPIED, true},
    {"the parent's is swapped", PM_SWAPPED, EXCLUSIVE | 101, 0, PRIOR_NONE, PAGE_PRIVATE, true},
    {"the file's page, mapped by this one only", 0, EXCLUSIVE | PM_FILE | 101, 0, PRIOR_NONE,
	PAGE_PRIVATE | CELL_FILE, true},
    {"the page of zeros", 0, PM_PRESENT | ZERO_PFN, 0, PRIOR_NONE, PAGE_ZERO, true},
    {"the huge page of zeros, which has bit 61", 0, PM_PRESENT | PM_FILE | 512,
	FACT_HUGE | FACT_ZERO, PRIOR_NONE, PAGE_ZERO | CELL_HUGE, true},
    {"swapped", 0, PM_SWAPPED, 0, PRIOR_NONE, PAGE_SWAPPED, true},
    {"a guard page", 0, PM_SWAPPED | PM_GUARD, 0, PRIOR_NONE, PAGE_ABSENT, true},
    {"a marker, or swapped", 0, PM_SWAPPED | PM_UFFD_WP, 0, PRIOR_NONE, PAGE_UNKNOWN, true},
    {"a huge page of which nothing more is known", EXCLUSIVE | 100, EXCLUSIVE | 101, FACT_HUGE,
	PRIOR_NONE, PAGE_UNKNOWN | CELL_HUGE, true},
    {"a huge page that somebody else has too", EXCLUSIVE | 100, EXCLUSIVE | 101,
	FACT_HUGE | FACT_SHARED, PRIOR_NONE, PAGE_SHARED | CELL_HUGE | CELL_WAS_SHARED, true},
    {"a huge page of its own", EXCLUSIVE | 100, PM_PRESENT | 101, FACT_HUGE | FACT_ALONE,
	PRIOR_NONE, PAGE_PARTED | CELL_COUNTED | CELL_HUGE, true},
    {"one frame, and one says that it is alone", PM_PRESENT | 100, EXCLUSIVE | 100, 0, PRIOR_NONE,
	PAGE_SHARED | CELL_MOVED | CELL_WAS_SHARED, true},
    {"filled where nothing was", EXCLUSIVE | 100, EXCLUSIVE | 101, 0, PAGE_ABSENT,
	PAGE_PRIVATE | CELL_FILLED, false},
    {"filled once, and so it stays", EXCLUSIVE | 100, EXCLUSIVE | 101, 0, PAGE_PRIVATE,
	PAGE_PRIVATE, false},
    {"a copy, and the parent has left", 0, EXCLUSIVE | 101, 0, PAGE_COPIED | CELL_WAS_SHARED,
	PAGE_COPIED | CELL_WAS_SHARED, false},
    {"shared before, its own now", EXCLUSIVE | 100, EXCLUSIVE | 101, 0,
	PAGE_SHARED | CELL_WAS_SHARED, PAGE_PARTED | CELL_COUNTED | CELL_WAS_SHARED, false},
    {"shared before, alone with it now", 0, EXCLUSIVE | 100, 0, PAGE_SHARED | CELL_WAS_SHARED,
	PAGE_PRIVATE | CELL_WAS_SHARED, false},
    {"dropped, and that it was shared is remembered", PM_PRESENT | 100, 0, 0,
	PAGE_SHARED | CELL_WAS_SHARED, CELL_WAS_SHARED, false},
    {"shared later is not of the baseline", PM_PRESENT | 100, PM_PRESENT | 100, 0, PAGE_PRIVATE,
	PAGE_SHARED, false},
    {"a mapping newer than the fork", EXCLUSIVE | 100, EXCLUSIVE | 101, 0, PRIOR_NONE,
	PAGE_PRIVATE | CELL_FILLED, false},
};

static void
test_case(const struct page_case *c)
{
	uint8_t none = PRIOR_NONE, cells[2];
	struct pfns frames = {0};
	struct cell_line lines[] = {
	    {
		.entries = &c->parent,
		.prior = &none,
		.parent = -1,
		.forked_last = 2,
		.zeros_known = true,
		.joined = true,
		.cells = &cells[0],
	    },
	    {
		.entries = &c->child,
		.prior = &c->prior,
		.facts = &c->facts,
		.parent = 0,
		.born = 1,
		.zeros_known = true,
		.joined = c->joined,
		.private_file = c->parent & PM_FILE,
		.cells = &cells[1],
	    },
	};
	struct cell_window window = {
	    .pages = 1,
	    .lines = lines,
	    .line_count = 2,
	    .zero_pfn = ZERO_PFN,
	    .frames = &frames,
	};

	cells_find(&window);
	is_number(cells[1], c->wanted, "%s", c->what);
	pfns_release(&frames);
}

/* An ordinary user: no PFN, and maybe nobody who tells the page of zeros. */
static void
test_ordinary(void)
{
	const uint64_t parent[] = {PM_PRESENT, EXCLUSIVE, PM_PRESENT},
		       child[] = {PM_PRESENT, EXCLUSIVE, EXCLUSIVE};
	const uint8_t none[] = {PRIOR_NONE, PRIOR_NONE, PRIOR_NONE}, zero[] = {0, 0, FACT_ZERO};
	uint8_t cells[2][3];
	struct cell_line lines[] = {
	    {
		.entries = parent,
		.prior = none,
		.facts = zero,
		.parent = -1,
		.zeros_known = true,
		.joined = true,
		.cells = cells[0],
	    },
	    {
		.entries = child,
		.prior = none,
		.parent = 0,
		.born = 1,
		.zeros_known = true,
		.joined = true,
		.cells = cells[1],
	    },
	};
	struct cell_window window = {.pages = 3, .lines = lines, .line_count = 2};

	cells_find(&window);
	is_number(cell_state(cells[1][0]), PAGE_SHARED, "ordinary: shared");
	is_number(cell_state(cells[1][1]), PAGE_PARTED,
	    "ordinary: both are alone with a frame: one of them copied");
	is_number(
	    cell_state(cells[1][2]), PAGE_PRIVATE, "ordinary: the parent has the page of zeros");
	lines[1].zeros_known = false;
	cells_find(&window);
	is_number(cell_state(cells[1][0]), PAGE_UNKNOWN, "ordinary: shared, or the page of zeros");
}

static void
test_frames(void)
{
	const uint64_t one[] = {PM_PRESENT | 100, EXCLUSIVE | 200, PM_PRESENT | ZERO_PFN,
	    PM_PRESENT | PM_FILE | 300},
		       other[] = {PM_PRESENT | 100, EXCLUSIVE | 201, PM_PRESENT | ZERO_PFN,
			   PM_PRESENT | PM_FILE | 300};
	const uint8_t none[] = {PRIOR_NONE, PRIOR_NONE, PRIOR_NONE, PRIOR_NONE};
	uint8_t cells[2][4];
	struct pfns frames = {0};
	struct cell_line lines[] = {
	    {.entries = one, .prior = none, .parent = -1, .joined = true, .cells = cells[0]},
	    {.entries = other, .prior = none, .parent = -1, .joined = true, .cells = cells[1]},
	};
	struct cell_window window = {
	    .pages = 4,
	    .lines = lines,
	    .line_count = 2,
	    .zero_pfn = ZERO_PFN,
	    .frames = &frames,
	};

	cells_find(&window);
	is_number(frames.count, 4, "each frame is counted once, and the page of zeros is none");
	ok(!pfns_add(&frames, 0), "there is no frame 0");
	ok(pfns_add(&frames, UINT64_C(1) << 33) && !pfns_add(&frames, UINT64_C(1) << 33),
	    "far away");
	ok(!pfns_add(&frames, UINT64_C(1) << 50) && frames.full, "beyond all memory");
	pfns_release(&frames);
}

static void
test_diff(void)
{
	struct family *before = family_new(), *after = family_new();
	struct family_diff diff;

	strip_fill(strip_of(before, 100), 0, 50, PAGE_SHARED);
	strip_fill(strip_of(after, 100), 0, 40, PAGE_SHARED);
	strip_fill(&after->regions[0].strips[0], 40, 10, PAGE_COPIED);
	family_add_member(after, "b", 2, "two");
	family_finish(before);
	family_finish(after);
	family_diff(&diff, before, after);
	is_number(diff.member_count, 2, "two processes");
	ok(diff.members[0].before && diff.members[0].after, "one stayed");
	ok(!diff.members[1].before && diff.members[1].after, "one joined");
	is_number(diff.region_count, 1, "one mapping differs");
	is_number(diff.regions[0].kib[PAGE_SHARED], -40, "less is shared");
	is_number(diff.regions[0].kib[PAGE_COPIED], 40, "more is copied");
	family_diff_release(&diff);
	family_diff(&diff, after, after);
	is_number(diff.region_count, 0, "nothing differs from itself");
	family_diff_release(&diff);
	family_free(before);
	family_free(after);
}

int
main(void)
{
	test_names();
	test_strips();
	test_order();
	test_lineup_split();
	test_lineup_lineages();
	test_lineup_same_file_twice();
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		test_case(&cases[i]);
	test_ordinary();
	test_frames();
	test_diff();
	return done_testing();
}
