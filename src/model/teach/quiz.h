/*
 * A quiz: questions without end from random acts on the lab.
 *
 * Pure. The same seed gives the same questions with the same choices in the same order, as long as
 * the kernel does the same. Whoever runs it asks quiz_stage() what to run until nothing is left,
 * then quiz_ask(). Forward, the choices are there before the act: show them, run the commands,
 * quiz_judge(). Backward, run the commands first, quiz_judge(), then show what is asked. A choice
 * is right because the snapshot after the act says the same; no choice is known to be right before.
 * If the snapshot shows something unexpected, something else interfered, such as sync(2), which
 * cleans a page that was just written: the reasons of wrong choices would be false, and the
 * question does not count.
 */
#ifndef MODEL_TEACH_QUIZ_H
#define MODEL_TEACH_QUIZ_H

#include "base/buf.h"
#include "base/dice.h"
#include "model/teach/guess.h"
#include "model/teach/outlook.h"
#include "model/teach/scape.h"

#define CHOICES_MAX 4
#define FIRST_KINDS 5
#define DEEDS_MAX 2 /* in one question */

enum way {
	WAY_FORWARD,  /* this will be done: what will the pages look like? */
	WAY_BACKWARD, /* this is how they were, and are: what was done? */
};

struct question {
	unsigned number; /* from 1 */
	enum way way;
	enum asks asks;
	uint32_t page; /* forward: asked for; backward: the first that changed */
	struct deed deeds[DEEDS_MAX];
	size_t deed_count;
	char *situation; /* how it is before, backward: what stayed; NULL until it may be told */
	char *text;      /* the question; NULL as situation */
	char *choices[CHOICES_MAX];
	/* why it is wrong, where it is, in one sentence; NULL: not known, or right */
	char *mistakes[CHOICES_MAX];
	size_t choice_count;
	int expected; /* forward: index, beforehand */
	/* index, once judged; -1: not judged, or the kernel shows something else than what is
	 * expected */
	int right;
	bool untold; /* judged, and the kernel does not show it */
};

struct quiz {
	struct dice dice;
	unsigned asked; /* questions */
	unsigned answered, score;
	unsigned left; /* questions in this lab */
	unsigned warm; /* acts that nobody is asked for */
	struct scape scape;
	struct question question;
	uint8_t kinds[FIRST_KINDS]; /* of the first questions: no two of these are alike */
	size_t kind_count;
};

/* turns_clean: a page of the lab's file is dirty from a write on until it is synced, and no other
 * one is clean then. Where not, nobody is asked whether they are dirty. */
void quiz_init(struct quiz *quiz, uint64_t seed, bool turns_clean);
void quiz_free(struct quiz *quiz);

/* true: commands (one line) are to be run, then ask again; false: the stage is set. */
bool quiz_stage(struct quiz *quiz, const struct snapshot *now, struct buf *commands);

/* Fills quiz->question. false: nothing can be asked here; go on with quiz_stage(). */
bool quiz_ask(struct quiz *quiz, const struct snapshot *now);

/* After the question's commands. false: the kernel did something else than what is expected, or
 * what cannot be told apart (backward): the question does not count. */
bool quiz_judge(struct quiz *quiz, const struct snapshot *now);

/* Why the question, which was judged and has no right choice, does not count: one sentence. */
const char *question_uncounted(const struct question *question);

/* choice: index, or -1: skipped. Whether it was right goes into the score. */
void quiz_answer(struct quiz *quiz, int choice);

#endif
