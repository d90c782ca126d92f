/*
 * The picture of a lab in a page: a table with a row for each page, a column for each process.
 *
 * It says in words what it shows in colours, and is what a screen reader reads. Rows that say the
 * same are one, from PAGE_STATES_EACH pages on: "0-4095".
 */
#ifndef OUT_TEACH_PAGE_STATES_H
#define OUT_TEACH_PAGE_STATES_H

#include "base/buf.h"
#include "model/lab/snapshot.h"
#include "model/teach/page_set.h"

#define PAGE_STATES_EACH 32 /* up to this many pages each has its row */

/* changed: the pages that are marked. */
void page_states(struct buf *out, const struct snapshot *now, const struct page_set *changed);

/* The states and marks with their meanings, as a list. */
void page_states_legend(struct buf *out);

#endif
