/*
 * The history: every snapshot of a session, in order, within a memory limit.
 *
 * A moment is a snapshot that was once the newest: each step adds one, each live change within a
 * step another. Beyond the limit, every second moment of the older half is dropped, but never its
 * first or last; history_thinned() says how many. Snapshots are shared, not copied.
 */
#ifndef MODEL_LAB_HISTORY_H
#define MODEL_LAB_HISTORY_H

#include <stddef.h>
#include <stdint.h>

#include "model/lab/snapshot.h"

struct history;

struct history *history_new(size_t bytes_at_most);
void history_free(struct history *history); /* NULL does nothing */

/* Appends a moment: steps never decrease. */
void history_add(struct history *history, const struct snapshot *snapshot);

/* Replaces the newest: nothing happened in this moment. */
void history_replace(struct history *history, const struct snapshot *snapshot);

size_t history_count(const struct history *history);
const struct snapshot *history_at(const struct history *history, size_t index); /* borrowed */
size_t history_thinned(const struct history *history);

/* The last moment of the last step up to `step`; of the first one kept if there is none.
 * history_count() must not be 0. */
size_t history_find(const struct history *history, uint32_t step);

/* The last moment of the step before that of `index`; NULL if the same lab has none. */
const struct snapshot *history_before(const struct history *history, size_t index);

#endif
