/*
 * A lesson as it was played: what each of its commands came to.
 *
 * Everything in it was recorded while the lesson ran on the kernel. Words leave out what is another
 * at each run: addresses that the kernel chose, the name of the lab's file. It borrows the lesson
 * and holds the snapshots; played_free().
 */
#ifndef OUT_TEACH_PLAYED_H
#define OUT_TEACH_PLAYED_H

#include <stddef.h>

#include "base/buf.h"
#include "lang/teach/lesson.h"
#include "model/lab/snapshot.h"
#include "model/teach/page_set.h"

enum played_type {
	PLAYED_STEP,      /* the lab changed, or could have */
	PLAYED_TRUE,      /* an expect that held */
	PLAYED_UNCHECKED, /* an expect that can't be told on this machine; text: why */
	PLAYED_SAID,      /* an answer in words, without a step */
};

struct played_command {
	enum played_type type;
	char *command;                 /* owned */
	char *text;                    /* in words; "": nothing; owned */
	const struct snapshot *before; /* PLAYED_STEP; NULL: its lab began here; held */
	const struct snapshot *now;    /* PLAYED_STEP; held */
};

/* What became of lesson->parts[i]; only a block of commands has commands. */
struct played_part {
	struct played_command *commands;
	size_t count;
	char *needs,
	    *lacks; /* it was left out: what the machine lacks, and why; NULL: it was not */
};

struct played {
	const struct lesson *lesson;
	struct played_part *parts; /* lesson->part_count */
};

void played_begin(struct played *played, const struct lesson *lesson);
void played_free(struct played *played);

/* Adds one command to the part: its type, what was typed, the snapshots, which it holds too; and
 * what was said. */
void played_add(
    struct played *played, size_t part, const struct played_command *command, const char *text);

/* The lab went on within its step: now is what the part's last step led to. Nothing if now is of
 * another step. */
void played_renew(struct played *played, size_t part, const struct snapshot *now);

/* The part was left out. */
void played_leave_out(struct played *played, size_t part, const char *needs, const char *lacks);

/* Sentences without addresses above 4 GiB and without the name of the lab's own file. */
void played_words(struct buf *out, const char *text);

/* What a step changed, beginning with nothing; of a part: all its steps. */
void played_step_changed(struct page_set *set, const struct played_command *step);
void played_part_changed(struct page_set *set, const struct played_part *part);

#endif
