/*
 * Watching a family: its samples as they come, the cursor in them, and the commands that move it.
 *
 * Nothing here blocks: watch_step() reads for a given time. The cursor stays on its process and
 * mapping while others join and leave.
 */
#ifndef APP_FAMILY_WATCH_H
#define APP_FAMILY_WATCH_H

#include <stdbool.h>

#include "lang/answer.h"
#include "view/canvas/appearance.h"
#include "app/family/reel.h"
#include "attach/attach.h"
#include "lang/options/options.h"
#include "model/family/erosion.h"
#include "view/family/family_scene.h"

struct watch {
	struct attach *attach; /* NULL: saved samples */
	struct family **saved;
	size_t saved_count, seen; /* index of the one shown */
	const struct family *now; /* held; never NULL once open */
	bool reading;             /* during the first sample: now has no numbers yet */
	bool copies, siblings;    /* --compare: what it compares */
	struct erosion *erosion;
	struct reel *reel; /* how the samples have looked so far; empty for saved ones */
	struct family_cursor cursor;
	enum family_view view;
	struct page_look *looks; /* one for each member of now; NULL: not read */
	bool compares;
	const struct options *options; /* borrowed */
	struct inquest *inquest;       /* of --blame, once faults are watched; NULL */
	const char *who;               /* of -p; borrowed */
	const char *baseline;          /* of --baseline; borrowed; NULL: none */
	struct appearance appearance;
	struct answer answer; /* to the last command */
};

/*
 * -p of the options, or the saved samples of --open. The first sample is read at once, for at most
 * patience_ns, then by watch_step(). -1: there is no such process, or the file is damaged.
 */
int watch_open(
    struct watch *watch, const struct options *options, uint64_t patience_ns, struct err *err);
void watch_close(struct watch *watch);

/* Reads for about budget_ns if it is time. true: something new can be seen. */
bool watch_step(struct watch *watch, uint64_t budget_ns);
int watch_timeout(const struct watch *watch); /* milliseconds; -1: nothing more will come */

void watch_see(struct watch *watch, size_t index); /* shows one of the saved samples */

/* Reads the page under the cursor again, if it is in sight. */
void watch_look(struct watch *watch);

/* The screen as it is; the caller adds message, prompt and help. */
struct family_scene watch_scene(const struct watch *watch);

/* Carries out a command; watch->answer has the result. Commands that would change a process are
 * refused. */
void watch_do(struct watch *watch, const struct command *command);

/* Remembers how this sample looks in each view, for a film. Later samples do so by themselves. */
void watch_keep(struct watch *watch);

/* How the samples looked in the current view: watch->reel or, for saved samples, a new one that the
 * caller frees. */
struct reel *watch_film(const struct watch *watch);
size_t watch_film_view(const struct watch *watch); /* the index of that view in it */

#endif
