/*
 * What every page of the course has around its contents: head, policy, style, footer.
 *
 * A page is one file that asks nobody for anything. Its Content-Security-Policy names its style and
 * its script by their hashes: whatever else is in it does not run.
 */
#ifndef OUT_TEACH_PAGE_FRAME_H
#define OUT_TEACH_PAGE_FRAME_H

#include "base/buf.h"
#include "out/picture/picture.h"

/* As src/out/teach/embed.sh makes it of a file. */
struct page_script {
	const char *text, *hash;
};

struct page_frame {
	const struct origin *origin; /* its title is the page's */
	struct page_script script;   /* runs in the head, before there is a body */
};

/* Up to <body>; then the contents; then the footer, and the end. */
void page_frame_begin(struct buf *out, const struct page_frame *frame);
void page_frame_end(struct buf *out, const struct page_frame *frame);

/* <TAG ATTRIBUTES>TEXT</TAG>, a line; attributes "" or " class=x", ours. */
void page_element(struct buf *out, const char *tag, const char *attributes, const char *text);

/* " NAME=\"VALUE\"" */
void page_attribute(struct buf *out, const char *name, const char *value);

#endif
