/*
 * Pages of processes: those that somebody pointed at, those that commands changed.
 *
 * A page counts as changed if an event of it says so, or a write reached it; what the kernel
 * refused did nothing.
 */
#ifndef MODEL_TEACH_PAGE_SET_H
#define MODEL_TEACH_PAGE_SET_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "model/lab/events.h"
#include "model/lab/snapshot.h"

struct page_set {
	uint16_t processes[PAGES_MAX]; /* bit 0 is a */
};

void page_set_clear(struct page_set *set);
bool page_set_has(const struct page_set *set, char process, uint32_t page);

/* Adds what a step changed: events lead to now. */
void page_set_add_changed(
    struct page_set *set, const struct snapshot *now, const struct events *events);

/* As struct guide has it: one byte a page, process by process in the snapshot's order, page_count
 * each. To be freed. */
bool *page_set_flags(const struct page_set *set, const struct snapshot *now);

/* "a:0-9, b:2"; nothing for an empty set. */
void page_set_ranges(struct buf *out, const struct page_set *set);

#endif
