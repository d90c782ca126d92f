#include "config.h"
#include "model/family/holds.h"

static uint64_t
earlier(uint64_t one, uint64_t other)
{
	return one < other ? one : other;
}

static bool
is_frame_same(const struct holder *one, const struct holder *other)
{
	return one->frame && one->frame == other->frame;
}

static bool
is_frame_other(const struct holder *one, const struct holder *other)
{
	return one->frame && other->frame ? one->frame != other->frame : one->alone || other->alone;
}

/* A frame passes from parent to child by fork, and in no other way. */
static void
hold_alike(struct holder *parent, struct holder *child)
{
	child->since = earlier(child->since, child->born);
	parent->since = earlier(parent->since, child->born);
}

/* Two children have the same frame, which is no longer their parent's: both began with it. */
static void
hold_as_sibling(struct holder *holders, struct holder *parent, struct holder *child)
{
	struct holder *other = parent->heir ? &holders[parent->heir - 1] : NULL;

	if (!other) {
		parent->heir = (size_t)(child - holders) + 1;
	} else if (is_frame_same(other, child)) {
		other->since = earlier(other->since, other->born);
		child->since = earlier(child->since, child->born);
	}
}

static void
find_since(struct holder *holders, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct holder *holder = &holders[i];

		holder->left = false;
		holder->heir = 0;
		holder->since = !holder->unwritten  ? HOLDS_NEVER
		    : holder->forked > holder->born ? holder->forked
						    : holder->born;
	}
	for (size_t i = 0; i < count; i++) {
		struct holder *child = &holders[i];
		struct holder *parent = child->parent >= 0 ? &holders[child->parent] : NULL;

		if (!parent || !child->there || child->alone)
			continue;
		if (parent->there && is_frame_same(parent, child))
			hold_alike(parent, child);
		else
			hold_as_sibling(holders, parent, child);
	}
}

/* What parent and child had at the fork is what one of them has kept: the other left it. */
static void
find_left(struct holder *holders, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct holder *child = &holders[i];
		struct holder *parent = child->parent >= 0 ? &holders[child->parent] : NULL;

		if (!parent || !child->there || !parent->there || !is_frame_other(child, parent))
			continue;
		child->left |= parent->since <= child->born;
		parent->left |= child->since <= child->born;
	}
}

/* Does any process have what it shared in the sample before? */
static bool
is_anything_kept(const struct holder *holders, size_t count, uint64_t before)
{
	for (size_t i = 0; i < count; i++)
		if (holders[i].there && holders[i].was_shared && holders[i].since <= before)
			return true;
	return false;
}

void
holds_find(struct holder *holders, size_t count, uint64_t before)
{
	find_since(holders, count);
	find_left(holders, count);
	if (!before || !is_anything_kept(holders, count, before))
		return;
	for (size_t i = 0; i < count; i++)
		holders[i].left |= holders[i].there && holders[i].was_shared && holders[i].alone &&
		    holders[i].frame && holders[i].since > before;
}

bool
holds_first(const struct holder *holders, size_t count, size_t index)
{
	const struct holder *holder = &holders[index];
	uint64_t first = HOLDS_NEVER;

	if (holder->parent >= 0)
		return holder->since <= holder->born;
	for (size_t i = 0; i < count; i++)
		if (holders[i].parent == (int)index)
			first = earlier(first, holders[i].born);
	return holder->since != HOLDS_NEVER && holder->since <= first;
}
