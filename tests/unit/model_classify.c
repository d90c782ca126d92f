#include "config.h"

#include "model_fixture.h"
#include "tap.h"

static const char *
frame_of(const struct snapshot *now, char process, uint32_t page)
{
	static char names[4][FRAME_NAME_MAX];
	static int next;

	next = (next + 1) % 4;
	return snapshot_frame_name(
	    now, snapshot_process(now, process)->pages[page].frame, names[next]);
}

static const struct page *
page_of(const struct snapshot *now, char process, uint32_t page)
{
	return &snapshot_process(now, process)->pages[page];
}

static void
private_file(bool shows_pfn)
{
	struct paper *paper = paper_new(KIND_PRIVATE_FILE, shows_pfn, 3);
	struct snapshot *start = paper_snapshot(paper, NULL), *read, *written, *alone;
	const char *how = shows_pfn ? "with PFNs" : "without PFNs";

	is_number(page_of(start, 'a', 2)->state, PAGE_ABSENT, "untouched is absent, %s", how);
	for (int i = 0; i < 3; i++)
		paper_touch(paper, i, 2, false);
	read = paper_snapshot(paper, start);
	is_number(page_of(read, 'a', 2)->state, PAGE_SHARED, "read by three is shared, %s", how);
	is_number(page_of(read, 'a', 2)->mapped_by, 3, "by three, %s", how);
	is_text(frame_of(read, 'b', 2), "F2", "the file's frame, %s", how);
	ok(page_of(read, 'a', 2)->inferred == !shows_pfn, "inferred only without PFN, %s", how);
	paper_touch(paper, 0, 2, true);
	written = paper_snapshot(paper, read);
	is_number(page_of(written, 'a', 2)->state, PAGE_COPIED, "written is copied, %s", how);
	is_text(frame_of(written, 'a', 2), "a2", "a frame of its own, %s", how);
	is_number(
	    page_of(written, 'b', 2)->mapped_by, 2, "two are left on the file's frame, %s", how);
	paper_touch(paper, 1, 2, true);
	alone = paper_snapshot(paper, written);
	is_number(
	    page_of(alone, 'c', 2)->state, PAGE_PRIVATE, "the last sharer is private, %s", how);
	is_number(alone->frame_count, 3, "three frames for page 2, %s", how);
	snapshot_free(start);
	snapshot_free(read);
	snapshot_free(written);
	snapshot_free(alone);
	free(paper);
}

static void
anonymous_fork(bool shows_pfn)
{
	struct paper *paper = paper_new(KIND_PRIVATE_ANON, shows_pfn, 1);
	struct snapshot *now[6];
	const char *how = shows_pfn ? "with PFNs" : "without PFNs";

	paper_touch(paper, 0, 1, true);
	paper_touch(paper, 0, 3, false);
	now[0] = paper_snapshot(paper, NULL);
	is_number(
	    page_of(now[0], 'a', 1)->state, PAGE_PRIVATE, "a filled page is private, %s", how);
	is_number(page_of(now[0], 'a', 3)->state, PAGE_ZERO, "a page only read is zero, %s", how);
	is_text(frame_of(now[0], 'a', 3), "Z", "and has the frame of zeros, %s", how);
	paper_fork(paper, 0, 3);
	now[1] = paper_snapshot(paper, now[0]);
	is_text(frame_of(now[1], 'd', 1), "a1", "the child inherits a1, %s", how);
	is_number(page_of(now[1], 'd', 3)->state, PAGE_ABSENT, "but not the zero page, %s", how);
	paper_touch(paper, 0, 1, true);
	now[2] = paper_snapshot(paper, now[1]);
	is_number(page_of(now[2], 'a', 1)->state, PAGE_COPIED,
	    "the parent that writes first gets the copy, %s", how);
	is_text(frame_of(now[2], 'a', 1), "a1'", "under a name that is free, %s", how);
	is_number(page_of(now[2], 'd', 1)->state, PAGE_PRIVATE,
	    "the child keeps the original alone, %s", how);
	is_text(frame_of(now[2], 'd', 1), "a1", "which keeps its name, %s", how);
	paper_fork(paper, 0, 4);
	now[3] = paper_snapshot(paper, now[2]);
	is_number(page_of(now[3], 'e', 1)->state, PAGE_SHARED,
	    "a copy that fork shares is shared, %s", how);
	paper->processes[0].alive = false;
	now[4] = paper_snapshot(paper, now[3]);
	is_number(page_of(now[4], 'e', 1)->state, PAGE_COPIED,
	    "and copied again when one is left, %s", how);
	paper_touch(paper, 3, 1, true);
	now[5] = paper_snapshot(paper, now[4]);
	is_text(frame_of(now[5], 'd', 1), "a1", "the last one reuses the frame, %s", how);
	for (int i = 0; i < 6; i++)
		snapshot_free(now[i]);
	free(paper);
}

/* Is the table as snapshot_find_frame() needs it? */
static bool
is_ordered(const struct snapshot *now)
{
	for (size_t i = 0; i < now->frame_count; i++)
		if (snapshot_find_frame(now, &now->frames[i]) != &now->frames[i])
			return false;
	return true;
}

static void
another_page_of_the_file(bool shows_pfn)
{
	struct paper *paper = paper_new(KIND_PRIVATE_FILE, shows_pfn, 3);
	struct snapshot *now[6];
	const char *how = shows_pfn ? "with PFNs" : "without PFNs";

	paper_map(paper, 0, 2, 0, false);
	paper_map(paper, 2, 0, 1, false);
	paper_touch(paper, 0, 2, false);
	now[0] = paper_snapshot(paper, NULL);
	is_text(frame_of(now[0], 'a', 2), "F0", "a's page 2 maps page 0 of the file, %s", how);
	is_number(page_of(now[0], 'a', 2)->state, PAGE_PRIVATE, "alone, %s", how);
	paper_touch(paper, 1, 0, false);
	paper_touch(paper, 1, 2, false);
	paper_touch(paper, 1, 1, false);
	paper_touch(paper, 2, 0, false);
	now[1] = paper_snapshot(paper, now[0]);
	is_text(frame_of(now[1], 'b', 0), "F0", "b's page 0 does too, %s", how);
	ok(page_of(now[1], 'a', 2)->frame == page_of(now[1], 'b', 0)->frame, "it is one frame, %s",
	    how);
	is_number(page_of(now[1], 'a', 2)->mapped_by, 2, "of two, %s", how);
	is_number(page_of(now[1], 'b', 2)->mapped_by, 1, "b's page 2 is another, %s", how);
	is_text(frame_of(now[1], 'c', 0), "F1", "c's page 0 is b's page 1, %s", how);
	is_number(now[1]->frame_count, 3, "three frames, each once, %s", how);
	ok(is_ordered(now[1]), "in their order, %s", how);
	paper_touch(paper, 0, 2, true);
	now[2] = paper_snapshot(paper, now[1]);
	is_text(frame_of(now[2], 'a', 2), "a2", "a's copy is called after where a has it, %s", how);
	is_number(page_of(now[2], 'a', 2)->state, PAGE_COPIED, "copied, %s", how);
	is_number(page_of(now[2], 'b', 0)->state, PAGE_PRIVATE, "b is alone, %s", how);
	paper_map(paper, 1, 3, 0, false);
	paper_touch(paper, 1, 3, false);
	now[3] = paper_snapshot(paper, now[2]);
	is_number(page_of(now[3], 'b', 0)->state, PAGE_PRIVATE,
	    "b maps it twice and is alone still, %s", how);
	is_number(page_of(now[3], 'b', 3)->mapped_by, 1, "one process, %s", how);
	ok(page_of(now[3], 'b', 3)->inferred, "which is inferred, %s", how);
	paper_map(paper, 0, 1, 9, true);
	paper_touch(paper, 0, 1, true);
	now[4] = paper_snapshot(paper, now[3]);
	is_text(
	    frame_of(now[4], 'a', 1), "F9", "a page of the file behind the lab's last, %s", how);
	is_number(page_of(now[4], 'a', 1)->dirty, TRI_YES, "which is dirty, %s", how);
	ok(is_ordered(now[4]), "in their order, %s", how);
	paper_map(paper, 0, 1, 0, false);
	now[5] = paper_snapshot(paper, now[4]);
	is_number(page_of(now[5], 'a', 1)->state, PAGE_ABSENT,
	    "mapped and not touched is absent, %s", how);
	for (int i = 0; i < 6; i++)
		snapshot_free(now[i]);
	free(paper);
}

/* Random acts: the states with and without PFNs are those of the truth, and so are the sets of
 * sharers. */
static bool
page_is_true(const struct paper *paper, const struct snapshot *now, int process, int page)
{
	const struct page *read = page_of(now, (char)('a' + process), (uint32_t)page);
	uint64_t pfn = paper->processes[process].pfn[page];

	if (read->state != paper_state(paper, process, page))
		return false;
	for (int other = 0; other < PROCESSES_MAX && pfn && pfn != PAPER_ZERO; other++) {
		const struct page *theirs;

		if (!paper->processes[other].alive)
			continue;
		theirs = page_of(now, (char)('a' + other), (uint32_t)page);
		if ((theirs->frame == read->frame) != (paper->processes[other].pfn[page] == pfn))
			return false;
	}
	return true;
}

static void
random_walk(enum kind kind, bool shows_pfn)
{
	struct paper *paper = paper_new(kind, shows_pfn, 3);
	struct snapshot *before = paper_snapshot(paper, NULL);
	int wrong = 0;

	for (int step = 0; step < 5000; step++) {
		struct snapshot *now;

		random_step(paper);
		now = paper_snapshot(paper, before);
		for (int process = 0; process < PROCESSES_MAX; process++)
			for (int page = 0; page < PAPER_PAGES && paper->processes[process].alive;
			     page++)
				wrong += !page_is_true(paper, now, process, page);
		snapshot_free(before);
		before = now;
	}
	is_number(wrong, 0, "%s, %s: no page of 5000 random steps is wrong", kind_word(kind),
	    shows_pfn ? "with PFNs" : "without PFNs");
	snapshot_free(before);
	free(paper);
}

/* A debugger, say, writes into a's memory: no act tells of it. */
static void
copied_by_an_outsider(bool shows_pfn)
{
	struct paper *paper = paper_new(KIND_PRIVATE_ANON, shows_pfn, 1);
	struct snapshot *first, *forked, *after;

	paper_touch(paper, 0, 0, true);
	first = paper_snapshot(paper, NULL);
	paper_fork(paper, 0, 1);
	forked = paper_snapshot(paper, first);
	paper_touch(paper, 0, 0, true);
	paper->act_count = 0;
	after = paper_snapshot(paper, forked);
	if (shows_pfn) {
		is_number(page_of(after, 'a', 0)->state, PAGE_COPIED, "PFNs show who got the copy");
		is_number(page_of(after, 'b', 0)->state, PAGE_PRIVATE, "and who kept the original");
	} else {
		is_number(page_of(after, 'a', 0)->state, PAGE_UNKNOWN,
		    "without PFNs nobody can say who got it");
		is_number(page_of(after, 'b', 0)->state, PAGE_UNKNOWN, "nor who kept the original");
	}
	snapshot_free(first);
	snapshot_free(forked);
	snapshot_free(after);
	free(paper);
}

static void
disagreement(void)
{
	struct page page = {
	    .pagemap = PM_PRESENT | PM_EXCLUSIVE,
	    .pagemap_known = true,
	    .zero = TRI_NO,
	};
	struct smaps smaps = {
	    .start = 0x1000,
	    .end = 0x2000,
	    .rss = 4,
	    .anonymous = 4,
	    .private_dirty = 4,
	};

	ok(!pagemap_smaps_disagree(&page, &smaps, 4096), "a copied page agrees");
	page.pagemap |= PM_FILE;
	ok(pagemap_smaps_disagree(&page, &smaps, 4096),
	    "a file page that smaps calls anonymous does not");
	page.pagemap = PM_PRESENT;
	ok(pagemap_smaps_disagree(&page, &smaps, 4096),
	    "a shared page that smaps calls private does not");
	page.zero = TRI_YES;
	smaps = (struct smaps){.start = 0x1000, .end = 0x2000};
	ok(!pagemap_smaps_disagree(&page, &smaps, 4096), "the page of zeros is in no Rss");
	page.pagemap = PM_SWAPPED;
	ok(pagemap_smaps_disagree(&page, &smaps, 4096),
	    "a swapped page without Swap does not agree");
	smaps.end = 0x9000;
	ok(!pagemap_smaps_disagree(&page, &smaps, 4096),
	    "an entry of many pages says nothing about one");
}

static void
differences(void)
{
	struct paper *paper = paper_new(KIND_PRIVATE_FILE, true, 2);
	struct snapshot *one = paper_snapshot(paper, NULL), *same, *other;

	paper->step = one->step;
	same = paper_snapshot(paper, one);
	ok(!snapshot_differs(one, same), "two readings of the same do not differ");
	same->memory.used_kib = 1000;
	one->memory.used_kib = 1500;
	ok(!snapshot_differs(one, same), "nor by half a MiB of system memory");
	paper_touch(paper, 0, 0, false);
	paper->step = one->step;
	other = paper_snapshot(paper, one);
	ok(snapshot_differs(one, other), "a page that was mapped is a difference");
	snapshot_free(one);
	snapshot_free(same);
	snapshot_free(other);
	free(paper);
}

/* smaps tells of one page table: where only the writer's entry is dirty, the frame is. */
static void
dirty_by_one(bool shows_pfn)
{
	struct paper *paper = paper_new(KIND_SHARED_ANON, shows_pfn, 3);
	struct snapshot *now;

	for (int process = 0; process < 3; process++)
		for (int page = 0; page < 2; page++) {
			paper_map(paper, process, page, page, true);
			paper_touch(paper, process, page, false);
		}
	now = paper_snapshot(paper, NULL);
	for (size_t i = 0; i < now->process_count; i++)
		for (int page = 0; page < 2; page++)
			now->processes[i].vmas[page].shared_dirty = i == 1 && page == 1 ? 4 : 0;
	classify(now, NULL);
	for (char name = 'a'; name <= 'c'; name++) {
		is_number(page_of(now, name, 1)->dirty, TRI_YES,
		    "b wrote: the frame is dirty in %c", name);
		is_number(page_of(now, name, 0)->dirty, TRI_NO, "another one is not, in %c", name);
	}
	snapshot_free(now);
	free(paper);
}

int
main(void)
{
	for (int shows_pfn = 0; shows_pfn < 2; shows_pfn++) {
		private_file(shows_pfn);
		anonymous_fork(shows_pfn);
		copied_by_an_outsider(shows_pfn);
		another_page_of_the_file(shows_pfn);
		dirty_by_one(shows_pfn);
		for (enum kind kind = 0; kind < KIND_COUNT; kind++)
			random_walk(kind, shows_pfn);
	}
	disagreement();
	differences();
	return done_testing();
}
