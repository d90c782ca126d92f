/*
 * Since when the processes of one tree have held the frames that they have at one page, and which
 * of them left a frame that another one kept. Internal to src/model.
 *
 * A process gets what its parent has when it is forked, and leaves that when it writes; nobody
 * comes back to a frame. A frame that is shared, or that lacks bit 34, was not written since its
 * process forked last (or was forked, if that came later): fork clears the bit of what it shares,
 * whoever wrote that before. So much is certain; what follows is found by comparing frames of
 * parent and child at the moment of the fork.
 *
 * Who left what another one has kept was given a copy. Times are numbers that grow: the forks of a
 * tree in their order.
 */
#ifndef MODEL_FAMILY_HOLDS_H
#define MODEL_FAMILY_HOLDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define HOLDS_NEVER UINT64_MAX

struct holder {
	bool there;      /* it has an anonymous frame there; otherwise the rest is meaningless */
	bool alone;      /* that no other process maps */
	bool unwritten;  /* since its process forked last, or was forked: for certain */
	bool was_shared; /* in the sample before */
	int parent;      /* index; -1 */
	uint64_t frame;  /* PFN; 0: not known */
	uint64_t born;   /* when it was forked; 0: before all others */
	uint64_t forked; /* when it forked last, at the latest; 0: never */
	uint64_t since;  /* result: it has held its frame at least since then; HOLDS_NEVER */
	bool left;   /* result: what it had is, for certain, a frame that another process kept */
	size_t heir; /* used by holds.c: a child with another frame, plus 1 */
};

/* before: when the sample before began; 0: there was none. */
void holds_find(struct holder *holders, size_t count, uint64_t before);

/* Does it have what it had when it was forked? (Without a parent: when it first forked one of
 * these.) */
bool holds_first(const struct holder *holders, size_t count, size_t index);

#endif
