/*
 * Why pages were copied, in words and columns: one sentence, then the numbers.
 */
#ifndef VIEW_FAMILY_BLAME_REPORT_H
#define VIEW_FAMILY_BLAME_REPORT_H

#include "base/buf.h"
#include "model/family/blame.h"

/* Appends whole lines. */
void blame_report(struct buf *out, const struct blame *blame);

/* A share in percent: 100.0 only for everything, 0.0 only for nothing. */
void blame_share_text(struct buf *out, uint64_t part, uint64_t whole);

/* What is missing and why, in whole sentences, one per line; nothing if it is complete. */
void blame_gaps_text(struct buf *out, const struct blame *blame);

/* Rows by one criterion alone, added up, most pages first; the caller frees them and each text. */
enum blame_by { BLAME_BY_OBJECT, BLAME_BY_FUNCTION, BLAME_BY_MAPPING, BLAME_BY_PROCESS };

struct blame_row {
	char *text;
	uint64_t pages;
};

struct blame_row *blame_rows(const struct blame *blame, enum blame_by by, size_t *count);
void blame_rows_free(struct blame_row *rows, size_t count);

#endif
