/*
 * The text of `help`: keys and commands, of the lab and of running processes, or one command.
 */
#ifndef VIEW_CANVAS_HELP_TEXT_H
#define VIEW_CANVAS_HELP_TEXT_H

#include <stddef.h>

#include "base/buf.h"

void help_lab(struct buf *out);
void help_family(struct buf *out);
void help_command(struct buf *out, const char *command);

/* "  first   second": the second in its column, on a line of its own where the first is long. */
void help_row(struct buf *out, const char *first, const char *second, size_t column);

#endif
