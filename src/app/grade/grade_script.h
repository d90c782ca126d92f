/*
 * A file that is read for grading, line by line: a check, a student's commands, answers.
 */
#ifndef APP_GRADE_GRADE_SCRIPT_H
#define APP_GRADE_GRADE_SCRIPT_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define GRADE_SCRIPT_MOST ((size_t)1 << 20) /* bytes */

struct grade_script {
	const char *path; /* borrowed */
	char *text;       /* owned; each line ends with NUL once it was given */
	size_t length, at;
	int line;       /* of the one given last, from 1 on */
	bool too_large; /* nothing of it was read */
};

/* -1: not a regular file, or it can't be read. */
int grade_script_open(struct grade_script *script, const char *path, struct err *err);
void grade_script_close(struct grade_script *script);

/* The next line, borrowed; NULL: there are no more. *whole: false if it holds a NUL byte. */
char *grade_script_line(struct grade_script *script, bool *whole);

/* ERR_USAGE with file and line before the text. Returns -1. */
int grade_script_fault(
    const struct grade_script *script, int line, const char *text, struct err *err);

#endif
