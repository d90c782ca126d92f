#include "config.h"
#include "blame/join/kindred.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

void
kindred_release(struct kindred *kindred)
{
	free(kindred->list);
	memset(kindred, 0, sizeof(*kindred));
}

static size_t
kindred_place(const struct kindred *kindred, pid_t pid)
{
	size_t low = 0, high = kindred->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (kindred->list[middle].pid < pid)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

struct kindred_one *
kindred_of(const struct kindred *kindred, pid_t pid)
{
	size_t place = kindred_place(kindred, pid);

	return place < kindred->count && kindred->list[place].pid == pid ? &kindred->list[place]
									 : NULL;
}

struct kindred_one *
kindred_enter(struct kindred *kindred, pid_t pid)
{
	size_t place = kindred_place(kindred, pid);

	if (place < kindred->count && kindred->list[place].pid == pid)
		return &kindred->list[place];
	if (kindred->count == KINDRED_MOST) {
		kindred->missed = true;
		return NULL;
	}
	if (kindred->count == kindred->room) {
		kindred->room = kindred->room ? kindred->room * 2 : 64;
		kindred->list = mem_resize(kindred->list, kindred->room, sizeof(*kindred->list));
	}
	memmove(&kindred->list[place + 1], &kindred->list[place],
	    (kindred->count++ - place) * sizeof(*kindred->list));
	kindred->list[place] = (struct kindred_one){.pid = pid};
	return &kindred->list[place];
}

void
kindred_forked(struct kindred *kindred, pid_t pid, pid_t parent)
{
	struct kindred_one *one = kindred_enter(kindred, pid);

	if (!one)
		return;
	kindred->unseen += one->ended && !one->seen; /* the number was given away again already */
	*one = (struct kindred_one){.pid = pid, .parent = parent, .forked = true};
}

void
kindred_ended(struct kindred *kindred, pid_t pid)
{
	struct kindred_one *one = kindred_of(kindred, pid);

	if (one)
		one->ended = true;
}

void
kindred_settle(struct kindred *kindred)
{
	size_t kept = 0;

	for (size_t i = 0; i < kindred->count; i++) {
		const struct kindred_one *one = &kindred->list[i];

		kindred->unseen += one->ended && !one->seen;
		if (!one->ended)
			kindred->list[kept++] = *one;
	}
	kindred->count = kept;
}
