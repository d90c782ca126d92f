#include "config.h"
#include "out/teach/prose_page.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "out/picture/markup.h"
#include "out/teach/page_frame.h"

/* Each cell of a row ends with a tab. */
static void
prose_add_row(struct buf *out, const char *cells, const char *tag)
{
	buf_add(out, "<tr>");
	for (const char *at = cells, *end; (end = strchr(at, '\t')); at = end + 1) {
		char *cell = mem_string_n(at, (size_t)(end - at));

		page_element(out, tag, "", cell);
		free(cell);
	}
}

/* Items and rows that stand together; the first row is the head. Returns the block after them. */
static size_t
prose_add_group(struct buf *out, const struct lesson_part *part, size_t first)
{
	enum lesson_block_type type = part->blocks[first].type;
	const char *tag = type == BLOCK_ITEM ? "ul" : "table";
	size_t i = first;

	buf_addf(out, "<%s>\n", tag);
	for (; i < part->block_count && part->blocks[i].type == type; i++)
		if (type == BLOCK_ITEM)
			page_element(out, "li", "", part->blocks[i].text);
		else
			prose_add_row(out, part->blocks[i].text, i == first ? "th" : "td");
	buf_addf(out, "</%s>\n", tag);
	return i;
}

static void
prose_add_code(struct buf *out, const char *text)
{
	buf_add(out, "<pre>");
	markup_lines(out, text);
	buf_add(out, "</pre>\n");
}

void
prose_page(struct buf *out, const struct lesson_part *part)
{
	for (size_t i = 0; i < part->block_count;) {
		const struct lesson_block *block = &part->blocks[i];

		if (block->type == BLOCK_ITEM || block->type == BLOCK_ROW) {
			i = prose_add_group(out, part, i);
			continue;
		}
		if (block->type == BLOCK_CODE)
			prose_add_code(out, block->text);
		else
			page_element(
			    out, block->type == BLOCK_HEADING ? "h2" : "p", "", block->text);
		i++;
	}
}
