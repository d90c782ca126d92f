/*
 * Why pages were copied, in words and columns: a sentence first, then the numbers.
 */
#ifndef VIEW_FAMILY_BLAME_REPORT_H
#define VIEW_FAMILY_BLAME_REPORT_H

#include "base/buf.h"
#include "model/family/blame.h"

/* Appends whole lines. */
void blame_report(struct buf *out, const struct blame *blame);

/* A share in percent: 100.0 only of all, 0.0 only of nothing. */
void blame_share_text(struct buf *out, uint64_t part, uint64_t whole);

/* What is missing in it and why, in whole sentences, one a line; nothing where nothing is. */
void blame_gaps_text(struct buf *out, const struct blame *blame);

/* Rows by one thing alone, added up, most pages first: to be freed, each text with them. */
enum blame_by { BLAME_BY_OBJECT, BLAME_BY_FUNCTION, BLAME_BY_MAPPING, BLAME_BY_PROCESS };

struct blame_row {
	char *text;
	uint64_t pages;
};

struct blame_row *blame_rows(const struct blame *blame, enum blame_by by, size_t *count);
void blame_rows_free(struct blame_row *rows, size_t count);

#endif
