/*
 * Which processes share one memory (CLONE_VM, vfork). kcmp(2) gives memories an order that holds as
 * long as they live, so a new one is found among the known ones by binary search.
 */
#include "config.h"
#include "attach/attach_private.h"

#include <stdlib.h>

#include "base/mem.h"

/* The owners of memories, in the kernel's order. */
struct memories {
	struct attach *attach;
	size_t *list; /* subjects */
	size_t count;
};

static int
memories_by_rank(const void *one, const void *other, void *data)
{
	const struct attach_subject *subjects = data;
	size_t a = subjects[*(const size_t *)one].memory_rank,
	       b = subjects[*(const size_t *)other].memory_rank;

	return a < b ? -1 : a > b;
}

static void
memories_begin(struct memories *memories, struct attach *attach)
{
	memories->attach = attach;
	memories->list = mem_zero(attach->subject_count + 1, sizeof(*memories->list));
	memories->count = 0;
	for (size_t i = 0; i < attach->subject_count; i++) {
		const struct attach_subject *subject = &attach->subjects[i];

		if (!subject->fresh && subject->held.lineage &&
		    subject->held.memory_of == MEMBER_NONE)
			memories->list[memories->count++] = i;
	}
	qsort_r(memories->list, memories->count, sizeof(*memories->list), memories_by_rank,
	    attach->subjects);
}

/* Where it stands or belongs; false: the kernel would not say. *same: that one is its memory. */
static bool
memories_place(const struct memories *memories, size_t subject, size_t *place, bool *same)
{
	const struct attach_subject *subjects = memories->attach->subjects;
	size_t low = 0, high = memories->count;

	*same = false;
	while (low < high && !*same) {
		size_t middle = low + (high - low) / 2;
		int order = held_memory_order(
		    &subjects[memories->list[middle]].held, &subjects[subject].held);

		if (order == HELD_NO_ORDER)
			return false;
		*same = order == 0;
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	*place = *same ? high : low;
	return true;
}

/* One by one, because one of those in between has just ended. */
static void
memories_find_slowly(struct memories *memories, size_t subject)
{
	struct held *held = &memories->attach->subjects[subject].held;

	for (size_t i = 0; i < memories->count && held->memory_of == MEMBER_NONE; i++)
		if (held_memory_order(&memories->attach->subjects[memories->list[i]].held, held) ==
		    0)
			held->memory_of = (int)memories->list[i];
	if (held->memory_of == MEMBER_NONE)
		memories->list[memories->count++] = subject;
}

static void
memories_find(struct memories *memories, size_t subject)
{
	struct held *held = &memories->attach->subjects[subject].held;
	size_t place;
	bool same;

	held->memory_of = MEMBER_NONE;
	if (!held->lineage)
		return;
	if (!memories_place(memories, subject, &place, &same)) {
		memories_find_slowly(memories, subject);
	} else if (same) {
		held->memory_of = (int)memories->list[place];
	} else {
		for (size_t i = memories->count++; i > place; i--)
			memories->list[i] = memories->list[i - 1];
		memories->list[place] = subject;
	}
}

void
memories_settle(struct attach *attach)
{
	struct memories memories;

	memories_begin(&memories, attach);
	for (size_t i = 0; i < attach->subject_count; i++)
		if (attach->subjects[i].fresh || attach->subjects[i].held.memory_of != MEMBER_NONE)
			memories_find(&memories, i);
	for (size_t i = 0; i < memories.count; i++)
		attach->subjects[memories.list[i]].memory_rank = i;
	free(memories.list);
}
