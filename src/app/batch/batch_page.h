/*
 * The page of a lesson: what --batch plays is kept, and written as HTML once the lesson is over.
 */
#ifndef APP_BATCH_BATCH_PAGE_H
#define APP_BATCH_BATCH_PAGE_H

#include "app/batch/batch.h"
#include "base/buf.h"

/* Is it a page that is wanted of a lesson, not a picture of one step? */
bool lesson_page_wanted(const struct options *options);

/* batch->played is not NULL: keeps the answer to a command of the player's part; or that the part
 * is left out. */
void lesson_page_record(struct batch *batch);
void lesson_page_leave_out(struct batch *batch, const char *needs);

void lesson_page_make(struct buf *out, const struct batch *batch, const struct options *options);

#endif
