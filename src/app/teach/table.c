#include "config.h"
#include "app/teach/table.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/utf8.h"

#define GAP 2
#define COLUMN_MOST 60 /* cells; what is wider moves the rest of its row */

static size_t
cell_width(const char *cell, size_t length)
{
	char *text = mem_string_n(cell, length);
	size_t width = utf8_width(text);

	free(text);
	return width;
}

static void
widen_column(struct table *table, size_t column, size_t width)
{
	if (column == table->count) {
		table->widths = mem_resize(table->widths, column + 1, sizeof(*table->widths));
		table->widths[table->count++] = 0;
	}
	width = width < COLUMN_MOST ? width : COLUMN_MOST;
	if (width > table->widths[column])
		table->widths[column] = width;
}

void
table_measure(struct table *table, const struct lesson_part *part)
{
	*table = (struct table){NULL, 0};
	for (size_t i = 0; i < part->block_count; i++) {
		const char *at = part->blocks[i].text;

		if (part->blocks[i].type != BLOCK_ROW)
			continue;
		for (size_t column = 0; *at; column++) {
			size_t length = strcspn(at, "\t");

			widen_column(table, column, cell_width(at, length));
			at += length + (at[length] == '\t');
		}
	}
}

void
table_free(struct table *table)
{
	free(table->widths);
	*table = (struct table){NULL, 0};
}

void
table_add_row(struct buf *out, const struct table *table, const char *row)
{
	for (size_t column = 0; *row && column < table->count; column++) {
		size_t length = strcspn(row, "\t"), width = cell_width(row, length),
		       wanted = table->widths[column];

		buf_add_n(out, row, length);
		row += length + (row[length] == '\t');
		if (*row)
			buf_addf(
			    out, "%*s", (int)((width < wanted ? wanted - width : 0) + GAP), "");
	}
}
