/*
 * --batch: commands in, one reply per command out, no terminal.
 */
#ifndef APP_BATCH_BATCH_H
#define APP_BATCH_BATCH_H

#include <stdbool.h>

#include "app/batch/output.h"
#include "app/lab/session.h"
#include "app/teach/player.h"
#include "lang/options/options.h"
#include "out/teach/played.h"

#define BATCH_PATIENCE_MS 10000 /* for a worker that doesn't answer */

struct batch {
	struct session *session;
	enum format format;
	struct output out;
	bool at_end; /* no replies, but a picture once the commands are done */
	int status;
	bool untold;           /* an expect of a script can't be told on this machine */
	bool told;             /* a command came */
	bool over;             /* quit, or the answers' reader has gone */
	bool lost;             /* the step of --goto doesn't exist: no picture */
	struct player *player; /* of the lesson being played; NULL: none */
	bool paged;            /* the lesson has a page, and no picture */
	struct played *played; /* of that lesson, for its page; NULL: none is wanted */
	struct buf failure;    /* of the player: why the lesson ends here */
};

/* Runs the commands of -c, then the lesson or those of the script, or of standard input if neither
 * is given. Returns the exit status. */
int batch_run(struct session *session, const struct options *options);

/* For src/app/batch/batch_lesson.c. */
void batch_print(struct batch *batch, struct buf *reply); /* and frees it */
/* stops at the first failure of a lesson */
void batch_line(struct batch *batch, const char *line);

/* wraps lines that are wider than the screen */
void batch_fit(const struct batch *batch, struct buf *text);

/* Plays it from its first part to its last, or to the first false expect or error, which is
 * reported on standard error with file and line. */
void batch_lesson(struct batch *batch, const struct lesson *lesson, const char *path);

#endif
