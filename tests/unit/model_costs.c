#include "config.h"
#include "model/family/costs.h"
#include "tap.h"

#include <string.h>

#define SECOND UINT64_C(1000000000)
#define START (1000 * SECOND)
#define SHARED (PAGE_SHARED | CELL_WAS_SHARED)
#define WENT (PAGE_COPIED | CELL_WAS_SHARED)
#define PARTED (PAGE_PARTED | CELL_WAS_SHARED)
#define PAGES 4096 /* of the heap: 16 MiB */
#define MOST 6

/* A parent and its workers, of which each has copied so many pages of the heap. */
struct costs_paper {
	uint64_t ms; /* since watching began */
	size_t workers;
	uint64_t copied[MOST];
};

static struct family *
costs_family(const struct costs_paper *paper)
{
	struct family *family = family_new();
	struct region *heap, *library;

	family->time_ns = START + paper->ms * SECOND / 1000;
	family->baseline_ns = START;
	for (size_t i = 0; i <= paper->workers; i++) {
		char name[MEMBER_NAME_MAX];
		struct member *member;

		member_name(name, i);
		member = family_add_member(family, name, (pid_t)(10 + i), "server");
		member->parent = i ? 0 : MEMBER_NONE;
		member->tables_kib = 40 + 4 * i;
	}
	heap =
	    family_add_region(family, 0x10000000, 0x10000000 + PAGES * 4096, REGION_HEAP, "[heap]");
	library =
	    family_add_region(family, 0x70000000, 0x70000000 + 512 * 4096, REGION_FILE, "/lib/x");
	for (size_t i = 0; i <= paper->workers; i++) {
		struct strip *strip = region_add_strip(heap, i);

		strip_fill(strip, 0, PAGES, SHARED);
		if (i)
			strip_fill(strip, 0, paper->copied[i - 1], WENT);
		strip = region_add_strip(library, i);
		memcpy(strip->perms, "r-xp", 5);
		strip_fill(strip, 0, 512, SHARED | CELL_FILE);
	}
	return family;
}

static struct costs
costs_at(const struct costs_paper *paper, const struct erosion *erosion)
{
	struct family *family = costs_family(paper);
	struct costs costs;

	family_finish(family);
	costs = costs_of(family, erosion);
	family_free(family);
	return costs;
}

static void
costs_add(struct erosion *erosion, const struct costs_paper *paper)
{
	struct family *family = costs_family(paper);

	family_finish(family);
	erosion_add(erosion, family);
	family_free(family);
}

static void
test_worker(void)
{
	const struct costs_paper paper = {0, 4, {2048, 2048, 3072, 1024}};
	struct costs costs = costs_at(&paper, NULL);

	is_number(costs.parent, 0, "the first process is the parent");
	is_number(costs.workers, 4, "and no worker itself");
	is_number(costs.counted, 4, "all are counted");
	is_number(costs.worker_kib, 8192, "the median");
	is_number(costs.worker_least_kib, 4096, "the least");
	is_number(costs.worker_most_kib, 12288, "the most");
	is_number(costs.worker_tables_kib, 50, "page tables: between 48 and 52");
	is_number(costs.fork_tables_kib, 40, "a fork copies those of the parent");
	is_number(costs.storm_tables_kib, 160, "four forks four times");
	is_number(costs.storm_kib, 8192 * 4 + 44 + 48 + 52 + 56, "in the end as much as these");
	ok(costs.forecast.outcome == OUTCOME_UNKNOWN, "one sample tells nothing of the future");
}

static void
test_states(void)
{
	const struct costs_paper paper = {0, 2, {100, 100}};
	struct family *family = costs_family(&paper);
	struct costs costs;

	strip_fill(&family->regions[0].strips[1], 200, 10, PAGE_PRIVATE);
	strip_fill(&family->regions[0].strips[1], 300, 20, PARTED);
	strip_fill(&family->regions[0].strips[1], 400, 40, PAGE_ZERO);
	family_finish(family);
	costs = costs_of(family, NULL);
	is_number(
	    costs.worker_most_kib, 4 * 130, "private, copied and parted are its own, zeros not");
	is_number(costs.worker_kib, 4 * 115, "of two the median is their mean");
	family_free(family);
}

static void
test_nobody(void)
{
	const struct costs_paper paper = {0, 0, {0}};
	struct costs costs = costs_at(&paper, NULL);

	is_number(costs.parent, MEMBER_NONE, "nobody has workers");
	ok(costs.worker_kib == COUNT_UNKNOWN, "so nothing is known of one more");
	ok(costs.storm_kib == COUNT_UNKNOWN, "nor of all");
}

static void
test_not_counted(void)
{
	const struct costs_paper paper = {0, 4, {100, 200, 300, 400}};
	struct family *family = costs_family(&paper);
	struct costs costs;

	family->members[1].life = MEMBER_ZOMBIE;
	family->members[2].memory_of = 0;
	family->members[3].tables_kib = COUNT_UNKNOWN;
	strip_fill(&family->regions[0].strips[4], 1000, 1, PAGE_UNKNOWN);
	family_finish(family);
	costs = costs_of(family, NULL);
	is_number(costs.workers, 2, "the dead, and who has its parent's memory, are none");
	is_number(costs.unread, 1, "of one something is unknown");
	is_number(costs.worker_kib, 1200, "it is not counted");
	ok(costs.worker_tables_kib == COUNT_UNKNOWN, "page tables that were not read are unknown");
	ok(costs.storm_kib == COUNT_UNKNOWN, "and what adds them");
	family_free(family);
}

/* Page tables of one of two could not be read. */
static void
test_some_tables(void)
{
	const struct costs_paper paper = {0, 2, {100, 200}};
	struct family *family = costs_family(&paper);
	struct costs costs;

	family->members[2].tables_kib = COUNT_UNKNOWN;
	family_finish(family);
	costs = costs_of(family, NULL);
	is_number(costs.worker_kib, 600, "both are counted");
	ok(costs.worker_tables_kib == COUNT_UNKNOWN, "of half of them nothing is told");
	ok(costs.storm_kib == COUNT_UNKNOWN, "nor added up");
	family_free(family);
}

/* Workers that were forked while watching. */
static void
test_fresh(void)
{
	struct erosion *erosion = erosion_new();
	struct costs_paper paper = {0, 1, {100, 1}};
	struct costs costs;

	costs_add(erosion, &paper);
	paper.ms = 1000;
	paper.workers = 2;
	costs_add(erosion, &paper);
	costs = costs_at(&paper, erosion);
	is_number(costs.fresh, 1, "who just came is young");
	is_number(costs.worker_most_kib, 400, "and not counted");
	is_number(costs.worker_least_kib, 400, "only the other");
	is_number(costs.storm_tables_kib, 80, "but two would be replaced");
	paper.ms = 11000;
	costs_add(erosion, &paper);
	costs = costs_at(&paper, erosion);
	is_number(costs.fresh, 0, "ten seconds later it has settled");
	is_number(costs.worker_least_kib, 4, "and is counted");
	erosion_free(erosion);
}

/* Pages that one worker has copied, second after second; -1 ends it. */
struct forecast_case {
	const char *what;
	uint64_t step_ms;
	int copied[70];
	enum outcome outcome;
};

static const struct forecast_case forecast_cases[] = {
    {"too short", 1000, {0, 100, 200, 300, 400, 500, -1}, OUTCOME_UNKNOWN},
    {"too few points", 5000, {0, 100, 200, 300, 400, -1}, OUTCOME_UNKNOWN},
    {"nothing", 2000, {0, 0, 0, 0, 0, 0, -1}, OUTCOME_NOTHING},
    {"steady", 2000, {0, 100, 200, 300, 400, 500, -1}, OUTCOME_GOING_ON},
    {"steady, seldom read", 60000, {0, 100, 200, 300, 400, 500, 600, 700, 800, 900, -1},
	OUTCOME_GOING_ON},
    {"about steady", 2000, {0, 80, 200, 320, 380, 500, 610, 700, -1}, OUTCOME_GOING_ON},
    {"one burst", 2000, {0, 0, 0, 0, 500, 500, -1}, OUTCOME_BURST},
    {"one burst between two samples", 2000, {0, 0, 0, 0, 250, 500, -1}, OUTCOME_BURST},
    {"a burst just now", 2000, {0, 0, 0, 0, 0, 0, 0, 500, -1}, OUTCOME_BURST},
    {"a burst, then nothing", 2000, {0, 500, 500, 500, 500, 500, 500, -1}, OUTCOME_LEVELLED},
    {"a burst, not long ago", 2000, {0, 500, 500, 500, 500, 500, -1}, OUTCOME_BURST},
    {"steady, then nothing for 5 s", 500,
	{0, 100, 200, 300, 400, 500, 600, 700, 800, 900, 1000, 1000, 1000, 1000, 1000, 1000, 1000,
	    1000, 1000, 1000, 1000, -1},
	OUTCOME_SLOWING},
    {"steady, then nothing", 5000, {0, 100, 200, 300, 400, 500, 500, 500, 500, -1},
	OUTCOME_LEVELLED},
    {"slower and slower", 5000,
	{0, 300, 560, 780, 960, 1100, 1200, 1260, 1300, 1320, 1340, 1360, 1380, -1},
	OUTCOME_SLOWING},
};

static struct costs
forecast_case_costs(const struct forecast_case *one)
{
	struct erosion *erosion = erosion_new();
	struct costs_paper paper = {0, 2, {0, 0}};
	struct costs costs;

	for (int i = 0; one->copied[i] >= 0; i++) {
		paper.ms = (uint64_t)i * one->step_ms;
		paper.copied[0] = (uint64_t)one->copied[i];
		costs_add(erosion, &paper);
	}
	costs = costs_at(&paper, erosion);
	erosion_free(erosion);
	return costs;
}

static void
test_forecasts(void)
{
	for (size_t i = 0; i < sizeof(forecast_cases) / sizeof(forecast_cases[0]); i++) {
		const struct forecast_case *one = &forecast_cases[i];
		struct forecast forecast = forecast_case_costs(one).forecast;

		is_text(
		    outcome_word(forecast.outcome), outcome_word(one->outcome), "%s", one->what);
		ok((forecast.lost_in_ns != COUNT_UNKNOWN) == (one->outcome == OUTCOME_GOING_ON),
		    "%s: a time is told only if it goes on", one->what);
	}
}

static void
test_time(void)
{
	struct forecast forecast = forecast_case_costs(&forecast_cases[3]).forecast;
	uint64_t left = 3 * PAGES - 500;

	is_number(forecast.points, 6, "of six points");
	is_number(forecast.window_ns, 10 * SECOND, "over ten seconds");
	is_number(forecast.copied_kib, 2000, "what was copied");
	is_number(forecast.rate_kib, 12000, "500 pages in ten seconds are 12000 KiB a minute");
	is_number(forecast.shared_kib, left * 4, "the library's text is never copied");
	is_number(forecast.losing, 1, "one process loses");
	is_number(forecast.sharing, 3, "of three that share");
	is_number(forecast.lost_in_ns / SECOND, (PAGES - 500) / 50, "50 of its pages a second");
	ok(forecast.private_in_ns == COUNT_UNKNOWN, "the other two share on");
	forecast = forecast_case_costs(&forecast_cases[4]).forecast;
	is_number(forecast.points, 9, "seldom read: nine points");
	is_number(forecast.window_ns, 480 * SECOND, "however long they take");
	is_number(forecast.late_ns, 180 * SECOND, "a third of them, in whole points");
	is_number(forecast.rate_kib, 400, "100 pages a minute");
}

/* Both workers copy, the second half as fast; or nearly nothing. */
static void
test_all_private(void)
{
	for (uint64_t slower = 2; slower <= 30; slower += 28) {
		struct erosion *erosion = erosion_new();
		struct costs_paper paper = {0, 2, {0, 0}};
		struct forecast forecast;

		for (uint64_t i = 0; i < 8; i++) {
			paper.ms = i * 2000;
			paper.copied[0] = i * 120;
			paper.copied[1] = i * 120 / slower;
			costs_add(erosion, &paper);
		}
		forecast = costs_at(&paper, erosion).forecast;
		if (slower == 2) {
			is_number(forecast.losing, 2, "both lose");
			is_number(forecast.private_in_ns / SECOND, (PAGES - 7 * 60) / 30,
			    "when the slower has nothing left, the parent is alone");
		} else {
			is_number(forecast.losing, 1, "a thirtieth of the fastest is nothing");
			ok(forecast.private_in_ns == COUNT_UNKNOWN, "so two share on");
		}
		erosion_free(erosion);
	}
}

/* Copying goes on, and the other worker is another one now. */
static void
test_changing(void)
{
	struct erosion *erosion = erosion_new();
	struct costs_paper paper = {0, 1, {0, 0}};
	struct costs costs;

	for (uint64_t i = 0; i < 8; i++) {
		paper.ms = i * 2000;
		paper.copied[0] = i * 100;
		paper.workers = i < 4 ? 1 : 2;
		costs_add(erosion, &paper);
	}
	costs = costs_at(&paper, erosion);
	is_text(outcome_word(costs.forecast.outcome), "changing", "a worker came in the window");
	paper.workers = 1;
	for (uint64_t i = 8; i < 60; i++) {
		paper.ms = i * 2000;
		paper.copied[0] = i * 50;
		costs_add(erosion, &paper);
		costs = costs_at(&paper, erosion);
		if (i == 9)
			is_text(outcome_word(costs.forecast.outcome), "changing", "and left in it");
	}
	is_text(outcome_word(costs.forecast.outcome), "going-on", "that was long ago");
	erosion_free(erosion);
}

int
main(void)
{
	test_worker();
	test_states();
	test_nobody();
	test_not_counted();
	test_some_tables();
	test_fresh();
	test_forecasts();
	test_time();
	test_all_private();
	test_changing();
	return done_testing();
}
