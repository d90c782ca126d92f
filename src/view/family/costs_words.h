/*
 * What one more worker costs, and what is to come, in words.
 */
#ifndef VIEW_FAMILY_COSTS_WORDS_H
#define VIEW_FAMILY_COSTS_WORDS_H

#include "base/buf.h"
#include "model/family/costs.h"
#include "view/family/family_draw.h"

/* Whole sentences, one a line, with how it was reckoned; nothing where nobody has workers.
 * erosion may be NULL: then nothing is said of what is to come. */
void costs_text(struct buf *out, const struct family *family, const struct erosion *erosion);

/* The same in these rows, one each for a worker and for what is to come; in one row both, as far
 * as they fit. */
void costs_draw(const struct family_draw *draw, int row, int rows);

#endif
