/*
 * A lab notebook in Markdown: each entry has a heading, what happened, the picture (PNG, SVG) or a
 * link to it, the screen as text and the command that recreates it. Texts may come from anywhere:
 * none of them can start markup, HTML or a fence of its own.
 */
#ifndef OUT_PICTURE_NOTES_H
#define OUT_PICTURE_NOTES_H

#include "base/buf.h"
#include "base/err.h"
#include "out/picture/picture.h"

struct note {
	const char *heading;
	const char *explanation;  /* paragraphs; NULL or "": none */
	const char *picture;      /* a path relative to the working directory; NULL: none */
	const char *text;         /* lines that are shown unchanged */
	const char *command_line; /* NULL: none */
};

/* Appends the entry to the file in one write; a missing or empty file gets a title first. If it
 * can't be written, nothing of the entry is left. */
int notes_append(const char *path, const struct note *note, struct err *err);

/* The entry alone; the picture's path is written as given. */
void notes_entry(struct buf *out, const struct note *note);

/* A file with this picture as its only entry. */
int picture_md(struct buf *out, const struct picture *picture, struct err *err);

#endif
