/*
 * The votes of a class on one question: how many chose each answer, before and after the
 * discussion.
 *
 * Pure. Counts are typed answer by answer; what was typed becomes the command `vote`, which
 * ballot_take() counts.
 */
#ifndef APP_TEACH_BALLOT_H
#define APP_TEACH_BALLOT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "view/teach/guide.h"

#define BALLOT_MOST 99999

struct ballot {
	size_t answers;
	int taken; /* votes, up to GUIDE_VOTES; one more replaces the last */
	uint32_t counts[GUIDE_VOTES][GUIDE_ANSWERS_MAX];
	bool typing;
	size_t at; /* typing: the answer whose count is typed */
	uint32_t typed[GUIDE_ANSWERS_MAX];
};

enum ballot_result { BALLOT_GOES_ON, BALLOT_DONE, BALLOT_GIVEN_UP, BALLOT_IGNORES };

void ballot_begin(struct ballot *ballot, size_t answers); /* of another question: no votes */
void ballot_type(struct ballot *ballot);                  /* typing begins */

/* A key while counts are typed. BALLOT_DONE: the command that takes the vote is added to line. */
enum ballot_result ballot_key(struct ballot *ballot, const char *key, struct buf *line);

/* The command `vote`: takes the counts, missing ones are 0, or begins typing if there are none. -1:
 * more counts than answers. */
int ballot_vote(struct ballot *ballot, const uint32_t *counts, size_t count, struct err *err);

/* false: more counts than answers, nothing was taken. */
bool ballot_take(struct ballot *ballot, const uint32_t *counts, size_t count);

/* Votes, and what is typed, into the guide. */
void ballot_show(const struct ballot *ballot, struct guide *guide);

#endif
