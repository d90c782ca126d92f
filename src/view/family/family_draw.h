/*
 * Shared by the files that draw running processes. Internal to src/view.
 */
#ifndef VIEW_FAMILY_FAMILY_DRAW_H
#define VIEW_FAMILY_FAMILY_DRAW_H

#include "base/buf.h"
#include "view/family/family_scene.h"

struct family_draw {
	struct canvas *canvas;
	const struct family_scene *scene;
	const struct family *now;
	int margin, right;         /* columns [margin, right) */
	int title, bottom;         /* rows; -1: not shown */
	int lacks;                 /* the row about missing permissions; -1 */
	int message, message_rows; /* -1 */
	int body, rows;            /* of the view */
};

void family_layout(
    struct family_draw *draw, const struct family_scene *scene, int columns, int rows);

#define FAMILY_VIEW(constant, word, name) void family_draw_##name(const struct family_draw *draw);
#include "lang/family_views.def"
#undef FAMILY_VIEW

/* A row of the erosion: a process, or a mapping over all processes or in one. */
struct erosion_row {
	/* NULL: the mapping isn't followed in this process */
	const struct erosion_line *line;
	const struct erosion_mapping *mapping; /* NULL: a process */
	/* index into now's members or regions; SIZE_MAX: gone */
	size_t at;
};

/* Those that exist, then those that are gone; the caller frees them. And which of them the cursor
 * is at, 0 if none. */
struct erosion_row *erosion_rows(const struct family_scene *scene, size_t *count, size_t *at);
void erosion_move(
    struct family_cursor *cursor, const struct family_scene *scene, enum place place, int64_t by);

/* What the top of the erosion is about: all, or the process whose mappings are listed; NULL:
 * unknown. */
const struct erosion_line *erosion_subject(const struct family_draw *draw);
/* A mapping's path as far as it fits, or its kind, and the address if there is room. */
void erosion_place(struct buf *out, const struct family_draw *draw,
    const struct erosion_mapping *mapping, int room);
/* "+12M/min", by the format; an unknown rate has no unit. */
void erosion_rate_text(struct buf *out, uint64_t rate, const char *format)
    __attribute__((format(printf, 3, 0)));
/* The sums of all, including those that left; else a process's numbers. */
struct erosion_sum erosion_sum_of(const struct family_draw *draw, const struct erosion_line *line);
/* Was, still, ever copied and the rate, in one row. */
void erosion_draw_summary(const struct family_draw *draw, int row);
/* What became of what is no longer shared: the parts add up to the whole; parts that are zero are
 * shown if there is room. Returns the rows used. */
int erosion_draw_sum(const struct family_draw *draw, int row, int row_limit);
/* Who copied the selected mapping; NULL: none. */
void erosion_draw_parts(
    const struct family_draw *draw, const struct erosion_mapping *mapping, int row);
void erosion_draw_events(const struct family_draw *draw, int row, int row_limit);

/* What a person sees of the family: without processes that left long ago. */
const struct member *family_selected(const struct family_scene *scene); /* NULL: there is none */
const struct region *family_region(const struct family_scene *scene);   /* NULL: there is none */

/* Index of the strip of a process, or of the first one after it; the last at most. */
size_t family_strip_at(const struct region *region, size_t member);

/* false: it has pages, but only their sums were saved; and the words for that. */
bool region_has_cells(const struct region *region);
void draw_no_cells(const struct family_draw *draw);

/* Numbers and names in words. */
void pages_text(struct buf *out, const struct family *family, uint64_t pages); /* "12M" */
/* "0.4 s", "3 min"; "?" for from 0 */
void age_text(struct buf *out, uint64_t from_ns, uint64_t to_ns);
/* path, or the word of its kind */
const char *region_name(const struct region *region);
/* place_fit() of a region */
void region_place(struct buf *out, const struct region *region, size_t cells, bool ascii);
/* a path longer than this many cells is cut at its beginning: the file stays, as much as fits */
void path_fit(struct buf *out, const char *path, size_t cells, bool ascii);
/* the same; without a path the kind and the address, or the address alone */
void place_fit(struct buf *out, const char *path, enum region_kind kind, uint64_t start,
    size_t cells, bool ascii);
void region_name_fit(struct buf *out, const struct region *region, size_t cells, bool ascii);
const char *copies_word(const struct family *family); /* for tally_copies(), if some are parted */
/* its command line without the program's directory, or its command */
const char *member_text(const struct member *member);

/* Pens. */
struct pen family_pen(const struct family_draw *draw, int column, int row, enum role role);
void draw_right(
    const struct family_draw *draw, int from, int to, int row, enum role role, const char *text);

/* "3-7 of 63": the ones in sight. */
void family_position(struct buf *out, size_t first, size_t shown, size_t count);
/* the same at the right edge, from a column on; nothing if all are in sight */
void family_draw_position(
    const struct family_draw *draw, int from, int row, size_t first, size_t shown, size_t count);

/* The first of `count` rows in sight if `rows` fit and the cursor is at `at`. */
size_t family_first(size_t count, size_t at, size_t rows);

/* A bar of `pages` pages in this many cells, one glyph per state, in the usual order. */
void draw_bar(struct pen *pen, const struct tally *tally, int cells);

/* The states in the order in which they are told, without absent. */
extern const enum page_state family_states[];

/* The axis of a map: the region's pages as cells, ranges in which nobody has a page condensed to
 * one. */
struct axis_part {
	uint64_t first, end; /* pages */
	uint64_t cell;       /* its first */
	bool gap;
};

struct axis {
	uint64_t zoom; /* pages a cell */
	uint64_t cells;
	struct axis_part *parts;
	size_t count;
};

void axis_free(struct axis *axis);
const struct axis_part *axis_part(const struct axis *axis, uint64_t cell); /* cell < cells */
uint64_t axis_cell(const struct axis *axis, uint64_t page);
void axis_pages(const struct axis *axis, uint64_t cell, uint64_t *first, uint64_t *end, bool *gap);

/* The map at this size: what zoom 0 comes to, cells a line, lines and strips in sight. */
struct map_layout {
	int label;   /* cells of the names at the left */
	int columns; /* cells of a line */
	int lines;   /* of cells, one above the other */
	int strips;  /* a line, one for each process that has the region */
	size_t first_strip;
	uint64_t first;   /* cell */
	struct axis axis; /* axis_free() */
};

void map_layout(
    struct map_layout *map, const struct family_draw *draw, const struct region *region);

#endif
