/*
 * A quiz in JSON, one value per line: "question" when it is asked, "judged" when the kernel has
 * acted.
 */
#ifndef OUT_TEACH_JSON_QUIZ_H
#define OUT_TEACH_JSON_QUIZ_H

#include <stdint.h>

#include "base/buf.h"
#include "model/teach/quiz.h"

/* All borrowed. */
struct quiz_line {
	const struct quiz *quiz;
	uint64_t seed;
	const struct snapshot *before, *now;
	int chosen; /* -1: skipped */
	const char *setup, *command, *reason;
};

/* Forward it holds what is there before the act, backward what is there before and after; never the
 * command or the right answer. */
void json_question(struct buf *out, const struct quiz_line *line);
void json_judged(struct buf *out, const struct quiz_line *line);

#endif
