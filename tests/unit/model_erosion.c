#include "config.h"
#include "model/erosion.h"
#include "tap.h"

#define SECOND UINT64_C(1000000000)
#define START (1000 * SECOND)
#define SHARED (PAGE_SHARED | CELL_WAS_SHARED)
#define WENT (PAGE_COPIED | CELL_WAS_SHARED)

/* A parent and a child of 1024 shared pages; of the child's, so many are copied from page 100 on. */
static const struct family *
family_at(uint64_t seconds, uint64_t copied)
{
	struct family *family = family_new();
	struct region *region;

	family->time_ns = START + seconds * SECOND;
	family->baseline_ns = START;
	family_add_kin(family, "a", 10, "one");
	family_add_kin(family, "b", 11, "one");
	region = family_add_region(family, 0x10000000, 0x10000000 + 1024 * 4096, REGION_HEAP, "[heap]");
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
	is_number(erosion_rate(erosion, erosion_line(erosion, "a")), 0, "the parent copied nothing");
	is_number(erosion->event_count, 1, "one range went");
	is_text(erosion->events[0].name, "b", "of the child");
	is_text(erosion->events[0].what, "[heap]", "of its heap");
	is_number(erosion->events[0].address, 0x10000000 + 100 * 4096, "from its hundredth page on");
	is_number(erosion->events[0].copied_kib, 800, "as much as was copied");
	add(erosion, 40, 210);
	is_number(erosion->event_count, 2, "ten pages more are an event more");
	is_number(erosion->events[1].copied_kib, 40, "of those ten");
	is_number(erosion->events[1].address, 0x10000000 + 300 * 4096, "behind those that had gone");
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
	is_number(erosion->times_ns[erosion->count - 1], START + 2 * EROSION_POINTS * SECOND, "and the last");
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
			family_add_kin(family, "c", 12, "one");
			strip_fill(region_add_strip(&family->regions[0], 2), 0, 1024, SHARED);
			family_finish(family);
		}
		if (i == EROSION_POINTS)
			family->kin[1].life = KIN_GONE;
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
	test_long();
	test_come_and_gone();
	test_no_baseline();
	return done_testing();
}
