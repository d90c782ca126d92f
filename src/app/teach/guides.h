/*
 * What leads through the lab on the screen: a lesson or the quiz, one at a time.
 */
#ifndef APP_TEACH_GUIDES_H
#define APP_TEACH_GUIDES_H

#include "app/teach/lead.h"
#include "app/teach/quizmaster.h"

struct guides {
	struct session *session; /* borrowed */
	struct lead lead;
	struct quizmaster quizmaster;
	char *rest; /* of a line of the lesson, after the command under way; NULL: nothing */
};

void guides_init(struct guides *guides, struct session *session);
void guides_free(struct guides *guides);

/* What the options ask for. -1: the lesson cannot be opened. */
int guides_begin(struct guides *guides, const struct options *options, struct err *err);

void guides_refresh(struct guides *guides); /* before each drawing, key and command */

/* Does a lesson or the quiz act, so that others wait? */
bool guides_act(const struct guides *guides);

/* The line that the lesson wants run now, to be freed; NULL: none. Only while nothing is under way.
 */
char *guides_line(struct guides *guides);
void guides_keep_rest(struct guides *guides, const char *rest);

/* The quiz runs its own commands: carries it on. -1: the lab failed, the quiz is over. */
int guides_go(struct guides *guides, struct err *err);

/* May this command be, beside what leads? -1: not now, and why. */
int guides_allow(const struct guides *guides, const struct command *command, struct err *err);

/* A command of GROUP_LESSON, of session->answer: *says is what it is answered with. -1: it cannot
 * be now, and why. */
int guides_take(struct guides *guides, const char **says, struct err *err);

/* as lead_saw(), of session->answer */
bool guides_saw(struct guides *guides);
const char *guides_key(struct guides *guides, const char *key); /* as lead_key() */

#endif
