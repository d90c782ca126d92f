/*
 * Descriptors as our parent left them: missing, non-blocking, full, broken. Errors are errno
 * values.
 */
#ifndef BASE_IO_H
#define BASE_IO_H

#include <stddef.h>

#include "base/buf.h"

/* Call before anything is opened: makes sure that descriptors 0 to 2 exist, so that no file of ours
 * takes their place. Missing ones can be neither read nor written. */
void io_claim_standard(void);

/* Writes all of it, waiting where the descriptor would not. -1: not all was written. */
int io_write(int fd, const void *data, size_t length);

/* Lines read from a descriptor as they come. */
struct io_lines {
	int fd;
	/* read and not yet returned, without a leading byte order mark */
	struct buf text;
	size_t given; /* bytes of it */
	int begun, ended;
};

/* 1: *line of *length bytes, without its newline, terminated, borrowed until the next call; 0: the
 * end; -1: an error. */
int io_line(struct io_lines *lines, char **line, size_t *length);
void io_lines_free(struct io_lines *lines); /* does not close the descriptor */

#define IO_MARK_BYTES 3

/* The text after its byte order mark, if any. */
const char *io_text_start(const char *text);

#endif
