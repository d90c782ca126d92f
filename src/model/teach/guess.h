/*
 * What may come of an act: the guesses that a quiz offers.
 *
 * A guess turns the outlook on a page before an act into one after it. The first guess of an act is
 * what to expect; the others are mistakes that people make. No guess is taken for what happened:
 * that is read from the kernel.
 */
#ifndef MODEL_TEACH_GUESS_H
#define MODEL_TEACH_GUESS_H

#include "base/buf.h"
#include "model/teach/outlook.h"

enum deed_type {
	DEED_READ,
	DEED_WRITE,
	DEED_FORK,
	DEED_KILL,
	DEED_DROP,
	DEED_SYNC,
	DEED_FILE_WRITE,
	DEED_TYPE_COUNT
};

/* One act of the lab. */
struct deed {
	enum deed_type type;
	char process;  /* who; 0 for DEED_FILE_WRITE */
	char child;    /* DEED_FORK */
	uint32_t page; /* not for DEED_FORK and DEED_KILL, which concern all pages */
	char text[3];  /* DEED_WRITE, DEED_FILE_WRITE */
};

void deed_command(struct buf *out, const struct deed *deed); /* "write a:2 \"K7\"" */

/* "a writes page 2": what precedes "." or ", then ...". with_text: also which bytes. */
void deed_words(struct buf *out, const struct deed *deed, bool with_text);

bool deed_is_of_page(const struct deed *deed); /* does it concern one page only? */

/* Does it concern that page? */
bool deed_touches(const struct deed *deed, uint32_t page);

#define GUESS_EXPECTED 0
size_t guess_count(enum deed_type type);

/* Turns the outlook on that page from before the deed into one after it. */
void guess(struct outlook *outlook, const struct deed *deed, uint32_t page, size_t which);

/* Why this guess is wrong, in one sentence; nothing for GUESS_EXPECTED. */
void guess_why_not(
    struct buf *out, const struct outlook *before, const struct deed *deed, size_t which);

#endif
