/*
 * What pages share: head, themes as style sheets, a row of cells.
 */
#ifndef OUT_PICTURE_HTML_H
#define OUT_PICTURE_HTML_H

#include "out/picture/picture.h"
#include "out/picture/runs.h"

/* The page's start up to </head>: title, metadata, style sheets. dark: for readers who prefer it,
 * or NULL. */
void html_head(struct buf *out, const struct origin *origin, const struct theme *theme,
    const struct theme *dark);

/* One row, each run in a span with its classes, trailing blanks trimmed, then a newline. */
void html_row(struct buf *out, const struct canvas *canvas, int row);

/* The state in words, folded at first, and the command that recreates it. */
void html_words(struct buf *out, const char *text, const char *id); /* id: an attribute, or "" */
/* The page's foot: what made it, after an introduction, which may be NULL. */
void html_origin(struct buf *out, const struct origin *origin, const char *introduction);

#endif
