#include "config.h"
#include "model/family/costs.h"

#include <stdlib.h>

#include "base/mem.h"

/* What is counted of workers, one number each. */
struct costs_sample {
	uint64_t *own, *tables;
	size_t own_count, tables_count;
};

static bool
costs_is_worker(const struct member *member, int parent)
{
	return parent != MEMBER_NONE && member->parent == parent &&
	    member->memory_of == MEMBER_NONE &&
	    (member->life == MEMBER_RUNNING || member->life == MEMBER_STOPPED ||
		member->life == MEMBER_DENIED);
}

/* The one with most workers. */
static int
costs_find_parent(const struct family *family)
{
	size_t *counts = mem_zero(family->member_count + 1, sizeof(*counts)), most = 0;
	int parent = MEMBER_NONE;

	for (size_t i = 0; i < family->member_count; i++)
		if (costs_is_worker(&family->members[i], family->members[i].parent))
			counts[family->members[i].parent]++;
	for (size_t i = 0; i < family->member_count; i++)
		if (counts[i] > most) {
			most = counts[i];
			parent = (int)i;
		}
	free(counts);
	return parent;
}

/* Forked while watching, a short time ago. */
static bool
costs_is_fresh(const struct erosion *erosion, const struct member *member)
{
	const struct erosion_line *line = erosion ? erosion_line(erosion, member->name) : NULL;
	uint64_t now;

	if (!line || !line->first || line->first >= erosion->count)
		return false;
	now = erosion->times_ns[erosion->count - 1];
	return now - erosion->times_ns[line->first] < COSTS_SETTLED_NS;
}

static void
costs_count(struct costs *costs, struct costs_sample *sample, const struct family *family,
    const struct erosion *erosion, const struct member *member)
{
	uint64_t own =
	    member->life == MEMBER_DENIED || member->lost || !tally_present(&member->tally)
	    ? COUNT_UNKNOWN
	    : member_uss_kib(family, member);

	costs->workers++;
	if (own == COUNT_UNKNOWN) {
		costs->unread++;
	} else if (costs_is_fresh(erosion, member)) {
		costs->fresh++;
	} else {
		sample->own[sample->own_count++] = own;
		if (member->tables_kib != COUNT_UNKNOWN)
			sample->tables[sample->tables_count++] = member->tables_kib;
	}
}

static int
costs_ascending(const void *one, const void *other)
{
	uint64_t a = *(const uint64_t *)one, b = *(const uint64_t *)other;

	return a < b ? -1 : a > b;
}

/* Of sorted numbers, at least one. */
static uint64_t
costs_median(const uint64_t *numbers, size_t count)
{
	return (numbers[(count - 1) / 2] + numbers[count / 2]) / 2;
}

static uint64_t
costs_sum(const uint64_t *numbers, size_t count)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < count; i++)
		sum += numbers[i];
	return sum;
}

static void
costs_conclude(struct costs *costs, struct costs_sample *sample)
{
	size_t count = sample->own_count;

	costs->counted = count;
	if (!count)
		return;
	qsort(sample->own, count, sizeof(uint64_t), costs_ascending);
	qsort(sample->tables, sample->tables_count, sizeof(uint64_t), costs_ascending);
	costs->worker_kib = costs_median(sample->own, count);
	costs->worker_least_kib = sample->own[0];
	costs->worker_most_kib = sample->own[count - 1];
	if (sample->tables_count < count)
		return;
	costs->worker_tables_kib = costs_median(sample->tables, count);
	costs->storm_kib = (costs_sum(sample->own, count) + costs_sum(sample->tables, count)) *
	    costs->workers / count;
}

static void
costs_take_parent(struct costs *costs, const struct member *parent)
{
	costs->fork_tables_kib = parent->tables_kib;
	if (parent->tables_kib != COUNT_UNKNOWN)
		costs->storm_tables_kib = parent->tables_kib * costs->workers;
}

struct costs
costs_of(const struct family *family, const struct erosion *erosion)
{
	struct costs costs = {
	    .parent = costs_find_parent(family),
	    .worker_kib = COUNT_UNKNOWN,
	    .worker_least_kib = COUNT_UNKNOWN,
	    .worker_most_kib = COUNT_UNKNOWN,
	    .worker_tables_kib = COUNT_UNKNOWN,
	    .fork_tables_kib = COUNT_UNKNOWN,
	    .storm_tables_kib = COUNT_UNKNOWN,
	    .storm_kib = COUNT_UNKNOWN,
	    .forecast = forecast_of(family, erosion),
	};
	struct costs_sample sample = {
	    .own = mem_zero(family->member_count + 1, sizeof(uint64_t)),
	    .tables = mem_zero(family->member_count + 1, sizeof(uint64_t)),
	};

	for (size_t i = 0; i < family->member_count; i++)
		if (costs_is_worker(&family->members[i], costs.parent))
			costs_count(&costs, &sample, family, erosion, &family->members[i]);
	if (costs.parent != MEMBER_NONE)
		costs_take_parent(&costs, &family->members[costs.parent]);
	costs_conclude(&costs, &sample);
	free(sample.own);
	free(sample.tables);
	return costs;
}
