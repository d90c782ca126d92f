/*
 * From what was read to what it means: states, frames, who shares what.
 *
 * Pure. The rules:
 *   - a file page (bit 61) is frame F<page> of its object; bit 56 says whether anyone else maps it;
 *   - an anonymous frame carries how it was born, from the evidence of the acts
 *     and from `before`: inherited at fork, copied at a write, filled where nothing was;
 *   - the PFN, where the kernel shows it, is compared with all this and wins.
 * Without PFNs the states come out the same, marked as inferred.
 * What a page holds stays with its frame, see contents.h.
 */
#ifndef MODEL_LAB_CLASSIFY_H
#define MODEL_LAB_CLASSIFY_H

#include "model/lab/snapshot.h"

/* Fills in the fields of now that belong to classify(). before is the last classified snapshot of
 * the same lab, or NULL for the first. now->acts must be the acts since before. */
void classify(struct snapshot *now, const struct snapshot *before);

/* Do this page's pagemap entry and its own smaps entry contradict each other? false if either is
 * missing or the smaps entry covers more than the page. */
bool pagemap_smaps_disagree(const struct page *page, const struct smaps *smaps, uint32_t page_size);

/* Would a person see a difference? Ignores the clock, fault counters, system memory below 1 MiB,
 * and the PFN of a frame that only moved. */
bool snapshot_differs(const struct snapshot *one, const struct snapshot *other);

/* The same for the lab alone, whatever the rest of the machine does with its memory meanwhile. */
bool snapshot_lab_differs(const struct snapshot *one, const struct snapshot *other);

#endif
