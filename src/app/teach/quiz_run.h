/*
 * A quiz on a session: it prepares the lab, waits for an answer, lets the kernel act, and judges.
 *
 * quiz_run_go() continues it and never blocks: call it whenever session_busy() is false, until the
 * moment is one at which a person has to act.
 */
#ifndef APP_TEACH_QUIZ_RUN_H
#define APP_TEACH_QUIZ_RUN_H

#include "app/lab/session.h"
#include "model/teach/quiz.h"

enum quiz_moment {
	QUIZ_PREPARING,
	QUIZ_ASKING, /* an answer is awaited: quiz_run_answer() */
	QUIZ_ACTING,
	/* what happened can be shown: quiz_run_next(). question.right is -1 where it counts for
	 * nothing */
	QUIZ_JUDGED,
	QUIZ_FAILED, /* failure says why; nothing more comes */
};

struct quiz_run {
	struct session *session; /* borrowed */
	struct quiz quiz;
	uint64_t seed;
	enum quiz_moment moment;
	struct buf commands;           /* the question's, and those that set the stage */
	size_t done;                   /* bytes of commands that were begun */
	bool acts;                     /* one is under way */
	struct buf setup;              /* every command of this lab up to the question */
	struct buf next_setup;         /* and up to now */
	struct buf reason;             /* what the kernel showed, in sentences */
	int chosen;                    /* -1: skipped */
	const struct snapshot *before; /* held; of the question */
	struct err failure;
};

/* seed 0: one of the clock's */
void quiz_run_init(struct quiz_run *run, struct session *session, uint64_t seed);
void quiz_run_free(struct quiz_run *run);

void quiz_run_go(struct quiz_run *run);
/* These begin what quiz_run_go() carries on. */
void quiz_run_answer(struct quiz_run *run, int choice); /* at QUIZ_ASKING; -1: skipped */
void quiz_run_next(struct quiz_run *run);               /* at QUIZ_JUDGED */

#endif
