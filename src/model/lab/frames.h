/*
 * The table of frames of one snapshot, as classify() builds it: entered page by page, then
 * finished.
 */
#ifndef MODEL_LAB_FRAMES_H
#define MODEL_LAB_FRAMES_H

#include "model/lab/snapshot.h"

/* The index of a frame; it is entered if it isn't among those from `from` on. */
uint32_t frames_enter(struct snapshot *now, const struct frame *frame, size_t from);

/* Every page must have its state and, except for the page of zeros, its frame. Puts the table in
 * order: ascending pages, each frame once, the page of zeros last; counts who maps them. */
void frames_finish(struct snapshot *now);

#endif
