/*
 * Pictures: one canvas, or all canvases of a session, in the target's format.
 *
 * A writer gets everything it needs in the struct and reads no clock, no environment and no file:
 * the same picture always gives the same bytes. It appends to the buffer; after an error the
 * buffer's contents are worthless. Texts are UTF-8 from anywhere: each writer escapes what its
 * format treats as special. Colours come from the theme, by role.
 */
#ifndef OUT_PICTURE_PICTURE_H
#define OUT_PICTURE_PICTURE_H

#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "view/canvas/canvas.h"
#include "view/canvas/theme.h"

/* Its origin, for the file's metadata. All borrowed; none NULL. */
struct origin {
	const char *title;        /* one line: "cowscope: write a:2, step 3" */
	const char *description;  /* the state in plain text, several lines, for screen readers */
	const char *command_line; /* what recreates it */
	const char *software;     /* "cowscope 0.1.0" */
	const char *kernel;       /* "Linux 6.18.0" */
	uint64_t time_s;          /* seconds since 1970: when it was read, or SOURCE_DATE_EPOCH */
};

struct picture {
	const struct canvas *canvas;
	const struct theme *theme;
	struct origin origin;
	double scale; /* PNG: 1, 2, 3 ...: a cell is 8 x 17 pixels at 1 */
};

/* One step of a session. */
struct film_step {
	const struct canvas *canvas;
	uint32_t step;
	const char *command; /* "" before the first */
	const char *text;    /* what happened, in words */
	const char *state;   /* the state in plain text, for screen readers; "": none */
	uint64_t time_ns;    /* CLOCK_REALTIME of its reading */
};

struct film {
	const struct film_step *steps; /* at least one; all canvases have the same size */
	size_t count;
	const struct theme *theme, *dark; /* dark: for readers who prefer it; NULL: none */
	struct origin origin;
	double seconds_a_step; /* cast: 0: as it was timed */
};

/* Each returns 0, or -1 with ERR_MACHINE if this build or machine can't make that format. */
int picture_text(struct buf *out, const struct picture *picture, struct err *err);
int picture_ansi(struct buf *out, const struct picture *picture, struct err *err);
int picture_svg(struct buf *out, const struct picture *picture, struct err *err);
int picture_html(struct buf *out, const struct picture *picture, struct err *err);
int picture_png(struct buf *out, const struct picture *picture, struct err *err);
int picture_pdf(struct buf *out, const struct picture *picture, struct err *err);
int film_html(struct buf *out, const struct film *film, struct err *err);
int film_cast(struct buf *out, const struct film *film, struct err *err);

#endif
