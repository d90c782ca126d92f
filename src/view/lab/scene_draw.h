/*
 * Shared by the files that draw a scene: the layout, computed from the scene and the size alone,
 * and the drawing functions.
 */
#ifndef VIEW_LAB_SCENE_DRAW_H
#define VIEW_LAB_SCENE_DRAW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "view/canvas/canvas.h"
#include "view/canvas/glyph.h"
#include "view/lab/scene.h"

/* Rows and columns on the canvas; a row of -1: not shown. Limits are exclusive. */
struct layout {
	int columns, rows, margin;
	int title, header, footer, cache, memory, bottom;
	int strip;               /* the frames of the page under the cursor */
	int label;               /* cells of the labels below the panels; 0: as long as they are */
	int body, body_rows;     /* a row a page */
	int words, words_rows;   /* what happened */
	bool folded;             /* the words took the memory's row; memory follows the cache */
	int detail, detail_rows; /* the page under the cursor */
	int guide, guide_rows;   /* its rule, and the rows below */
	bool quiet;          /* the words don't tell what happened: the guide or its paper does */
	bool told;           /* what happened stands on the guide's paper */
	int digits;          /* of the page numbers at the left */
	int edge;            /* column of the first separator */
	int right;           /* where the panels end */
	bool closed;         /* there is a separator after the last panel, at right - 1 */
	size_t first, shown; /* processes */
	int panel[PROCESSES_MAX]; /* first column, after the panel's separator */
	int width[PROCESSES_MAX];
	int list; /* first column of the frames beside the panels; 0: none */
	uint32_t first_page;
};

#define CHANGED_FILE 0x8000u

struct view {
	struct canvas *canvas;
	const struct scene *scene;
	const struct snapshot *now;
	struct layout layout;
	uint16_t *changed; /* by page: bit 0 is a, CHANGED_FILE the file's page */
};

void layout_of(struct layout *layout, const struct scene *scene, int columns, int rows);
/* as much as there is room for; room shrinks by that */
int layout_take(int *room, int wanted);

void draw_title(const struct view *view);
void draw_cache(const struct view *view);
void draw_memory(const struct view *view);
void draw_words(const struct view *view);
int words_needed(const struct view *view); /* rows; at most one more than there are */
void draw_bottom(const struct view *view); /* key bar or prompt */
void draw_panels(const struct view *view);
void draw_strip(const struct view *view);
void draw_frames_beside(const struct view *view);
void draw_frames(const struct view *view);
void draw_page(const struct view *view, int row, int row_limit);
void draw_code(const struct view *view);
void draw_help(const struct view *view);
void draw_guide(const struct view *view);
void story_text(struct buf *out, const struct scene *scene);

/* Up to the right edge. */
struct pen view_pen(const struct view *view, int column, int row, enum role role);
int view_width(const struct view *view, const char *text); /* cells, after sanitising */
bool view_changed(const struct view *view, char process, uint32_t page);
void pen_label(struct pen *pen, const struct view *view, const char *text);

#endif
