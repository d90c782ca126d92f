#include "config.h"

#include "base/buf.h"
#include "base/utf8.h"
#include "tap.h"
#include "view/canvas/wrap.h"

#include <sys/mman.h>
#include <unistd.h>
#include "view/canvas/canvas.h"

static const char *
row_text(const struct canvas *canvas, int row)
{
	static struct buf text;

	buf_clear(&text);
	for (int column = 0; column < canvas->columns; column++) {
		const struct cell *cell = canvas_at(canvas, column, row);

		buf_add(&text, cell->width ? cell->text : "");
	}
	return buf_text(&text);
}

static void
clipping(void)
{
	struct canvas *canvas = canvas_new(8, 3, false);
	struct pen pen = pen_at(canvas, 5, 1, 100, ROLE_SHARED);

	pen_text(&pen, "abcdef");
	is_text(row_text(canvas, 1), "     abc", "text ends at the right edge");
	is_text(row_text(canvas, 2), "        ", "and does not go on in the next row");
	is_number(canvas_at(canvas, 5, 1)->role, ROLE_SHARED, "cells carry the role of the pen");
	pen = pen_at(canvas, -2, 0, 3, ROLE_PLAIN);
	pen_text(&pen, "abcdef");
	is_text(row_text(canvas, 0), "cde     ",
	    "what lies left of the canvas is not drawn, nor what lies behind the limit");
	pen = pen_at(canvas, 0, 7, 8, ROLE_PLAIN);
	pen_text(&pen, "below");
	pen = pen_at(canvas, 0, -1, 8, ROLE_PLAIN);
	pen_fill(&pen);
	ok(!canvas_at(canvas, 0, 3) && !canvas_at(canvas, 8, 0) && !canvas_at(canvas, -1, 0),
	    "there is nothing outside");
	canvas_free(canvas);
	canvas = canvas_new(0, -5, false);
	ok(canvas->columns == 1 && canvas->rows == 1, "the smallest canvas has one cell");
	canvas_free(canvas);
	canvas = canvas_new(100000, 100000, true);
	ok(canvas->columns == 1000 && canvas->rows == 500, "the largest one is clamped");
	canvas_free(canvas);
}

static void
wide_characters(void)
{
	struct canvas *canvas = canvas_new(5, 2, false);
	struct pen pen = pen_at(canvas, 0, 0, 5, ROLE_PLAIN);

	pen_text(&pen, "页x页页");
	is_text(row_text(canvas, 0), "页x页", "a wide character takes two cells");
	ok(canvas_at(canvas, 0, 0)->width == 2 && canvas_at(canvas, 1, 0)->width == 0,
	    "the second of them is empty");
	pen = pen_at(canvas, 0, 1, 4, ROLE_PLAIN);
	pen_text(&pen, "abc页");
	is_text(row_text(canvas, 1), "abc  ", "half a wide character is a blank");
	is_number(pen.column >= 4, 1, "and the pen stands at the limit");
	pen = pen_at(canvas, 1, 0, 5, ROLE_PLAIN);
	pen_text(&pen, "z");
	is_text(row_text(canvas, 0), " zx页", "drawing over its second half leaves a blank");
	pen = pen_at(canvas, 3, 0, 5, ROLE_PLAIN);
	pen_text(&pen, "y");
	is_text(row_text(canvas, 0), " zxy ", "and over its first half too");
	canvas_free(canvas);
}

static void
cleaning(void)
{
	struct canvas *canvas = canvas_new(12, 1, false), *ascii = canvas_new(12, 1, true);
	struct pen pen = pen_at(canvas, 0, 0, 12, ROLE_PLAIN);

	pen_text(&pen, "e\xcc\x81\033[2J\xe2\x80\xae\xff");
	is_text(row_text(canvas, 0), "e\xcc\x81\xef\xbf\xbd[2J\xef\xbf\xbd\xef\xbf\xbd     ",
	    "controls do not pass, accents do");
	pen = pen_at(ascii, 0, 0, 12, ROLE_PLAIN);
	pen_text(&pen, "\xc3\xa9\033\x7f■◆页");
	is_text(row_text(ascii, 0), "\?\?\?#@?      ",
	    "in ASCII our glyphs become their twins, the rest a question mark");
	pen_glyph(&pen, "│", "|");
	is_text(row_text(ascii, 0), "\?\?\?#@?|     ",
	    "a glyph is the one of the two that the canvas can show");
	canvas_free(canvas);
	canvas_free(ascii);
}

static void
wrapping(void)
{
	struct canvas *canvas = canvas_new(12, 6, false);

	is_number(canvas_wrap(canvas, 1, 0, 11, 6, ROLE_TEXT, "one two three four"), 2,
	    "broken between words");
	is_text(row_text(canvas, 0), " one two    ", "as many words as fit");
	is_text(row_text(canvas, 1), " three four ", "exactly full");
	is_number(
	    canvas_wrap(canvas, 0, 2, 6, 6, ROLE_TEXT, "abcdefghij k"), 2, "a long word is cut");
	is_text(row_text(canvas, 3), "ghij k      ", "and goes on");
	canvas_clear(canvas);
	is_number(canvas_wrap(canvas, 0, 0, 10, 2, ROLE_TEXT, "one two three four five six"), 2,
	    "no more rows than there are");
	is_text(row_text(canvas, 1), "three fou…  ", "the last one says that there is more");
	canvas_clear(canvas);
	is_number(canvas_wrap(canvas, 0, 0, 5, 3, ROLE_TEXT, "页表项 缺页"), 3,
	    "between any two wide characters");
	is_text(row_text(canvas, 0), "页表        ", "where they fit");
	canvas_clear(canvas);
	is_number(canvas_wrap(canvas, 0, 0, 12, 6, ROLE_TEXT, "a\nb\n"), 2, "a line break breaks");
	is_number(canvas_wrap(canvas, 5, 0, 5, 6, ROLE_TEXT, "a"), 0, "no columns, no rows");
	is_number(canvas_wrap(canvas, 0, 0, 12, 0, ROLE_TEXT, "a"), 0, "no rows, nothing");
	is_number(canvas_wrap(canvas, 0, 0, 1, 6, ROLE_TEXT, "页表"), 2,
	    "a column too narrow for one character ends all the same");
	canvas_free(canvas);
}

/* A line is found without a look at all the text behind it: whoever wraps a long text would look at
 * it once for each line. */
static void
wraps_locally(void)
{
	size_t page = (size_t)sysconf(_SC_PAGESIZE), next, wrong = 0;
	char *text =
	    mmap(NULL, 2 * page, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	for (size_t i = 0; i < page; i++)
		text[i] = "word "[i % 5];
	mprotect(text + page, page, PROT_NONE); /* no end in sight */
	for (size_t at = 0; at + 100 < page; at += next)
		wrong += wrap_line(text + at, 60, &next) != 59;
	is_number(wrong, 0, "each line of a text whose end may not be looked at");
	memset(text, 'x', page);
	is_number(wrap_line(text, 60, &next), 60, "and of a word without an end");
	munmap(text, 2 * page);
}

static void
sameness(void)
{
	struct canvas *one = canvas_new(9, 2, false), *other = canvas_new(9, 2, false);
	struct pen pen = pen_at(one, 0, 0, 9, ROLE_PLAIN);

	ok(canvas_same(one, other), "two empty ones are the same");
	pen_text(&pen, "e\xcc\x81页");
	ok(!canvas_same(one, other), "different text is not");
	pen = pen_at(one, 0, 0, 9, ROLE_PLAIN);
	pen_fill(&pen);
	ok(canvas_same(one, other), "drawn over they are the same again");
	one->cursor_column = 3;
	ok(!canvas_same(one, other), "the cursor counts");
	canvas_free(one);
	canvas_free(other);
}

int
main(void)
{
	clipping();
	wide_characters();
	cleaning();
	wrapping();
	wraps_locally();
	sameness();
	return done_testing();
}
