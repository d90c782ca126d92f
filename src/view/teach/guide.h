/*
 * The guide leads through the lab: a lesson's text, a question with its answers, a vote, a score.
 *
 * Whoever fills one borrows what it names; guide_copy() makes one that outlives it, for a session
 * to keep. A scene borrows its guide for the call. It is drawn in place of the scene's sentences;
 * if it needs more rows, the panels shrink. Both a lesson (src/app) and a quiz fill it.
 */
#ifndef VIEW_TEACH_GUIDE_H
#define VIEW_TEACH_GUIDE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GUIDE_ANSWERS_MAX 9
#define GUIDE_VOTES 2 /* the first vote, and the one after the discussion */

enum guide_stage {
	GUIDE_TELLS,       /* text to read */
	GUIDE_ASKS,        /* an answer is awaited: a key 1 to 9 */
	GUIDE_POINTS,      /* pages are being marked */
	GUIDE_VOTES_TYPED, /* the counts of a class's vote are being entered */
	GUIDE_SHOWS,       /* the kernel has acted: what was predicted beside what was observed */
};

struct guide_answer {
	const char *text;
	const char *reason; /* NULL: none */
	bool right;         /* looked at only in GUIDE_SHOWS */
	bool chosen;        /* GUIDE_ASKS too, where several may be */
	uint32_t votes[GUIDE_VOTES];
};

struct guide {
	enum guide_stage stage;
	const char *title; /* "cow 3/12" */
	/* prose, or the question (not in GUIDE_SHOWS); lines broken by \n are paragraphs */
	const char *text;
	const char *warning; /* stands before everything else; NULL: none */
	/* GUIDE_TELLS: what happened last was done beside what is said, and is the news */
	bool aside;
	/* GUIDE_TELLS: what happened last was told before: again only where there is room */
	bool heard;
	/* what the keys do at this stage: "Space next ? help", two blanks apart, the first word
	 * is the key */
	const char *keys;
	/* first line shown of a text that is longer than its room; clamped when drawn */
	int top;
	struct guide_answer answers[GUIDE_ANSWERS_MAX];
	size_t answer_count;
	int votes;  /* 0, 1 or 2 votes were taken */
	int voting; /* GUIDE_VOTES_TYPED: the answer whose count is typed */
	/* pages that were pointed at, and (GUIDE_SHOWS) those that changed: one byte a page,
	 * process by process in the order of the snapshot's processes, page_count each; NULL: none
	 */
	const bool *pointed, *changed;
	bool nothing; /* pointing: that no page changes was predicted */
	size_t flags; /* bytes of each; a page beyond them is neither */
	/* GUIDE_SHOWS: what was seen; NULL: the scene's own sentences say it */
	const char *observed;
	int score, asked; /* a quiz; asked 0: no score */
};

/* A guide whose texts and flags are its own. */
struct guide_copy {
	struct guide guide;
	char *texts;
	bool *pointed, *changed;
};

struct snapshot;
struct pen;

/* Draws the mark of one page in a cell of the panels: what was pointed at, and whether it changed.
 * guide may be NULL. */
void guide_mark(const struct guide *guide, const struct snapshot *now, struct pen *pen,
    size_t process, uint32_t page);

struct guide_copy *guide_copy(const struct guide *guide);
void guide_copy_free(struct guide_copy *copy); /* NULL too */

#endif
