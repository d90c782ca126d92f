/*
 * A family in words and columns: what --batch answers as text.
 */
#ifndef VIEW_FAMILY_FAMILY_REPORT_H
#define VIEW_FAMILY_FAMILY_REPORT_H

#include "base/buf.h"
#include "model/family/erosion.h"
#include "model/family/family.h"
#include "model/family/family_diff.h"

/* Appends whole lines. erosion may be NULL: then nothing is said of rates and events. */
void family_report(struct buf *out, const struct family *family, const struct erosion *erosion);

/* What it says in whole sentences, one a line, without the columns of numbers. */
void family_sentences(struct buf *out, const struct family *family, const struct erosion *erosion);

/* What changed, the mappings that changed most. */
void diff_report(struct buf *out, const struct family_diff *diff);

/* What a permission or a newer kernel would add; empty if nothing is missing. Whole sentences,
 * one a line. */
void family_lacks_text(struct buf *out, const struct family *family);

#endif
