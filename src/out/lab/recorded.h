/*
 * A session as a lesson (lang/teach/lesson.h): the lab, then the commands of each step with what
 * they changed, as expectations and in sentences. It can be played, and fails if the kernel shows
 * something else.
 */
#ifndef OUT_LAB_RECORDED_H
#define OUT_LAB_RECORDED_H

#include "base/buf.h"
#include "model/lab/snapshot.h"

struct recorded_step {
	const char *command;
	/* NULL: not kept, so nothing is expected; before also: of another lab */
	const struct snapshot *before, *now;
};

struct recorded {
	enum kind kind; /* of the lab at first */
	uint32_t pages;
	unsigned processes;
	const char *software, *kernel;
	const struct recorded_step *steps;
	size_t count;
};

void recorded_lesson(struct buf *out, const struct recorded *recorded);

#endif
