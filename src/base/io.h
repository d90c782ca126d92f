/*
 * Descriptors as our parent left them: missing, non-blocking, full, broken. Errors are errno
 * values.
 */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <stddef.h>

#include "base/buf.h"

/* Before anything is opened: descriptors 0 to 2 are there, so that no file of ours is taken for one
 * of them. What was missing can be neither read nor written. */
void io_claim_standard(void);

/* Writes all of it, and waits where the descriptor would not. -1: not all was written. */
int io_write(int fd, const void *data, size_t length);

/* Lines of a descriptor, read as they come. */
struct io_lines {
	int fd;
	/* read and not yet given; a byte order mark at the very start is none of it */
	struct buf text;
	size_t given; /* bytes of it */
	int begun, ended;
};

/* 1: *line, without its end and terminated, borrowed until the next call, of *length bytes; 0: no
 * more comes; -1. */
int io_line(struct io_lines *lines, char **line, size_t *length);
void io_lines_free(struct io_lines *lines); /* does not close the descriptor */

#define IO_MARK_BYTES 3

/* The text after its byte order mark, if it has one. */
const char *io_text_start(const char *text);

#endif
