/*
 * Messages to a person, who may sit at a terminal: control sequences are removed.
 */
#ifndef APP_BATCH_COMPLAIN_H
#define APP_BATCH_COMPLAIN_H

#include "base/buf.h"
#include "base/err.h"

/* On standard error, unchanged. */
void say_aside(const struct buf *text);

/* One line on standard error; returns the exit status. */
int complain(const struct err *err);

/* Sanitises each line; line ends stay. */
void clean_lines(struct buf *text);

#endif
