#include "config.h"
#include "out/teach/prose_page.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "out/picture/markup.h"

static const char *
prose_tag(char mark)
{
	return mark == LESSON_MARK_CODE ? "code" : mark == LESSON_MARK_EMPHASIS ? "em" : "strong";
}

static void
prose_add_run(struct buf *out, const char *text, size_t length, char mark)
{
	char *run = mem_string_n(text, length);

	if (mark != LESSON_MARK_NONE)
		buf_addf(out, "<%s>", prose_tag(mark));
	markup_text(out, run);
	if (mark != LESSON_MARK_NONE)
		buf_addf(out, "</%s>", prose_tag(mark));
	free(run);
}

/* length bytes of a text that goes on, and of its marks. */
static void
prose_marked_n(struct buf *out, const char *text, size_t length, const char *marks)
{
	for (size_t at = 0, end; at < length; at = end) {
		end = at + 1;
		while (end < length && (!marks || marks[end] == marks[at]))
			end++;
		prose_add_run(out, text + at, end - at, marks ? marks[at] : LESSON_MARK_NONE);
	}
}

void
prose_marked(struct buf *out, const char *text, const char *marks)
{
	prose_marked_n(out, text, strlen(text), marks);
}

static void
prose_add_element(struct buf *out, const char *tag, const struct lesson_block *block)
{
	buf_addf(out, "<%s>", tag);
	prose_marked(out, block->text, block->marks);
	buf_addf(out, "</%s>\n", tag);
}

/* Each cell of a row ends with a tab. */
static void
prose_add_row(struct buf *out, const struct lesson_block *row, const char *tag)
{
	buf_add(out, "<tr>");
	for (const char *at = row->text, *end; (end = strchr(at, '\t')); at = end + 1) {
		buf_addf(out, "<%s>", tag);
		prose_marked_n(
		    out, at, (size_t)(end - at), row->marks ? row->marks + (at - row->text) : NULL);
		buf_addf(out, "</%s>\n", tag);
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
			prose_add_element(out, "li", &part->blocks[i]);
		else
			prose_add_row(out, &part->blocks[i], i == first ? "th" : "td");
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
			prose_add_element(out, block->type == BLOCK_HEADING ? "h2" : "p", block);
		i++;
	}
}
