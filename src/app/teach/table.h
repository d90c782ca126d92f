/*
 * The tables of a lesson's part as text: every column as wide as its widest cell, two blanks apart.
 */
#ifndef APP_TEACH_TABLE_H
#define APP_TEACH_TABLE_H

#include <stddef.h>

#include "base/buf.h"
#include "lang/teach/lesson.h"

struct table {
	size_t *widths; /* cells of each column */
	size_t count;
};

void table_measure(struct table *table, const struct lesson_part *part);
void table_free(struct table *table);

/* One line without its end; row: the text of a BLOCK_ROW of that part. */
void table_add_row(struct buf *out, const struct table *table, const char *row);

#endif
