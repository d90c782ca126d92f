/* Commands of a table of tests. */
#ifndef TESTS_COMMAND_LIST_H
#define TESTS_COMMAND_LIST_H

#include <stdbool.h>

#include "base/err.h"
#include "lang/command.h"

/* Is the line a command of this verb? */
static inline bool
line_has_verb(const char *line, enum verb verb)
{
	struct command command;
	struct err err;
	bool same;

	if (command_parse(&command, &line, &err) != 1)
		return false;
	same = command.def->verb == verb;
	command_free(&command);
	return same;
}

#endif
