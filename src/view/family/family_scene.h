/*
 * The scene of running processes: draws a family and the cursor in it on a canvas.
 *
 * Pure, like view/lab/scene.h: draws what it is given, at any size from 1x1. Nothing is owned:
 * everything is borrowed for the call.
 */
#ifndef VIEW_FAMILY_FAMILY_SCENE_H
#define VIEW_FAMILY_FAMILY_SCENE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "lang/command.h"
#include "model/family/erosion.h"
#include "model/family/family.h"
#include "view/canvas/canvas.h"
#include "view/canvas/overlay.h"

enum family_view {
#define FAMILY_VIEW(constant, word, name) FAMILY_##constant,
#include "lang/family_views.def"
#undef FAMILY_VIEW
	FAMILY_HELP
};

#define FAMILY_VIEWS FAMILY_HELP
extern const char *const family_view_words[FAMILY_VIEWS]; /* untranslated */

/* What the rows of the erosion are: processes, or mappings over all processes, or those of the
 * cursor's process. */
enum erosion_of { EROSION_OF_PROCESSES, EROSION_OF_ALL, EROSION_OF_ONE };

/* Where the person is. */
struct family_cursor {
	size_t member; /* index into the family's member */
	size_t region; /* index into its regions */
	uint64_t page; /* of the region */
	uint64_t zoom; /* pages a cell; 0: so many that the whole region is in sight */
	enum order order;
	enum filter filter;
	enum erosion_of erosion;
	size_t blame_top; /* FAMILY_BLAME: the first row in sight */
	char search[64];  /* "": nothing is looked for */
};

struct family_scene {
	const struct family *now;
	const struct erosion *erosion; /* since the baseline; NULL: nothing is known of it */
	uint64_t clock_ns;             /* CLOCK_REALTIME of drawing: ages count from here */
	bool saved;                    /* from a file: what was, not what is */
	bool reading;                  /* the next sample is being read */
	bool compares;                 /* --compare: contents are read */
	bool blames;                   /* --blame: faults are watched */
	enum family_view view;
	struct family_cursor cursor;
	const struct page_look *looks; /* FAMILY_PAGE: one for each member; NULL: not read */
	struct overlay overlay;        /* overlay.help is drawn in FAMILY_HELP */
};

void family_scene_draw(struct canvas *canvas, const struct family_scene *scene);

/* All that is known of the page under the cursor, as lines of help: FAMILY_PAGE says as much as
 * fits. */
void family_explain(struct buf *out, const struct family_scene *scene);

/* The highest help_top that still shows a full screen. */
int family_help_last(const struct family_scene *scene, int columns, int rows);

/* The regions that are listed, in their order: indexes into the family's regions, to be freed. */
size_t *family_listed(
    const struct family *family, const struct family_cursor *cursor, size_t *count);

/* Moves the cursor by a place (not PLACE_TARGET), as the view shows it at this size. */
void family_move(struct family_cursor *cursor, const struct family_scene *scene, enum place place,
    int columns, int rows);

/* Zooms the map about the cursor. */
void family_zoom(struct family_cursor *cursor, const struct family_scene *scene, enum zoom zoom,
    int columns, int rows);

/* After the family, the filter or the order changed: moves the cursor away from what is no
 * longer there or listed. */
void family_settle(struct family_cursor *cursor, const struct family *family);

/* Erosion of mappings: the cursor goes to the one that is drawn as its own, where it is at none of
 * them. */
void family_settle_erosion(struct family_cursor *cursor, const struct family_scene *scene);

/* The next listed region after the cursor's that has the text in its path, kind or address; false:
 * none has. */
bool family_search(struct family_cursor *cursor, const struct family *family, const char *text);

/* The pages of the cell under the cursor: [*first, *end). */
void family_cell(
    const struct family_scene *scene, int columns, int rows, uint64_t *first, uint64_t *end);

/* A cell of many pages: which state it shows, and whether all, most or fewer than half of them are
 * so (2, 1, 0). */
struct family_glyph {
	enum page_state state;
	int level;
};

struct family_glyph family_glyph_of(const struct tally *tally, uint64_t pages);
const char *family_glyph_text(struct family_glyph glyph, bool ascii);

#endif
