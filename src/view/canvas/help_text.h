/*
 * The text of `help`: keys and commands, of the lab and of running processes, or one command.
 */
#ifndef VIEW_CANVAS_HELP_TEXT_H
#define VIEW_CANVAS_HELP_TEXT_H

#include <stddef.h>

#include "base/buf.h"
#include "lang/command.h"

void help_lab(struct buf *out);
void help_family(struct buf *out);
void help_command(struct buf *out, const char *command);
void help_family_command(struct buf *out, enum verb verb); /* one that isn't for the lab alone */

/* "  first   second": the second in its column, or on a line of its own if the first is long. */
void help_row(struct buf *out, const char *first, const char *second, size_t column);

#endif
