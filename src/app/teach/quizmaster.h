/*
 * A quiz on the screen: what the guide shows, what keys and commands mean.
 *
 * It runs its own commands: the screen calls quizmaster_go() when idle, and lets nothing else act
 * on the lab meanwhile.
 */
#ifndef APP_TEACH_QUIZMASTER_H
#define APP_TEACH_QUIZMASTER_H

#include "app/teach/ballot.h"
#include "app/teach/quiz_run.h"
#include "view/teach/guide.h"

struct quizmaster {
	struct quiz_run run;
	struct ballot ballot;
	bool on, skipping; /* skipping: next was said once at a question */
	int top;           /* first line shown of the guide's text */
	uint32_t top_of;   /* the recorded step whose text it is; STEP_LIVE: none */
	struct buf title, text, keys, observed, line; /* line: of quizmaster_key() */
	struct buf says; /* what the last command is answered with; "": nothing */
};

void quizmaster_begin(struct quizmaster *master, struct session *session, uint64_t seed);
void quizmaster_end(struct quizmaster *master); /* the lab stays as it is */
void quizmaster_free(struct quizmaster *master);

/* Is it at work, so that keys wait? */
bool quizmaster_acts(const struct quizmaster *master);
/* -1: the lab failed, the quiz is over */
int quizmaster_go(struct quizmaster *master, struct err *err);

/* Acts of others would make what was asked untrue. -1: not now, and why. */
int quizmaster_allows(
    const struct quizmaster *master, const struct command *command, struct err *err);

/* next, answer, vote: of session->answer */
int quizmaster_take(struct quizmaster *master, struct err *err);
const char *quizmaster_key(struct quizmaster *master, const char *key); /* as lead_key() */
void quizmaster_refresh(struct quizmaster *master);                     /* before each drawing */

#endif
