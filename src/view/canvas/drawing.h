/*
 * A drawing: what the program hands to cowscope-draw, which alone knows Cairo. As bytes:
 *
 *   "cowscope drawing 1\n"
 *   kind (1 byte), scale in thousandths (4), time_s (8)
 *   title, description, command line, software, kernel: each its length (4) and that many bytes
 *   foreground and background (4 each); roles (1), each foreground and background (4 each) and its
 *     STYLE_ bits (1)
 *   columns, rows (2 each); each cell, row by row: width, role, marks, length (1 each) and
 *     that many bytes
 *
 * and nothing after. Numbers are little-endian. The writer mends what no canvas should hold; the
 * reader takes nothing but what the writer could have written.
 */
#ifndef VIEW_CANVAS_DRAWING_H
#define VIEW_CANVAS_DRAWING_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "view/canvas/canvas.h"
#include "view/canvas/theme.h"

#define DRAWING_MAGIC "cowscope drawing 1\n"

#define CELL_WIDTH 8 /* in pixels at scale 1 */
#define CELL_HEIGHT 17
#define DRAWING_SCALE_MAX 10
#define DRAWING_PIXELS_MAX 72000000 /* the largest canvas at scale 1 */

enum drawing_kind { DRAWING_PNG, DRAWING_PDF, DRAWING_KINDS };

enum drawing_text {
	DRAWING_TITLE,
	DRAWING_DESCRIPTION,
	DRAWING_COMMAND_LINE,
	DRAWING_SOFTWARE,
	DRAWING_KERNEL,
	DRAWING_TEXTS
};

struct drawing {
	enum drawing_kind kind;
	double scale; /* 1 to DRAWING_SCALE_MAX; unused for a PDF */
	uint64_t time_s;
	const char *texts[DRAWING_TEXTS]; /* read: sanitised UTF-8, with its line breaks */
	const struct canvas *canvas;
	const struct theme *theme; /* after drawing_read(): without a name */
};

/* Is it small enough to draw? */
bool drawing_fits(const struct drawing *drawing);

/* Appends. Fails with ERR_USAGE for an impossible scale or one that is too large for this
 * canvas. */
int drawing_write(struct buf *out, const struct drawing *drawing, struct err *err);

/* Reads any bytes. NULL: they aren't a drawing; the error says where. */
struct drawing *drawing_read(const void *bytes, size_t length, struct err *err);
void drawing_free(struct drawing *drawing); /* one that was read */

#endif
