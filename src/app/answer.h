/*
 * What a command came to, in the lab and where processes are watched.
 */
#ifndef APP_ANSWER_H
#define APP_ANSWER_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "lang/command.h"
#include "model/words.h"

enum answer_type {
	ANSWER_NONE,
	ANSWER_STEP,   /* a step to be told: session_seen(), session.events */
	ANSWER_STATE,  /* asked to see the snapshot; text says it in words */
	ANSWER_TEXT,   /* text only */
	ANSWER_EXPECT, /* holds, and a text when it does not */
	ANSWER_ERROR,  /* error */
	ANSWER_SCREEN, /* for whoever owns the screen: verb and choice */
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
	struct buf text;
	struct err error;
	char *command; /* as it was understood: @ replaced by where the cursor was; its own */
};

/* To a command that begins: nothing yet. It takes understood, which was allocated. */
void answer_begin(struct answer *answer, const struct command *command, char *understood);
void answer_fail(struct answer *answer, const struct err *err);
void answer_free(struct answer *answer);

#endif
