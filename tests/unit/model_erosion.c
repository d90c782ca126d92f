#include "config.h"
#include "model/family/erosion.h"
#include "tap.h"

#include <string.h>

#define SECOND UINT64_C(1000000000)
#define START (1000 * SECOND)
#define SHARED (PAGE_SHARED | CELL_WAS_SHARED)
#define WENT (PAGE_COPIED | CELL_WAS_SHARED)

/* A parent and a child of 1024 shared pages; of the child's, so many are copied from page 100 on.
 */
static const struct family *
family_at(uint64_t seconds, uint64_t copied)
{
	struct family *family = family_new();
	struct region *region;

	family->time_ns = START + seconds * SECOND;
	family->baseline_ns = START;
	family_add_member(family, "a", 10, "one");
	family_add_member(family, "b", 11, "one");
	region =
	    family_add_region(family, 0x10000000, 0x10000000 + 1024 * 4096, REGION_HEAP, "[heap]");
	strip_fill(region_add_strip(region, 0), 0, 1024, SHARED);
	strip_fill(region_add_strip(region, 1), 0, 1024, SHARED);
	strip_fill(&region->strips[1], 100, copied, WENT);
	family_finish(family);
	return family;
}

static void
add(struct erosion *erosion, uint64_t seconds, uint64_t copied)
{
	const struct family *family = family_at(seconds, copied);

	erosion_add(erosion, family);
	family_free(family);
}

static void
test_growth(void)
{
	struct erosion *erosion = erosion_new();
	const struct erosion_line *b;

	add(erosion, 0, 0);
	add(erosion, 30, 200);
	b = erosion_line(erosion, "b");
	ok(b != NULL, "the child has a line");
	ok(!erosion_line(erosion, "c"), "nobody else has");
	is_number(erosion->count, 2, "two samples are two points");
	is_number(b->points[0].was_kib, 4096, "all was shared");
	is_number(b->points[1].copied_kib, 800, "200 pages were copied");
	is_number(b->points[1].still_kib, 4096 - 800, "the rest is still shared");
	is_number(erosion_rate(erosion, b), 1600, "in half a minute: twice as much a minute");
	is_number(
	    erosion_rate(erosion, erosion_line(erosion, "a")), 0, "the parent copied nothing");
	is_number(erosion->event_count, 1, "one range went");
	is_text(erosion->events[0].name, "b", "of the child");
	is_text(erosion->events[0].what, "[heap]", "of its heap");
	is_number(
	    erosion->events[0].address, 0x10000000 + 100 * 4096, "from its hundredth page on");
	is_number(erosion->events[0].copied_kib, 800, "as much as was copied");
	add(erosion, 40, 210);
	is_number(erosion->event_count, 2, "ten pages more are an event more");
	is_number(erosion->events[1].copied_kib, 40, "of those ten");
	is_number(
	    erosion->events[1].address, 0x10000000 + 300 * 4096, "behind those that had gone");
	erosion_free(erosion);
}

#define PARTED (PAGE_PARTED | CELL_WAS_SHARED)

/* A parent and a child that parted 100 pages, and a worker that was forked since and copied 50
 * before it was seen. */
static const struct family *
parted_at(uint64_t seconds, bool parted, bool worker)
{
	struct family *family = family_new();
	struct region *region;

	family->time_ns = START + seconds * SECOND;
	family->baseline_ns = START;
	for (int i = 0; i < 2 + worker; i++)
		family_add_member(family, (const char *[]){"a", "b", "c"}[i], 10 + i, "one");
	region =
	    family_add_region(family, 0x10000000, 0x10000000 + 1024 * 4096, REGION_HEAP, "[heap]");
	for (size_t i = 0; i < 2u + worker; i++)
		strip_fill(region_add_strip(region, i), 0, 1024, SHARED);
	if (parted) {
		strip_fill(&region->strips[0], 0, 100, PARTED);
		strip_fill(&region->strips[1], 0, 100, PARTED | CELL_COUNTED);
		strip_fill(&region->strips[1], 900, 24, PAGE_PRIVATE | CELL_WAS_SHARED);
		strip_fill(&region->strips[1], 1000, 8, CELL_WAS_SHARED);
	}
	if (worker)
		strip_fill(&region->strips[2], 500, 50, WENT);
	family_finish(family);
	return family;
}

static void
add_parted(struct erosion *erosion, uint64_t seconds, bool parted, bool worker)
{
	const struct family *family = parted_at(seconds, parted, worker);

	erosion_add(erosion, family);
	family_free(family);
}

static void
test_parted(void)
{
	struct erosion *erosion = erosion_new();
	struct erosion_sum sum;

	add_parted(erosion, 0, false, false);
	add_parted(erosion, 5, true, false);
	is_number(erosion->whole.last.ever_kib, 400, "what a pair parted is one copy");
	is_number(erosion->whole.last.ever_parted_kib, 400, "by nobody knows whom");
	is_number(erosion_line(erosion, "a")->last.ever_kib, 0, "neither is known to have copied");
	is_number(erosion_line(erosion, "a")->last.ever_parted_kib, 400,
	    "in the parent it counts as parted");
	is_number(erosion_line(erosion, "b")->last.ever_parted_kib, 400, "and in the child");
	is_number(erosion->mappings[0]->line.last.ever_kib, 400, "in the mapping once");
	is_number(erosion->event_count, 1, "one event");
	ok(erosion->events[0].parted && strcmp(erosion->events[0].name, "b") == 0,
	    "where it is counted");
	is_number(
	    erosion_rate(erosion, NULL), COUNT_UNKNOWN, "five seconds are too short for a rate");
	is_number(erosion_window_ns(erosion, NULL), 5 * SECOND, "though they are known");
	add_parted(erosion, 20, true, true);
	is_number(erosion->whole.last.ever_kib, 600, "what one copied before it was seen counts");
	is_number(erosion->event_count, 2, "and is an event");
	is_number(erosion_rate(erosion, NULL), 1800,
	    "in twenty seconds a third of what it is in a minute");
	is_number(erosion_went_rate(erosion, erosion_line(erosion, "b")), 1200,
	    "a process's rate has in it what is parted");
	add_parted(erosion, 30, true, false);
	sum = erosion_sum(erosion);
	is_number(erosion->whole.last.ever_kib, 600, "also when it is gone");
	is_number(sum.left_kib, 4096, "what had been shared of it went with it");
	is_number(sum.alone_kib, 96, "what was left alone");
	is_number(sum.let_go_kib, 32, "what was dropped");
	is_number(sum.was_kib - sum.still_kib,
	    sum.copied_kib + sum.parted_kib + sum.alone_kib + sum.let_go_kib + sum.left_kib,
	    "the sum closes");
	erosion_free(erosion);
}

/* Who ends still runs for a moment, without memory: what is told is what it had. */
static void
test_ending(void)
{
	struct erosion *erosion = erosion_new();
	struct family *family = family_new();

	add(erosion, 0, 0);
	add(erosion, 30, 200);
	family->time_ns = START + 31 * SECOND;
	family->baseline_ns = START;
	family_add_member(family, "a", 10, "one");
	family_add_member(family, "b", 11, "one");
	strip_fill(region_add_strip(family_add_region(family, 0x10000000, 0x10000000 + 1024 * 4096,
					REGION_HEAP, "[heap]"),
		       0),
	    0, 1024, SHARED);
	family_finish(family);
	erosion_add(erosion, family);
	is_number(
	    erosion_line(erosion, "b")->last.copied_kib, 800, "who ends has copied what it had");
	ok(!erosion_is_there(erosion, erosion_line(erosion, "b")), "and is not there any more");
	family_free(family);
	erosion_free(erosion);
}

static void
test_long(void)
{
	struct erosion *erosion = erosion_new();
	const struct erosion_line *b;
	bool ascending = true;

	for (uint64_t i = 0; i <= 2 * EROSION_POINTS; i++)
		add(erosion, i, i / 4);
	b = erosion_line(erosion, "b");
	ok(erosion->count <= EROSION_POINTS, "points are thinned");
	is_number(erosion->times_ns[0], START, "the first stays");
	is_number(erosion->times_ns[erosion->count - 1], START + 2 * EROSION_POINTS * SECOND,
	    "and the last");
	for (size_t i = 1; i < erosion->count; i++)
		ascending &= erosion->times_ns[i] > erosion->times_ns[i - 1] &&
		    b->points[i].copied_kib == (erosion->times_ns[i] - START) / SECOND / 4 * 4;
	ok(ascending, "each point keeps its time");
	is_number(erosion->event_count, EROSION_EVENTS, "only the newest events are kept");
	erosion_free(erosion);
}

/* c joins at the third sample; b has left when the points were thinned. */
static void
test_come_and_gone(void)
{
	struct erosion *erosion = erosion_new();
	const struct erosion_line *c;

	for (uint64_t i = 0; i <= EROSION_POINTS; i++) {
		struct family *family = (struct family *)(uintptr_t)family_at(i, 0);

		if (i >= 3) {
			family_add_member(family, "c", 12, "one");
			strip_fill(region_add_strip(&family->regions[0], 2), 0, 1024, SHARED);
			family_finish(family);
		}
		if (i == EROSION_POINTS)
			family->members[1].life = MEMBER_GONE;
		erosion_add(erosion, family);
		family_free(family);
	}
	c = erosion_line(erosion, "c");
	ok(erosion->count < EROSION_POINTS, "points were thinned");
	is_number(c->points[c->first].was_kib, 4096, "who joined starts with what was read of it");
	is_number(erosion_line(erosion, "b")->points[erosion->count - 1].was_kib, 0,
	    "who left has nothing, and nothing of before");
	erosion_free(erosion);
}

/* A worker more than the parent, which has copied so many pages when it is seen for the second
 * time. */
static struct family *
with_worker(uint64_t seconds, size_t number, uint64_t copied, bool left)
{
	struct family *family = (struct family *)(uintptr_t)family_at(seconds, 0);
	char name[MEMBER_NAME_MAX];
	struct member *member;

	member_name(name, 2 + number);
	member = family_add_member(family, name, (pid_t)(100 + number), "worker");
	member->start_ticks = number;
	if (left)
		member->life = MEMBER_GONE;
	else
		strip_fill(region_add_strip(&family->regions[0], 2), 0, 1024, SHARED);
	if (copied)
		strip_fill(&family->regions[0].strips[2], 0, copied, WENT);
	family_finish(family);
	return family;
}

static size_t
lines_left(const struct erosion *erosion)
{
	size_t left = 0;

	for (size_t i = 0; i < erosion->line_count; i++)
		left += !erosion_is_there(erosion, erosion->lines[i]);
	return left;
}

/* A server that replaces its worker for ever: each copies 10 pages and leaves. */
static void
test_replaced(void)
{
	enum { WORKERS = 5000 };
	struct erosion *erosion = erosion_new();
	size_t most = 0, most_parts = 0;
	bool named = true;
	char name[MEMBER_NAME_MAX];

	for (size_t i = 0; i < WORKERS; i++)
		for (uint64_t step = 0; step < 3; step++) {
			struct family *family =
			    with_worker(3 * i + step, i, step == 1 ? 10 : 0, step == 2);

			erosion_add(erosion, family);
			family_free(family);
			member_name(name, 2 + i);
			named &= erosion_line(erosion, name) != NULL;
			most = erosion->line_count > most ? erosion->line_count : most;
			most_parts = erosion->mappings[0]->part_count > most_parts
			    ? erosion->mappings[0]->part_count
			    : most_parts;
		}
	ok(named, "each worker has a line, also when it has just left");
	is_number(most, 3 + EROSION_LEFT, "but no more are kept than live, and a few that left");
	is_number(lines_left(erosion), EROSION_LEFT, "those are as many as are kept");
	ok(!erosion_line(erosion, "c"), "who left first is forgotten");
	is_number(erosion_line(erosion, name)->last.copied_kib, 40,
	    "of who left last it is known what it had");
	is_number(erosion_rate(erosion, erosion_line(erosion, name)), COUNT_UNKNOWN,
	    "but it has no rate any more");
	is_number(most_parts, EROSION_PARTS, "nor does a mapping keep more");
	is_number(erosion->whole.last.copied_kib, 0, "the family has nothing that is copied now");
	is_number(
	    erosion->whole.last.ever_kib, WORKERS * 40, "and ever copied what all of them did");
	is_number(
	    erosion->mappings[0]->line.last.ever_kib, WORKERS * 40, "all of it in the one mapping");
	ok(erosion_rate(erosion, NULL) >= 700 && erosion_rate(erosion, NULL) <= 900,
	    "the rate goes on: 40 KiB each 3 s");
	erosion_free(erosion);
}

/* The same, but all at once: a thousand children that leave together. */
static void
test_leave_together(void)
{
	struct erosion *erosion = erosion_new();

	for (int step = 0; step < 2; step++) {
		struct family *family = (struct family *)(uintptr_t)family_at((uint64_t)step, 0);

		for (size_t i = 0; i < 1000; i++) {
			char name[MEMBER_NAME_MAX];

			member_name(name, 2 + i);
			family_add_member(family, name, (pid_t)(100 + i), "worker")->life =
			    step ? MEMBER_GONE : MEMBER_RUNNING;
			if (!step)
				strip_fill(
				    region_add_strip(&family->regions[0], 2 + i), 0, 1, SHARED);
		}
		family_finish(family);
		erosion_add(erosion, family);
		family_free(family);
		is_number(erosion->line_count, step ? 2 + EROSION_LEFT : 1002,
		    step ? "few of them are kept" : "who lives has a line");
	}
	erosion_free(erosion);
}

static void
test_unknown_rate(void)
{
	struct erosion *erosion = erosion_new();
	struct family *family;

	is_number(erosion_rate(erosion, NULL), COUNT_UNKNOWN, "of nothing there is no rate");
	add(erosion, 0, 0);
	is_number(erosion_rate(erosion, NULL), COUNT_UNKNOWN, "nor of a single sample");
	is_number(
	    erosion_rate(erosion, erosion_line(erosion, "a")), COUNT_UNKNOWN, "in no process");
	is_number(
	    erosion_rate(erosion, &erosion->mappings[0]->line), COUNT_UNKNOWN, "and no mapping");
	add(erosion, 10, 0);
	is_number(erosion_rate(erosion, NULL), 0, "two that are alike: nothing was copied");
	family = with_worker(20, 0, 0, false);
	erosion_add(erosion, family);
	family_free(family);
	is_number(erosion_rate(erosion, erosion_line(erosion, "c")), COUNT_UNKNOWN,
	    "who joined just now has one point, and no rate");
	is_number(erosion_rate(erosion, erosion_part(erosion->mappings[0], "c")), COUNT_UNKNOWN,
	    "nor has its part of the mapping");
	is_number(erosion_rate(erosion, erosion_line(erosion, "b")), 0, "the others have");
	erosion_free(erosion);
}

#define PLACE UINT64_C(0x20000000)

/* The family of family_at() and, from page `first` of PLACE on, a mapping of so many pages, of
 * which the child has copied some. */
/* Four that lost much at once, when all lines are taken by some that lost little. */
static void
test_several_at_once(void)
{
	enum { MAPPINGS = EROSION_MAPPINGS + 4 };
	struct erosion *erosion = erosion_new();
	size_t kept = 0;

	for (uint64_t step = 0; step < 3; step++) {
		struct family *family = (struct family *)(uintptr_t)family_at(20 * step, 0);

		for (uint64_t i = 0; i < MAPPINGS; i++) {
			struct region *region = family_add_region(family, PLACE + (i << 20),
			    PLACE + (i << 20) + 256 * 4096, REGION_ANON, "");

			strip_fill(region_add_strip(region, 0), 0, 256, SHARED);
			strip_fill(region_add_strip(region, 1), 0, 256, SHARED);
			if (i < EROSION_MAPPINGS ? step > 0 : step > 1)
				strip_fill(&region->strips[1], 0,
				    i < EROSION_MAPPINGS ? i + 1 : 200 - i, WENT);
		}
		family_finish(family);
		erosion_add(erosion, family);
		family_free(family);
	}
	for (size_t i = 0; i < erosion->mapping_count; i++)
		kept += erosion->mappings[i]->start >= PLACE + ((uint64_t)EROSION_MAPPINGS << 20);
	is_number(kept, 4, "each of those that lost most has a line");
	is_number(erosion->more_kib, 4 * (1 + 2 + 3 + 4), "those that lost least have none");
	erosion_free(erosion);
}

static const struct family *
with_mapping(uint64_t seconds, uint64_t first, uint64_t pages, uint64_t copied)
{
	struct family *family = (struct family *)(uintptr_t)family_at(seconds, 0);
	struct region *region = family_add_region(
	    family, PLACE + first * 4096, PLACE + (first + pages) * 4096, REGION_ANON, "");

	strip_fill(region_add_strip(region, 0), 0, pages, SHARED);
	strip_fill(region_add_strip(region, 1), 0, pages, SHARED);
	strip_fill(&region->strips[1], pages - copied, copied, WENT);
	family_finish(family);
	return family;
}

static const struct erosion_mapping *
anonymous(const struct erosion *erosion)
{
	for (size_t i = 0; i < erosion->mapping_count; i++)
		if (erosion->mappings[i]->kind == REGION_ANON)
			return erosion->mappings[i];
	return NULL;
}

static void
give(struct erosion *erosion, const struct family *family)
{
	erosion_add(erosion, family);
	family_free(family);
}

static void
test_mappings(void)
{
	struct erosion *erosion = erosion_new();
	const struct erosion_mapping *mapping;

	give(erosion, with_mapping(0, 0, 64, 0));
	give(erosion, with_mapping(30, 0, 64, 16));
	is_number(erosion->mapping_count, 2, "both mappings have a line");
	mapping = anonymous(erosion);
	is_number(
	    mapping->line.last.was_kib, 2 * 64 * 4, "what was shared is that of both processes");
	is_number(mapping->line.last.still_kib, 2 * 64 * 4 - 64, "less what is copied is still");
	is_number(erosion_rate(erosion, &mapping->line), 128, "a rate of its own");
	is_number(erosion_rate(erosion, erosion_part(mapping, "b")), 128, "all of it the child's");
	is_number(erosion_rate(erosion, erosion_part(mapping, "a")), 0, "nothing the parent's");
	ok(erosion_mapping(erosion, erosion->last, mapping->region) == mapping,
	    "the region knows it");
	give(erosion, with_mapping(60, 0, 128, 16));
	ok(anonymous(erosion) == mapping && erosion->mapping_count == 2,
	    "it grew, and is the same");
	give(erosion, with_mapping(90, -UINT64_C(32), 160, 16));
	ok(anonymous(erosion) == mapping && erosion->mapping_count == 2,
	    "also downwards, so that it starts elsewhere");
	is_number(mapping->start, PLACE - 32 * 4096, "where it starts is known");
	is_number(mapping->line.last.ever_kib, 128, "pages that are counted are not counted again");
	give(erosion, family_at(120, 0));
	ok(!erosion_is_there(erosion, &mapping->line), "it can go");
	is_number(erosion_rate(erosion, &mapping->line), COUNT_UNKNOWN, "and then has no rate");
	is_number(mapping->line.last.copied_kib, 64, "what it had is kept");
	give(erosion, with_mapping(150, -UINT64_C(32), 160, 0));
	ok(anonymous(erosion) == mapping && erosion_is_there(erosion, &mapping->line),
	    "and come again");
	is_number(mapping->line.points[4].was_kib, 0, "between there was nothing");
	is_number(mapping->line.last.ever_kib, 128, "what was copied before stays counted");
	erosion_free(erosion);
}

/* More mappings than are kept; the last of them is written to. */
static void
test_many_mappings(void)
{
	enum { MAPPINGS = 3 * EROSION_MAPPINGS };
	struct erosion *erosion = erosion_new();
	const struct erosion_mapping *mapping;

	for (uint64_t seconds = 0; seconds < 60; seconds += 20) {
		struct family *family = (struct family *)(uintptr_t)family_at(seconds, 0);

		for (uint64_t i = 0; i < MAPPINGS; i++) {
			struct region *region = family_add_region(family, PLACE + (i << 20),
			    PLACE + (i << 20) + 64 * 4096, REGION_ANON, "");

			strip_fill(region_add_strip(region, 0), 0, 64, SHARED);
			strip_fill(region_add_strip(region, 1), 0, 64, SHARED);
			if (seconds && i + EROSION_MAPPINGS + 4 >= MAPPINGS)
				strip_fill(&region->strips[1], 0,
				    seconds / 20 * (1 + (i + 1 == MAPPINGS)), WENT);
		}
		family_finish(family);
		give(erosion, family);
	}
	is_number(erosion->mapping_count, EROSION_MAPPINGS, "no more mappings are kept");
	is_number(erosion->more_count, 4, "how many are not, and lost something, is known");
	is_number(erosion->more_kib, 4 * 2 * 4, "and what is copied of them");
	mapping = erosion_mapping(erosion, erosion->last, 0);
	ok(mapping && mapping->start == PLACE + ((uint64_t)(MAPPINGS - 1) << 20),
	    "the one with most copied is among them");
	is_number(mapping ? erosion_rate(erosion, &mapping->line) : 0, 24,
	    "from the sample on that was before it lost anything");
	erosion_free(erosion);
}

/* A baseline that was saved an hour ago, in which the processes had other names. */
static void
test_saved_baseline(void)
{
	struct erosion *erosion = erosion_new();
	struct family *baseline = (struct family *)(uintptr_t)family_at(0, 0);

	strcpy(baseline->members[0].name, "x");
	strcpy(baseline->members[1].name, "y");
	baseline->time_ns -= 600 * SECOND;
	erosion_base(erosion, baseline);
	erosion_base(erosion, NULL);
	family_free(baseline);
	add(erosion, 0, 100);
	is_number(erosion->count, 2, "the baseline is the first point");
	is_number(erosion->whole.points[0].still_kib, 8192, "at which all was shared");
	is_number(erosion_rate(erosion, NULL), 40, "one sample has a rate: since the baseline");
	is_number(
	    erosion_rate(erosion, erosion_line(erosion, "b")), 40, "of the process, by its number");
	is_number(erosion_rate(erosion, &erosion->mappings[0]->line), 40, "and of the mapping");
	is_number(erosion->event_count, 1, "what went since is an event");
	is_text(erosion->events[0].name, "b", "of who it is now");
	add(erosion, 30, 150);
	is_number(erosion_rate(erosion, NULL), 400, "then it is of the last minute");
	erosion_free(erosion);
}

static void
test_no_baseline(void)
{
	struct erosion *erosion = erosion_new();
	struct family *family = family_new();

	erosion_add(erosion, family);
	is_number(erosion->count, 0, "without a baseline there is no erosion");
	family_free(family);
	erosion_free(erosion);
	erosion_free(NULL);
}

int
main(void)
{
	test_growth();
	test_ending();
	test_long();
	test_come_and_gone();
	test_replaced();
	test_leave_together();
	test_unknown_rate();
	test_parted();
	test_mappings();
	test_many_mappings();
	test_several_at_once();
	test_saved_baseline();
	test_no_baseline();
	return done_testing();
}
