#include "config.h"
#include "base/by_pid.h"

#include <string.h>

#include "base/mem.h"

static void *
by_pid_entry(const struct by_pid *all, size_t number)
{
	return (char *)all->list + number * all->each;
}

/* The first with this pid or a larger one. */
static size_t
by_pid_place(const struct by_pid *all, pid_t pid)
{
	size_t low = 0, high = all->count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (*(const pid_t *)by_pid_entry(all, middle) < pid)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

void *
by_pid_find(const struct by_pid *all, pid_t pid)
{
	size_t place = by_pid_place(all, pid);
	pid_t *entry = place < all->count ? by_pid_entry(all, place) : NULL;

	return entry && *entry == pid ? entry : NULL;
}

void *
by_pid_add(struct by_pid *all, pid_t pid)
{
	size_t place = by_pid_place(all, pid);
	pid_t *entry = by_pid_find(all, pid);

	if (entry)
		return entry;
	if (all->count == all->room) {
		all->room = all->room ? all->room * 2 : 64;
		all->list = mem_resize(all->list, all->room, all->each);
	}
	entry = by_pid_entry(all, place);
	memmove((char *)entry + all->each, entry, (all->count++ - place) * all->each);
	memset(entry, 0, all->each);
	*entry = pid;
	return entry;
}

void
by_pid_drop(struct by_pid *all, pid_t pid)
{
	char *entry = by_pid_find(all, pid);
	size_t place = by_pid_place(all, pid);

	if (entry)
		memmove(entry, entry + all->each, (--all->count - place) * all->each);
}
