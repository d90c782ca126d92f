#include "config.h"
#include "model/family/family_diff.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/family/erosion.h"

static bool
is_same_process(const struct member *one, const struct member *other)
{
	return one->pid == other->pid && one->start_ticks == other->start_ticks;
}

static const struct member *
diff_found_again(const struct family *family, const struct member *member)
{
	for (size_t i = 0; i < family->member_count; i++)
		if (is_same_process(&family->members[i], member))
			return &family->members[i];
	return NULL;
}

/* By PID and start time; else by name, if that doesn't belong to another one found. */
static const struct member *
counterpart(const struct family *family, const struct family *own, const struct member *member)
{
	const struct member *found = diff_found_again(family, member);

	if (found)
		return found;
	found = family_member(family, member->name);
	return found && !diff_found_again(own, found) &&
		strcmp(found->command, member->command) == 0
	    ? found
	    : NULL;
}

static void
diff_match_member(struct family_diff *diff)
{
	const struct family *before = diff->before, *after = diff->after;

	diff->members =
	    mem_zero(before->member_count + after->member_count + 1, sizeof(*diff->members));
	for (size_t i = 0; i < before->member_count; i++)
		diff->members[diff->member_count++] = (struct member_change){
		    &before->members[i], counterpart(after, before, &before->members[i])};
	for (size_t i = 0; i < after->member_count; i++)
		if (!counterpart(before, after, &after->members[i]))
			diff->members[diff->member_count++] =
			    (struct member_change){NULL, &after->members[i]};
}

static int
diff_by_place(const void *one, const void *other)
{
	const struct region *a = *(const struct region *const *)one,
			    *b = *(const struct region *const *)other;
	int order = strcmp(a->path, b->path);

	if (order == 0 && a->kind != b->kind)
		order = a->kind < b->kind ? -1 : 1;
	if (order == 0 && a->offset != b->offset)
		order = a->offset < b->offset ? -1 : 1;
	return order ? order : a->start < b->start ? -1 : a->start > b->start;
}

static const struct region **
in_places(const struct family *family)
{
	const struct region **list = mem_zero(family->region_count + 1, sizeof(struct region *));

	for (size_t i = 0; i < family->region_count; i++)
		list[i] = &family->regions[i];
	qsort(list, family->region_count, sizeof(struct region *), diff_by_place);
	return list;
}

int64_t
tally_change_kib(const struct family *before, const struct tally *was, const struct family *after,
    const struct tally *is, enum page_state state)
{
	int64_t from = was ? (int64_t)tally_kib(before, was, state) : 0,
		to = is ? (int64_t)tally_kib(after, is, state) : 0;

	return to - from;
}

static void
diff_add_change(struct family_diff *diff, const struct region *before, const struct region *after)
{
	struct region_change *change = &diff->regions[diff->region_count];

	*change = (struct region_change){.before = before, .after = after};
	for (int state = PAGE_SHARED; state < PAGE_STATE_COUNT; state++) {
		int64_t kib = tally_change_kib(diff->before, before ? &before->tally : NULL,
		    diff->after, after ? &after->tally : NULL, (enum page_state)state);

		change->kib[state] = kib;
		change->weight += (uint64_t)(kib < 0 ? -kib : kib);
	}
	diff->region_count += change->weight != 0;
}

/* Anonymous mappings are matched by address; named ones even if they moved. */
static int
compare_places(const struct region *a, const struct region *b)
{
	int order = strcmp(a->path, b->path);

	if (order == 0 && a->kind != b->kind)
		order = a->kind < b->kind ? -1 : 1;
	if (order == 0 && a->offset != b->offset)
		order = a->offset < b->offset ? -1 : 1;
	if (order == 0 && !*a->path && a->start != b->start)
		order = a->start < b->start ? -1 : 1;
	return order;
}

static int
by_weight(const void *one, const void *other)
{
	const struct region_change *a = one, *b = other;

	if (a->weight != b->weight)
		return a->weight > b->weight ? -1 : 1;
	return diff_by_place(a->after ? &a->after : &a->before, b->after ? &b->after : &b->before);
}

static void
match_regions(struct family_diff *diff)
{
	const struct region **before = in_places(diff->before), **after = in_places(diff->after);
	size_t i = 0, k = 0, from = diff->before->region_count, to = diff->after->region_count;

	diff->regions = mem_zero(from + to + 1, sizeof(*diff->regions));
	while (i < from || k < to) {
		int order = i == from ? 1 : k == to ? -1 : compare_places(before[i], after[k]);

		diff_add_change(diff, order <= 0 ? before[i] : NULL, order >= 0 ? after[k] : NULL);
		i += order <= 0;
		k += order >= 0;
	}
	qsort(diff->regions, diff->region_count, sizeof(*diff->regions), by_weight);
	free(before);
	free(after);
}

bool
diff_per_minute(const struct family_diff *diff, int64_t kib, int64_t *rate)
{
	uint64_t from = diff->before->time_ns, to = diff->after->time_ns;

	if (to < from + RATE_LEAST_NS)
		return false;
	*rate = (int64_t)((double)kib * 6e10 / (double)(to - from));
	return true;
}

static struct cause_change *
cause_of_diff(struct family_diff *diff, const struct blame_cause *cause)
{
	for (size_t i = 0; i < diff->cause_count; i++)
		if (diff->causes[i].cause == cause->cause &&
		    diff->causes[i].runtime == cause->runtime)
			return &diff->causes[i];
	diff->causes[diff->cause_count] =
	    (struct cause_change){.cause = cause->cause, .runtime = cause->runtime};
	return &diff->causes[diff->cause_count++];
}

static uint64_t
cause_moved(const struct cause_change *change)
{
	return change->after_kib > change->before_kib ? change->after_kib - change->before_kib
						      : change->before_kib - change->after_kib;
}

static int
most_moved_cause(const void *one, const void *other)
{
	uint64_t a = cause_moved(one), b = cause_moved(other);

	return a > b ? -1 : a < b;
}

/* What the change of the program did, cause by cause. */
static void
diff_causes(struct family_diff *diff)
{
	const struct blame *before = diff->before->blame, *after = diff->after->blame;

	if (!before || !after)
		return;
	diff->causes =
	    mem_zero(before->cause_count + after->cause_count + 1, sizeof(*diff->causes));
	for (size_t i = 0; i < before->cause_count; i++)
		cause_of_diff(diff, &before->causes[i])->before_kib +=
		    blame_kib(before, before->causes[i].pages);
	for (size_t i = 0; i < after->cause_count; i++)
		cause_of_diff(diff, &after->causes[i])->after_kib +=
		    blame_kib(after, after->causes[i].pages);
	if (diff->cause_count)
		qsort(diff->causes, diff->cause_count, sizeof(*diff->causes), most_moved_cause);
}

void
family_diff(struct family_diff *diff, const struct family *before, const struct family *after)
{
	*diff = (struct family_diff){.before = before, .after = after};
	diff_match_member(diff);
	match_regions(diff);
	diff_causes(diff);
}

void
family_diff_release(struct family_diff *diff)
{
	free(diff->causes);
	free(diff->members);
	free(diff->regions);
	memset(diff, 0, sizeof(*diff));
}
