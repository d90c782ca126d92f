/*
 * Pictures of samples, packed and thinned out.
 */
#include "config.h"
#include "app/family/reel.h"
#include "tap.h"

#include <stdlib.h>

#define COLUMNS 30
#define ROWS 4

static struct canvas *
drawn(const char *text, enum role role)
{
	struct canvas *canvas = canvas_new(COLUMNS, ROWS, false);
	struct pen pen = pen_at(canvas, 0, 0, COLUMNS, ROLE_TITLE);

	pen_text(&pen, "◆◆◆◆■■■ 写时复制 e\xcc\x81");
	pen = pen_at(canvas, 3, 2, COLUMNS, role);
	pen.marks = MARK_CHANGED;
	pen_text(&pen, text);
	return canvas;
}

static void
add(struct reel *reel, uint64_t number, const char *text)
{
	struct canvas *one = drawn(text, ROLE_COPIED), *other = drawn("another view", ROLE_PLAIN);
	struct reel_sample sample = {
	    .number = number,
	    .time_ns = number * 10,
	    .text = text,
	    .views = {one, NULL, other},
	};

	reel_add(reel, &sample);
	canvas_free(one);
	canvas_free(other);
}

static bool
is_picture(const struct reel *reel, size_t index, size_t view, const struct canvas *wanted)
{
	struct canvas *got = reel_picture(reel, index, view, wanted->columns, wanted->rows);
	bool same = canvas_same(got, wanted);

	canvas_free(got);
	return same;
}

static void
packing(void)
{
	struct reel *reel = reel_new(1 << 20);
	struct canvas *first = drawn("one", ROLE_COPIED), *view = drawn("another view", ROLE_PLAIN),
		      *blank = canvas_new(COLUMNS, ROWS, false);
	struct canvas *narrow, *wide;

	add(reel, 1, "one");
	add(reel, 2, "two");
	ok(reel_count(reel) == 2 && reel_thinned(reel) == 0, "two samples are kept");
	ok(is_picture(reel, 0, 0, first), "a picture comes back as it was");
	ok(!is_picture(reel, 1, 0, first), "another one is another");
	ok(is_picture(reel, 1, 2, view), "each view has its own");
	ok(is_picture(reel, 0, 1, blank), "a view that was not drawn is blank");
	ok(reel_at(reel, 1).number == 2 && reel_at(reel, 1).time_ns == 20,
	    "number and time are kept");
	is_text(reel_at(reel, 1).text, "two", "and what it says");
	narrow = reel_picture(reel, 0, 0, 9, 2);
	ok(narrow->columns == 9 && canvas_at(narrow, 8, 0)->width == 1,
	    "half a wide character is not shown");
	is_text(canvas_at(narrow, 3, 0)->text, "◆", "the rest of a smaller picture is");
	wide = reel_picture(reel, 0, 0, 50, 9);
	is_text(canvas_at(wide, 3, 2)->text, "o", "in a larger one everything is in its place");
	is_text(canvas_at(wide, 40, 8)->text, " ", "and blank beside that");
	canvas_free(narrow);
	canvas_free(wide);
	canvas_free(first);
	canvas_free(view);
	canvas_free(blank);
	reel_free(reel);
}

static void
thinning(void)
{
	struct reel *reel = reel_new(64 << 10);
	bool below = true, ascending = true;

	for (uint64_t i = 1; i <= 2000; i++) {
		add(reel, i, "some");
		below &= reel_bytes(reel) <= 64 << 10;
	}
	for (size_t i = 1; i < reel_count(reel); i++)
		ascending &= reel_at(reel, i).number > reel_at(reel, i - 1).number;
	ok(below, "what is kept stays below the bound");
	ok(reel_count(reel) >= 8 && reel_count(reel) + reel_thinned(reel) == 2000,
	    "%zu are kept, of the others it is known how many", reel_count(reel));
	ok(reel_at(reel, 0).number == 1 && reel_at(reel, reel_count(reel) - 1).number == 2000,
	    "the first and the last are there");
	ok(ascending, "in order");
	ok(reel_at(reel, 2).number - reel_at(reel, 1).number >
		reel_at(reel, reel_count(reel) - 1).number -
		    reel_at(reel, reel_count(reel) - 2).number,
	    "the older ones are further apart");
	reel_free(reel);
	reel_free(NULL);
	reel = reel_new(1);
	for (uint64_t i = 1; i <= 10; i++)
		add(reel, i, "some");
	ok(reel_count(reel) < 4 && reel_count(reel) >= 1, "a few are kept whatever they take");
	reel_free(reel);
}

int
main(void)
{
	packing();
	thinning();
	return done_testing();
}
