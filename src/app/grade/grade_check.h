/*
 * A check: commands of the lab, each with its line. Those before the first expect or await make
 * the lab that the student gets; the others come after the student.
 */
#ifndef APP_GRADE_GRADE_CHECK_H
#define APP_GRADE_GRADE_CHECK_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "lang/command.h"

struct grade_command {
	int line;
	struct command command;
};

struct grade_check {
	const char *path; /* borrowed */
	struct grade_command *commands;
	size_t count;
	size_t setup; /* how many come before the student */
};

/* -1: it can't be read, or something is wrong in it: file, line and reason. */
int grade_check_open(struct grade_check *check, const char *path, struct err *err);
void grade_check_close(struct grade_check *check);

bool grade_check_expects(const struct grade_command *command);

#endif
