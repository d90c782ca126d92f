/*
 * The scene: draws a snapshot and the cursor on a canvas.
 *
 * Pure: draws what it is given, at any size from 1x1, the same each time. Owns nothing: everything
 * is borrowed for the call.
 */
#ifndef VIEW_LAB_SCENE_H
#define VIEW_LAB_SCENE_H

#include <stdbool.h>
#include <stddef.h>

#include "model/lab/events.h"
#include "model/lab/past_step.h"
#include "model/lab/snapshot.h"
#include "view/canvas/canvas.h"
#include "view/canvas/overlay.h"
#include "view/teach/guide.h"

enum scene_view { SCENE_PANELS, SCENE_GUIDE, SCENE_FRAMES, SCENE_PAGE, SCENE_CODE, SCENE_HELP };

/* The steps of the session, for SCENE_CODE. */
struct scene_past {
	const struct past_step *steps; /* ascending, without a gap */
	size_t count;
	const char *file; /* that a lab with a file maps; NULL: its own */
	bool read_only;   /* it may not be written */
};

struct scene {
	const struct snapshot *now;    /* classified */
	const struct snapshot *before; /* the step before; NULL: none */
	const struct events *events;   /* between the two; what they touch is highlighted */
	bool recorded;                 /* a step of the past */
	bool saved;         /* recorded: from a file, so there is no live state to return to */
	uint32_t last_step; /* recorded: the newest step */
	bool still;         /* a step of a film: neither live nor recorded */
	enum scene_view view;
	struct scene_past past;
	char process;              /* the cursor's: a name in now, or 0 */
	uint32_t page;             /* the cursor's */
	const char *waiting;       /* the command still under way; NULL: none */
	struct overlay overlay;    /* overlay.help is drawn in SCENE_HELP */
	const struct guide *guide; /* what leads through the lab; NULL: nothing */
};

void scene_draw(struct canvas *canvas, const struct scene *scene);

/* Pages that the panels show at once at this size, for paging. At least 1. */
uint32_t scene_pages_shown(const struct scene *scene, int columns, int rows);

/* Do the panels show every page of every process at this size? */
bool scene_shows_all(const struct scene *scene, int columns, int rows);

/* What lies at a cell of the panels: true with a process and page, for the mouse. */
bool scene_hit(const struct scene *scene, int columns, int rows, int column, int row, char *process,
    uint32_t *page);

/* The highest help_top that still shows a full screen. */
int scene_help_last(const struct scene *scene, int columns, int rows);

/* The highest guide->top that still fills the guide's space; 0 if all of it fits, or there is no
 * guide. shown: lines of its text in sight at once, at least 1. */
int scene_guide_last(const struct scene *scene, int columns, int rows, int *shown);

#endif
