/*
 * The glyphs, each with a one-cell ASCII substitute.
 */
#ifndef VIEW_CANVAS_GLYPH_H
#define VIEW_CANVAS_GLYPH_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "model/words.h"
#include "view/canvas/canvas.h"

#define GLYPHS(X) \
	X(HORIZONTAL, "─", "-") \
	X(VERTICAL, "│", "|") \
	X(CROSS, "┼", "+") \
	X(TOP, "┬", "+") \
	X(TOP_LEFT, "┌", "+") \
	X(TOP_RIGHT, "┐", "+") \
	X(BOTTOM, "┴", "+") \
	X(BOTTOM_LEFT, "└", "+") \
	X(BOTTOM_RIGHT, "┘", "+") \
	X(ABSENT, "·", ".") \
	X(SHARED, "■", "#") \
	X(PRIVATE, "●", "o") \
	X(COPIED, "◆", "@") \
	X(PARTED, "◐", "/") \
	X(ZERO, "○", "0") \
	X(SWAPPED, "▽", "v") \
	X(UNKNOWN, "?", "?") \
	X(DIRTY, "▲", "!") \
	X(WRITEBACK, "△", "w") \
	X(PARTLY, "□", "%") \
	X(MORE, "…", "~") \
	X(POINTED, "+", "+") \
	X(HIT, "✓", "=") \
	X(MISS, "✗", "x")

#define X(constant, utf8, ascii) GLYPH_##constant,
enum glyph { GLYPHS(X) GLYPH_COUNT };
#undef X

const char *glyph_text(enum glyph glyph, bool ascii);
void glyph_draw(struct pen *pen, enum glyph glyph);

/* The sanitiser; with ascii, our own glyphs are first replaced by their substitutes. */
void glyph_clean(struct buf *out, const char *text, size_t length, bool ascii);

/* The glyph of a state. */
const char *state_glyph(enum page_state state, bool ascii);
enum role state_role(enum page_state state);

#endif
