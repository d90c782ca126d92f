/*
 * A grade: what was checked, and what was found. As text, JSON, TAP and JUnit.
 *
 * A row is a check, or a question of a lesson or the quiz. Pure; grade_free() frees the rows.
 */
#ifndef OUT_TEACH_GRADE_REPORT_H
#define OUT_TEACH_GRADE_REPORT_H

#include <stddef.h>

#include "base/buf.h"
#include "model/words.h"

struct grade_row {
	const char *file; /* that it stands in */
	int line;         /* from 1 on; 0: it is about all of the file */
	const char *what;
	enum tri holds;    /* TRI_UNKNOWN: this machine doesn't tell */
	const char *found; /* "": there is nothing to say */
};

struct grade {
	const char *name;    /* of the check, lesson or quiz; borrowed */
	const char *student; /* whose work it is: a file or a program; borrowed */
	struct grade_row *rows;
	size_t count, room;
	char **texts; /* that the rows borrow, three each */
};

/* Adds a row; its texts are copied, NULL is "". */
void grade_add(struct grade *grade, const struct grade_row *row);
void grade_free(struct grade *grade);

size_t grade_passed(const struct grade *grade);

/* The exit status: 0 all hold; 1 some don't; 3 none is false, but some are unknown. */
int grade_status(const struct grade *grade);

/* Each appends the whole report. */
void grade_text(struct buf *out, const struct grade *grade);
void grade_json(struct buf *out, const struct grade *grade);
void grade_tap(struct buf *out, const struct grade *grade);
void grade_junit(struct buf *out, const struct grade *grade);

#endif
