#include "config.h"

#include "model_fixture.h"
#include "tap.h"

#define STORY_MAX 8

/* Snapshots in a row, each classified with the one before it. */
struct story {
	struct paper *paper;
	struct snapshot *snapshots[STORY_MAX];
	size_t count;
	const char *how;
};

static struct story
story_begin(enum kind kind, bool shows_pfn, int processes)
{
	struct story story = {.paper = paper_new(kind, shows_pfn, processes)};

	story.how = shows_pfn ? "with PFNs" : "without PFNs";
	return story;
}

static void
look(struct story *story)
{
	const struct snapshot *before = story->count ? story->snapshots[story->count - 1] : NULL;

	story->snapshots[story->count++] = paper_snapshot(story->paper, before);
}

static void
story_end(struct story *story)
{
	while (story->count)
		snapshot_free(story->snapshots[--story->count]);
	free(story->paper);
}

/* "3": what the third write left there; "0": zeros; "?": not known. */
static const char *
holds(const struct story *story, char process, uint32_t page)
{
	static char text[4][CONTENT_MAX + 1];
	static int next;
	const struct snapshot *now = story->snapshots[story->count - 1];
	const struct content *content = &snapshot_process(now, process)->pages[page].content;

	next = (next + 1) % 4;
	if (content->length != CONTENT_MAX)
		return "?";
	memcpy(text[next], content->bytes, CONTENT_MAX);
	return text[next][0] ? text[next] : "0";
}

static void
a_fork(bool shows_pfn)
{
	struct story story = story_begin(KIND_PRIVATE_ANON, shows_pfn, 1);

	paper_touch(story.paper, 0, 1, true);
	paper_touch(story.paper, 0, 3, false);
	look(&story);
	is_text(holds(&story, 'a', 1), "1", "a page holds what was written, %s", story.how);
	is_text(holds(&story, 'a', 3), "0", "one that was only read zeros, %s", story.how);
	is_text(holds(&story, 'a', 2), "?", "and an absent one nothing, %s", story.how);
	paper_fork(story.paper, 0, 3);
	look(&story);
	is_text(holds(&story, 'd', 1), "1", "a child's page holds what its parent's does, %s",
	    story.how);
	is_text(holds(&story, 'd', 3), "?", "not the zeros that it does not map, %s", story.how);
	look(&story);
	is_text(holds(&story, 'd', 1), "1", "when nothing happens it stays so, %s", story.how);
	paper_touch(story.paper, 0, 1, true);
	look(&story);
	is_text(holds(&story, 'a', 1), "2", "the copy holds the new text, %s", story.how);
	is_text(holds(&story, 'd', 1), "1", "the original the old one, %s", story.how);
	paper_drop(story.paper, 3, 1);
	look(&story);
	is_text(holds(&story, 'd', 1), "?", "a dropped page holds nothing, %s", story.how);
	paper_touch(story.paper, 3, 1, false);
	look(&story);
	is_text(holds(&story, 'd', 1), "0", "and zeros when it is read again, %s", story.how);
	is_text(holds(&story, 'a', 1), "2", "a has nothing to do with that, %s", story.how);
	story_end(&story);
}

static void
several_acts(bool shows_pfn)
{
	struct story story = story_begin(KIND_PRIVATE_ANON, shows_pfn, 1);

	paper_touch(story.paper, 0, 0, true);
	look(&story);
	paper_fork(story.paper, 0, 1);
	look(&story);
	paper_touch(story.paper, 1, 0, false);
	paper_touch(story.paper, 0, 0, true);
	paper_touch(story.paper, 1, 0, true);
	paper_touch(story.paper, 1, 0, true);
	look(&story);
	is_text(
	    holds(&story, 'a', 0), "2", "of several acts each frame has its own, %s", story.how);
	is_text(holds(&story, 'b', 0), "4", "and of those the last, %s", story.how);
	paper_touch(story.paper, 0, 0, false);
	paper_drop(story.paper, 0, 0);
	paper_intrude(story.paper, 0, 0);
	look(&story);
	is_text(
	    holds(&story, 'a', 0), "?", "not what was seen before it was dropped, %s", story.how);
	story_end(&story);
}

static void
a_private_file(bool shows_pfn)
{
	struct story story = story_begin(KIND_PRIVATE_FILE, shows_pfn, 2);

	paper_touch(story.paper, 0, 2, false);
	paper_touch(story.paper, 1, 2, false);
	look(&story);
	is_text(holds(&story, 'a', 2), "900002", "the file's page is what the kernel room read, %s",
	    story.how);
	paper_touch(story.paper, 0, 2, true);
	look(&story);
	is_text(holds(&story, 'a', 2), "1", "a copy holds what was written, %s", story.how);
	is_text(holds(&story, 'b', 2), "900002", "the other maps the file, %s", story.how);
	paper_touch(story.paper, 1, 2, false);
	paper_intrude(story.paper, 1, 2);
	look(&story);
	is_text(holds(&story, 'b', 2), "?", "a copy that no act made holds nothing known, %s",
	    story.how);
	is_text(holds(&story, 'a', 2), "1", "which tells nothing of another copy, %s", story.how);
	story_end(&story);
}

static void
shared_memory(bool shows_pfn)
{
	struct story story = story_begin(KIND_SHARED_ANON, shows_pfn, 2);
	struct snapshot *now;

	paper_touch(story.paper, 0, 1, true);
	look(&story);
	paper_touch(story.paper, 1, 1, false);
	paper_fork(story.paper, 0, 2);
	look(&story);
	is_text(holds(&story, 'b', 1), "1", "shared memory holds the same for both, %s", story.how);
	paper_touch(story.paper, 1, 1, true);
	look(&story);
	is_text(holds(&story, 'a', 1), "2", "a write of one is seen by the other, %s", story.how);
	is_text(holds(&story, 'c', 1), "?", "who has not mapped it has no content, %s", story.how);
	story.paper->processes[2].pfn[1] = paper_file_pfn(story.paper, 2, 1);
	look(&story);
	is_text(holds(&story, 'c', 1), "2", "until it has, %s", story.how);
	paper_touch(story.paper, 0, 1, true);
	paper_drop(story.paper, 0, 1);
	look(&story);
	is_text(holds(&story, 'b', 1), "3", "also of one that is gone since, %s", story.how);
	paper_touch(story.paper, 0, 1, true);
	story.paper->acts[0].content.length = 0;
	look(&story);
	is_text(holds(&story, 'b', 1), "?",
	    "a write whose text nobody saw leaves nothing known, %s", story.how);
	paper_touch(story.paper, 0, 1, false);
	look(&story);
	now = story.snapshots[story.count - 1];
	now->file_pages = mem_zero(PAPER_PAGES, sizeof(*now->file_pages));
	now->file_pages[1].cached = TRI_YES;
	classify(now, story.snapshots[story.count - 2]);
	ok(now->file_pages[1].content.length &&
		strcmp((char *)now->file_pages[1].content.bytes, "4") == 0,
	    "the page cache holds what who maps it sees, %s", story.how);
	is_number(now->file_pages[2].content.length, 0, "and nothing known where nobody does, %s",
	    story.how);
	story_end(&story);
}

/* a and b share what a wrote; then a debugger writes into a's memory. */
static void
an_outsider(bool shows_pfn)
{
	struct story story = story_begin(KIND_PRIVATE_ANON, shows_pfn, 1);
	const char *kept = shows_pfn ? "1" : "?";

	paper_touch(story.paper, 0, 0, true);
	look(&story);
	paper_fork(story.paper, 0, 1);
	look(&story);
	paper_intrude(story.paper, 0, 0);
	paper_intrude(story.paper, 0, 3);
	look(&story);
	is_text(
	    holds(&story, 'a', 0), "?", "an outsider's copy holds nothing known, %s", story.how);
	is_text(holds(&story, 'a', 3), "?", "nor does what it filled, %s", story.how);
	is_text(holds(&story, 'b', 0), kept, "the original %s, %s",
	    shows_pfn ? "what it held" : "may be the copy", story.how);
	paper_touch(story.paper, 0, 0, false);
	look(&story);
	is_text(holds(&story, 'a', 0), "2", "until its process looks, %s", story.how);
	is_text(holds(&story, 'b', 0), kept, "for itself alone, %s", story.how);
	look(&story);
	is_text(holds(&story, 'a', 0), "2", "and that stays, %s", story.how);
	story.paper->processes[0].alive = false;
	look(&story);
	is_text(holds(&story, 'b', 0), kept, "b does not inherit it, %s", story.how);
	story_end(&story);
}

/* The same with a frame that a copy made, and with a third sharer. */
static void
an_outsider_among(int sharers, bool shows_pfn)
{
	struct story story = story_begin(KIND_PRIVATE_ANON, shows_pfn, 1);
	bool certain = shows_pfn || sharers > 2;

	paper_touch(story.paper, 0, 0, true);
	look(&story);
	paper_fork(story.paper, 0, 8);
	look(&story);
	paper_touch(story.paper, 0, 0, true);
	look(&story);
	for (int i = 1; i < sharers; i++)
		paper_fork(story.paper, 0, i);
	look(&story);
	paper_intrude(story.paper, 0, 0);
	look(&story);
	is_text(holds(&story, 'a', 0), "?", "the outsider's copy among %d, %s", sharers, story.how);
	is_text(holds(&story, 'b', 0), certain ? "2" : "?", "the original among %d, %s", sharers,
	    story.how);
	is_text(holds(&story, 'i', 0), "1", "and the frame before that, %s", story.how);
	story_end(&story);
}

static bool
same_content(const struct content *one, const struct content *other)
{
	return one->length == other->length && memcmp(one->bytes, other->bytes, one->length) == 0;
}

/* 0: true; 1: not known; 2: wrong. */
static int
judge(const struct paper *paper, const struct snapshot *now, int process, uint32_t page)
{
	uint64_t pfn = paper->processes[process].pfn[page];
	struct content truth = pfn ? paper_content(paper, pfn) : (struct content){.length = 0};
	const struct content *told =
	    &snapshot_process(now, (char)('a' + process))->pages[page].content;

	if (same_content(&truth, told))
		return 0;
	return told->length ? 2 : 1;
}

/* Every page holds what is told. With outsiders, who only copy or fill, it may also be not known.
 */
static void
random_intrusion(struct paper *paper)
{
	int process = (int)random_below(6), page = (int)random_below(PAPER_PAGES);
	uint64_t pfn = paper->processes[process].pfn[page];

	if (paper->processes[process].alive && (pfn <= PAPER_ZERO || paper_mappers(paper, pfn) > 1))
		paper_intrude(paper, process, page);
}

static void
random_walk(enum kind kind, bool shows_pfn, bool outsiders)
{
	struct paper *paper = paper_new(kind, shows_pfn, 3);
	struct snapshot *before = paper_snapshot(paper, NULL);
	int verdicts[3] = {0};

	for (int step = 0; step < 5000; step++) {
		struct snapshot *now;

		if (outsiders && step % 3 == 0)
			random_intrusion(paper);
		else
			random_step(paper);
		now = paper_snapshot(paper, before);
		for (int process = 0; process < PROCESSES_MAX; process++)
			for (uint32_t page = 0;
			     page < PAPER_PAGES && paper->processes[process].alive; page++)
				verdicts[judge(paper, now, process, page)]++;
		snapshot_free(before);
		before = now;
	}
	is_number(verdicts[2], 0, "%s%s, %s: nothing wrong is told in 5000 random steps",
	    kind_word(kind), outsiders ? " with outsiders" : "",
	    shows_pfn ? "with PFNs" : "without PFNs");
	if (outsiders)
		ok(verdicts[0] > verdicts[1] && verdicts[1], "some is not known (%d of %d)",
		    verdicts[1], verdicts[0]);
	else
		is_number(verdicts[1], 0, "and nothing is not known");
	snapshot_free(before);
	free(paper);
}

int
main(void)
{
	for (int shows_pfn = 0; shows_pfn < 2; shows_pfn++) {
		a_fork(shows_pfn);
		several_acts(shows_pfn);
		a_private_file(shows_pfn);
		shared_memory(shows_pfn);
		an_outsider(shows_pfn);
		an_outsider_among(2, shows_pfn);
		an_outsider_among(3, shows_pfn);
		for (enum kind kind = 0; kind < KIND_COUNT; kind++)
			random_walk(kind, shows_pfn, false);
	}
	random_walk(KIND_PRIVATE_ANON, true, true);
	return done_testing();
}
