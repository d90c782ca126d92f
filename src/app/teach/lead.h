/*
 * Leading through a lesson on the screen: what the guide shows, what keys and commands mean, which
 * line runs next.
 *
 * The lead runs nothing itself: the screen runs the lines of lead_line() one at a time when idle,
 * tells lead_saw() the answer of each command, and passes commands of GROUP_LESSON to lead_take().
 */
#ifndef APP_TEACH_LEAD_H
#define APP_TEACH_LEAD_H

#include <stdbool.h>

#include "app/lab/session.h"
#include "app/teach/ballot.h"
#include "app/teach/player.h"
#include "base/buf.h"
#include "base/err.h"
#include "lang/teach/lesson.h"
#include "view/teach/guide.h"

#define STEP_LIVE UINT32_MAX

/* The lab of the first block is there before the first text. */
enum lead_preparing {
	LEAD_PREPARED,  /* or there is none to be had */
	LEAD_PREPARES,  /* it is still to be begun */
	LEAD_PREPARING, /* it was, and no answer came yet */
};

/* What was said, and at which steps. */
struct lead_page {
	uint32_t from, to;
	struct guide_copy *said;
	struct page_set *pointed; /* NULL: nothing was pointed at */
};

struct lead {
	struct session *session; /* borrowed; it is told the guide while a lesson runs */
	bool on;
	char *name;
	struct lesson lesson;
	struct player player;
	struct ballot ballot;
	bool skipping; /* next was said once at a question without an answer */
	bool explored; /* an act beside the lesson since its lab began */
	bool aside;    /* the last act was beside it, since what is said now was begun */
	enum lead_preparing preparing;
	char *lab;           /* the command that begins that lab; NULL: none */
	uint32_t lab_number; /* the session's, of the lab that it began */
	/* the line that is that command alone; NULL: none, or it was come to */
	const struct lesson_line *first;
	int top;                /* first line shown of the guide's text */
	uint32_t top_of;        /* the recorded step whose text it is; STEP_LIVE: none */
	uint32_t began;         /* the step that the lesson begins at */
	struct lead_page *past; /* of this lesson, in order */
	size_t past_count;
	uint32_t since; /* the step at which what is said now was begun */
	struct buf title, text, keys, notes, observed;
	struct buf line; /* of lead_key() */
	/* what the last command of the lesson is answered with; "": nothing */
	struct buf says;
};

void lead_init(struct lead *lead, struct session *session);
void lead_free(struct lead *lead);

/* Begins with the lesson, which is the lead's from now on. able: as player_begin() has it. */
void lead_begin(struct lead *lead, const char *name, struct lesson *lesson, able_fn *able);
void lead_end(struct lead *lead);

/* next, answer, point, vote, anyway: of session->answer. -1: it cannot be now, and why. */
int lead_take(struct lead *lead, struct err *err);

/* Is a block of the lesson being run? Keys wait until it is done. */
bool lead_acts(const struct lead *lead);

/* The next line to run; NULL: none. Only while nothing else is under way. */
const char *lead_line(struct lead *lead);

/* What a command came to. true: it was the lesson's own, and nobody else need speak of it. */
bool lead_saw(struct lead *lead, const struct answer *answer);
/* a line of the lesson that does not parse */
void lead_failed(struct lead *lead, const char *command, const char *why);

/* What a key means here: a line to run, "" where the lead has done with it, NULL: as without a
 * lesson. */
const char *lead_key(struct lead *lead, const char *key);

/* Does the key scroll in the session's guide, whose first line shown is *top? */
bool guide_scroll(int *top, const struct session *session, const char *key);

/* Another step's text is read from its top: *of is the recorded step that *top was of. */
void guide_turn(int *top, uint32_t *of, const struct session *session);

/* Tells the session the guide for what is seen now; before each drawing, key and command. While a
 * block is run it stays as it was. */
void lead_refresh(struct lead *lead);

/* src/app/teach/lead_past.c */
void lead_remember(struct lead *lead);
void lead_forget(struct lead *lead);
bool lead_heard(const struct lead *lead); /* was the newest step told of already? */
/* true: the guide has what was said at the step that is looked at, and *pointed is to be freed when
 * it was told. */
bool lead_looks_back(struct lead *lead, struct guide *guide, bool **pointed);

/* src/app/teach/lead_place.c */
void lead_prepare(struct lead *lead); /* says which lab is to be begun before the first text */
/* Is it the line of that lab, in which nothing was done since? */
bool lead_is_done(struct lead *lead, const struct lesson_line *line);
void lead_look_ahead(struct lead *lead); /* the cursor goes to what an open question is about */

#endif
