#include "config.h"
#include "model/lab/history.h"

#include <stdlib.h>

#include "base/mem.h"

struct history {
	const struct snapshot **moments;
	size_t count, room, bytes, bytes_at_most, thinned;
};

struct history *
history_new(size_t bytes_at_most)
{
	struct history *history = mem_zero(1, sizeof(*history));

	history->bytes_at_most = bytes_at_most;
	return history;
}

void
history_free(struct history *history)
{
	if (!history)
		return;
	for (size_t i = 0; i < history->count; i++)
		snapshot_free(history->moments[i]);
	free(history->moments);
	free(history);
}

static void
history_thin(struct history *history)
{
	size_t half = history->count / 2, kept = 0;

	for (size_t i = 0; i < history->count; i++) {
		if (i < half && i % 2 == 1) {
			history->bytes -= snapshot_bytes(history->moments[i]);
			history->thinned++;
			snapshot_free(history->moments[i]);
		} else {
			history->moments[kept++] = history->moments[i];
		}
	}
	history->count = kept;
}

void
history_add(struct history *history, const struct snapshot *snapshot)
{
	if (history->count == history->room) {
		history->room = history->room ? history->room * 2 : 64;
		history->moments =
		    mem_resize(history->moments, history->room, sizeof(struct snapshot *));
	}
	history->moments[history->count++] = snapshot_hold(snapshot);
	history->bytes += snapshot_bytes(snapshot);
	while (history->bytes > history->bytes_at_most && history->count >= 4)
		history_thin(history);
}

void
history_replace(struct history *history, const struct snapshot *snapshot)
{
	const struct snapshot **newest = &history->moments[history->count - 1];

	history->bytes += snapshot_bytes(snapshot);
	history->bytes -= snapshot_bytes(*newest);
	snapshot_free(*newest);
	*newest = snapshot_hold(snapshot);
}

size_t
history_count(const struct history *history)
{
	return history->count;
}

const struct snapshot *
history_at(const struct history *history, size_t index)
{
	return history->moments[index];
}

size_t
history_thinned(const struct history *history)
{
	return history->thinned;
}

size_t
history_find(const struct history *history, uint32_t step)
{
	size_t low = 0, high = history->count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (history->moments[middle]->step <= step)
			low = middle + 1;
		else
			high = middle;
	}
	return low ? low - 1 : 0;
}

const struct snapshot *
history_before(const struct history *history, size_t index)
{
	const struct snapshot *now = history->moments[index], *before;

	if (now->step == 0 || history->moments[0]->step >= now->step)
		return NULL;
	before = history->moments[history_find(history, now->step - 1)];
	return before->lab == now->lab ? before : NULL;
}
