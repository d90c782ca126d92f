/*
 * Where a lesson stands: what is shown, asked, done and judged next. --batch and the screen use it
 * alike.
 *
 * Pure: it runs nothing. Its caller shows the part, takes the answer, runs the lines of
 * player_line() on the lab, reports each step with player_saw(), and goes on with player_next().
 *
 *     PLAYER_TELLS --next--> ...             prose to read
 *     PLAYER_ASKS  --next--> PLAYER_ACTS     a question, directly before its block
 *     PLAYER_ACTS  --no line left-->         PLAYER_SHOWS after a question, else the next part
 *     PLAYER_SHOWS --next--> ...             the kernel has acted: the prediction is judged
 *     PLAYER_LACKS --next--> ...             the machine lacks what the block needs: the block
 *                                            and its question are left out
 *     PLAYER_SHORT --next--> ...             only memory is missing: as PLAYER_LACKS, or
 *     PLAYER_SHORT --anyway-->               PLAYER_ASKS or PLAYER_ACTS
 */
#ifndef APP_TEACH_PLAYER_H
#define APP_TEACH_PLAYER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "lang/teach/lesson.h"
#include "model/lab/events.h"
#include "model/lab/snapshot.h"
#include "model/teach/page_set.h"

enum player_stage {
	PLAYER_TELLS,
	PLAYER_ASKS,
	PLAYER_ACTS,
	PLAYER_SHOWS,
	PLAYER_LACKS,
	PLAYER_SHORT,
	PLAYER_OVER
};

/* Has the machine what a word of needs= names? Where not, says why in one sentence. bytes: of
 * memory, as able() has it. */
typedef bool able_fn(const char *need, uint64_t bytes, struct buf *reason);

struct player {
	const struct lesson *lesson; /* borrowed */
	able_fn *able;               /* NULL: it has everything */
	enum player_stage stage;
	/* index of the part of this stage: SHOWS: the block; lesson->part_count: over */
	size_t part;
	/* ACTS: index of the line of the block that player_line() gives next */
	size_t line;
	/* ASKS, ACTS, SHOWS, LACKS, SHORT: the question of this block; NULL: none */
	const struct lesson_part *question;
	bool chosen[LESSON_ANSWERS_MAX]; /* of question->answers */
	/* question->points: it was predicted that no page changes */
	bool nothing;
	/* question->points: marked, and (ACTS, SHOWS) what the block changed so far */
	struct page_set *pointed, *changed;
	/* LACKS, SHORT: what is missing, one sentence for each need */
	struct buf lacks;
	/* the block that takes memory though it is not available; NULL: none */
	const struct lesson_part *taker;
	/* questions answered until now, and those answered rightly */
	unsigned asked, right;
};

/* At the first part. able may be NULL. */
void player_begin(struct player *player, const struct lesson *lesson, able_fn *able);
void player_free(struct player *player);

/* The part of this stage; NULL: over. */
const struct lesson_part *player_part(const struct player *player);

/* Goes on from what is told, asked, judged, lacking or short. A question without an answer is
 * skipped. Nothing in PLAYER_ACTS, OVER. */
void player_next(struct player *player);

/* SHORT: the block takes the memory all the same. */
void player_take(struct player *player);

/* Is the block left out, if nobody says otherwise? */
bool player_leaves_out(const struct player *player);

/* ACTS: does this block take memory though it is not available? */
bool player_takes(const struct player *player);

/* ASKS: chooses the answer, or takes it back; where one is right only, the one before is taken
 * back. */
void player_choose(struct player *player, size_t answer);

/* ASKS, question->points: marks the page, or takes the mark away. */
void player_point(struct player *player, char process, uint32_t page);

/* ASKS, question->points: predicts that no page changes; a mark made after that takes it back. */
void player_point_nowhere(struct player *player);

/* Was anything chosen, marked or predicted? */
bool player_answered(const struct player *player);

/* SHOWS: is exactly what is right chosen, exactly the pages marked that changed? */
bool player_is_right(const struct player *player);

/* ACTS: the next line of the block. NULL: none is left, and the stage is another one. */
const struct lesson_line *player_line(struct player *player);

/* After each step of a line: events of session.events, and the snapshot that they lead to. */
void player_saw(struct player *player, const struct snapshot *now, const struct events *events);

/* The blocks as text: one line each, an item begins with "- ", the columns of a table are aligned.
 */
void player_text(struct buf *out, const struct lesson_part *part);

#endif
