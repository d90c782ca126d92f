/*
 * The answer to a command, in the lab and where running processes are watched.
 */
#ifndef LANG_ANSWER_H
#define LANG_ANSWER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "lang/command.h"
#include "model/words.h"

enum answer_type {
	ANSWER_NONE,
	ANSWER_STEP,   /* a step to report: session_seen(), session.events */
	ANSWER_STATE,  /* a snapshot to show; text says it in words */
	ANSWER_TEXT,   /* text only */
	ANSWER_SAVE,   /* capture, record: the shell saves; choice, path, pace_ms */
	ANSWER_EXPECT, /* true, or a text if false */
	ANSWER_ERROR,  /* error */
	ANSWER_SCREEN, /* for the screen: verb and choice */
	ANSWER_QUIT,
};

struct answer {
	enum answer_type type;
	enum verb verb;
	int choice;
	enum tri holds;
	uint32_t numbers[NUMBERS_MAX]; /* answer, vote */
	size_t number_count;
	uint16_t processes; /* point: bit 0 is a */
	struct page_range ranges[RANGES_MAX];
	size_t range_count;
	char *path;       /* ANSWER_SAVE; owned; NULL: the usual name */
	uint32_t pace_ms; /* ANSWER_SAVE, of a cast; 0: not set */
	struct buf text;
	struct err error;
	char *command; /* as it was understood: @ replaced by where the cursor was; owned */
};

/* To a command that begins: empty. Takes over understood, which was allocated. */
void answer_begin(struct answer *answer, const struct command *command, char *understood);
void answer_fail(struct answer *answer, const struct err *err);

/* Something is to be saved, as the command says. */
void answer_save(struct answer *answer, const struct command *command);

/* It was saved under this name, which becomes the text and is freed. */
void answer_saved(struct answer *answer, char *written);
void answer_free(struct answer *answer);

#endif
