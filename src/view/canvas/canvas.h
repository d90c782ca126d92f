/*
 * The canvas: a grid of cells that carry a character and a role, never a colour. The terminal and
 * every picture format print the same canvas.
 *
 * Columns and rows count from 0 at the top left. Drawing outside is clipped; half of a wide
 * character becomes a blank.
 */
#ifndef VIEW_CANVAS_CANVAS_H
#define VIEW_CANVAS_CANVAS_H

#include <stdbool.h>
#include <stdint.h>

/* What a cell is for; src/view/canvas/theme.h says how that looks. */
#define ROLES(X) \
	X(PLAIN, "plain") \
	X(DIM, "dim") \
	X(TITLE, "title") \
	X(BORDER, "border") \
	X(FOCUS, "focus") \
	X(ABSENT, "absent") \
	X(SHARED, "shared") \
	X(PRIVATE, "private") \
	X(COPIED, "copied") \
	X(ZERO, "zero") \
	X(PARTED, "parted") \
	X(SWAPPED, "swapped") \
	X(UNKNOWN, "unknown") \
	X(DIRTY, "dirty") \
	X(CACHED, "cached") \
	X(COMMAND, "command") \
	X(TEXT, "text") \
	X(EMPHASIS, "emphasis") \
	X(ERROR, "error") \
	X(KEY, "key") \
	X(KEY_LABEL, "key-label") \
	X(PROMPT, "prompt") \
	X(LIVE, "live") \
	X(WARNING, "warning")

#define X(constant, word) ROLE_##constant,
enum role { ROLES(X) ROLE_COUNT };
#undef X

#define MARK_CHANGED 1 /* what the last step changed */
#define MARK_CURSOR 2  /* the selected page */

struct cell {
	/* UTF-8, one base character and its combining ones, terminated; "" to the right of a wide
	 * one */
	char text[12];
	uint8_t width; /* 1, 2, or 0 for the cell right of a wide character */
	uint8_t role, marks;
};

static inline int
least(int one, int other)
{
	return one < other ? one : other;
}

static inline int
most(int one, int other)
{
	return one > other ? one : other;
}

struct canvas {
	int columns, rows;
	bool ascii;                    /* only ASCII is drawn */
	int cursor_column, cursor_row; /* where the hardware cursor belongs */
	struct cell *cells;
};

/* Sizes are clamped to 1..1000 columns and 1..500 rows. */
struct canvas *canvas_new(int columns, int rows, bool ascii);
void canvas_free(struct canvas *canvas);
void canvas_clear(struct canvas *canvas);
const struct cell *canvas_at(const struct canvas *canvas, int column, int row); /* NULL outside */
bool canvas_same(const struct canvas *one, const struct canvas *other);

/* The pen: position and style of the next text. Text is clipped at `limit` (a column, exclusive)
 * and sanitised. */
struct pen {
	struct canvas *canvas;
	int column, row, limit;
	uint8_t role, marks;
};

struct pen pen_at(struct canvas *canvas, int column, int row, int limit, enum role role);
void pen_text(struct pen *pen, const char *text);
void pen_printf(struct pen *pen, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* draws all of it or nothing, if it doesn't fit */
void pen_part(struct pen *pen, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* one of the two, depending on canvas->ascii */
void pen_glyph(struct pen *pen, const char *utf8, const char *ascii);
void pen_clip(struct pen *pen, const char *text); /* text that doesn't fit ends in an ellipsis */
void pen_fill(struct pen *pen);                   /* blanks up to the limit */
void pen_pad(struct pen *pen, int column);        /* blanks up to a column */

/* Cells of a text after sanitising. */
int canvas_width(const struct canvas *canvas, const char *text);

/* Draws text into columns [column, limit) and rows [row, row_limit), broken between words (between
 * any two wide characters); returns the rows used. A last row that can't hold the rest ends in an
 * ellipsis. */
int canvas_wrap(struct canvas *canvas, int column, int row, int limit, int row_limit,
    enum role role, const char *text);

#endif
