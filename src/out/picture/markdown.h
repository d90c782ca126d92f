/*
 * Text from anywhere, escaped for Markdown: it is rendered as it was given.
 */
#ifndef OUT_PICTURE_MARKDOWN_H
#define OUT_PICTURE_MARKDOWN_H

#include "base/buf.h"

void markdown_line(struct buf *out, const char *text);       /* line ends become blanks */
void markdown_paragraphs(struct buf *out, const char *text); /* keeps them; ends with a newline */
void markdown_code(struct buf *out, const char *text);       /* within a line */
void markdown_fenced(struct buf *out, const char *text);     /* a block; ends with a newline */
void markdown_path(struct buf *out, const char *path);       /* the target of a link */

#endif
