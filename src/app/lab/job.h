/*
 * An acting command under way.
 *
 * A job is an acting command split into requests to workers. Each request is sent when the previous
 * one is answered, so that acts are in the order in which they happened.
 */
#ifndef APP_LAB_JOB_H
#define APP_LAB_JOB_H

#include "app/lab/session.h"
#include "lab/weigh.h"

#define AWAIT_MS 10000

struct job {
	enum verb verb;
	struct lab_request *requests;
	size_t count, next;
	char *text;   /* of the requests */
	bool asked;   /* the request before next is under way */
	char awaited; /* a worker whose birth, death, stop or continuation ends the job */
	enum job_end {
		END_ANSWERS,
		END_BIRTH,
		END_DEATH,
		END_STOP,
		END_CONTINUE,
		END_FACTS,
		END_WEIGHT
	} end;
	bool ended;
	int64_t deadline_ms;
	struct act *acts;
	size_t act_count;
	struct err failure; /* of a worker that didn't answer, or a call that failed as a whole */
	size_t answered;
	char died;            /* the worker that died instead of answering */
	struct buf text_out;  /* the result of file read */
	struct command facts; /* END_FACTS: of await; only its target and facts */
	enum tri holds;
	struct weigh *weigh; /* END_WEIGHT */
	uint64_t size;       /* that it weighs */
	enum kind kind;
	struct memory before; /* the system's, without it */
};

/* Splits the command into requests, or carries it out at once. -1: impossible. */
int job_begin(
    struct session *session, struct job *job, const struct command *command, struct err *err);

/* src/app/lab/scales.c: weigh */
int scales_start(
    struct session *session, struct job *job, const struct command *command, struct err *err);
void scales_go(struct session *session, struct job *job); /* whenever an answer may have come */
void scales_answer(struct session *session, const struct job *job);

#endif
