/*
 * Where answers go: standard output, or the file of -o. A write error is reported once, in one
 * line, and leaves no partial file. When the reader has gone, the program ends as by SIGPIPE.
 */
#ifndef APP_BATCH_OUTPUT_H
#define APP_BATCH_OUTPUT_H

#include <signal.h>
#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"

/* The exit status of a program whose reader left, as a shell sees it. output_end() turns it into
 * the signal. */
#define STATUS_PIPE (128 + SIGPIPE)

struct output {
	const char *path; /* borrowed; NULL: standard output */
	int fd;
	/* each write is complete in itself, and stays if a later one fails */
	bool in_wholes;
	size_t written; /* bytes */
	int status;     /* 0, or why nothing more is written */
};

/* -1: the file can't be written to. */
int output_open(struct output *output, const char *path, struct err *err);

/* Writes all of text at once. Returns output->status; once that is not 0, nothing more is
 * written. */
int output_write(struct output *output, const struct buf *text);

int output_close(struct output *output); /* returns output->status */

/* The reader of standard output has left. Returns output->status. */
int output_left(struct output *output);

/* Both in one, to standard output; returns the exit status. */
int output_print(const struct buf *text);

/* The end of the program: returns its exit status, unless that is STATUS_PIPE. */
int output_end(int status);

#endif
