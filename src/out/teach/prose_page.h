/*
 * A lesson's text as HTML: paragraphs, headings, lists, code, tables.
 */
#ifndef OUT_TEACH_PROSE_PAGE_H
#define OUT_TEACH_PROSE_PAGE_H

#include "base/buf.h"
#include "lang/teach/lesson.h"

/* A text with what is marked in it; marks NULL: nothing is. */
void prose_marked(struct buf *out, const char *text, const char *marks);

/* The blocks of a part. */
void prose_page(struct buf *out, const struct lesson_part *part);

#endif
