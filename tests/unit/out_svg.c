#include "config.h"

#define PICTURE_WRITER picture_svg
#include "picture_golden.h"

static void
small_enough(void)
{
	struct origin origin = picture_origin();
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < STORY_COUNT; i++) {
		struct canvas *canvas = picture_story(stories[i], 80, 24);

		draw(&out, canvas, "print", &origin);
		ok(out.length < 30 * 1024, "story %zu in 80x24 is less than 30 KiB: %zu", i,
		    out.length);
		canvas_free(canvas);
	}
	buf_free(&out);
}

static void
text_and_lines(void)
{
	struct canvas *canvas = canvas_new(12, 2, false);
	struct pen pen = pen_at(canvas, 1, 0, 12, ROLE_PLAIN);
	struct origin origin = picture_origin();
	struct buf out = BUF_INIT;

	pen_text(&pen, "a b  <c 页");
	pen = pen_at(canvas, 0, 1, 12, ROLE_PLAIN);
	pen_text(&pen, "┌──■é");
	pen = pen_at(canvas, 6, 1, 12, ROLE_COPIED);
	pen_text(&pen, " x");
	draw(&out, canvas, "print", &origin);
	has(&out, "<text x=\"8\" y=\"13\">a b</text>", "a run keeps a single blank");
	has(&out, "<text x=\"48\" y=\"13\">&lt;c</text>",
	    "two blanks end it, the next starts in its column");
	has(&out, "<text x=\"80\" y=\"13\" text-anchor=\"middle\">页</text>",
	    "a wide character is centred on its own");
	has(&out, "<text x=\"32\" y=\"30\">é</text>", "so is what may come from another font");
	has(&out, "M3 25h21v1h-21z", "lines join to one rectangle");
	has(&out, "M24 17m1 5h6v6h-6z", "a sign is a path");
	has(&out, "fill=\"#ffac1e\" d=\"M48 17h16v17h-16z\"/>",
	    "a fill is a rectangle, blanks too");
	has(&out, "<text x=\"56\" y=\"30\" font-weight=\"bold\">x</text>",
	    "bold, and no leading blank");
	is_number(count_of(&out, "<text"), 5, "nothing else is text");
	buf_free(&out);
	canvas_free(canvas);
}

static void
origins(void)
{
	struct canvas *canvas = canvas_new(4, 1, false);
	struct origin origin = picture_origin();
	struct buf out = BUF_INIT;

	draw(&out, canvas, "print", &origin);
	has(&out, "<title>cowscope: write a:2, step 2</title>", "the title");
	has(&out, "<desc>a page 2: copied, frame a2\nb page 2: shared with c, frame F2</desc>",
	    "the state in words, on its lines");
	has(&out, "\n<dc:source>cowscope --batch -c &#39;write a:2 &quot;&lt;&amp;&gt;&quot;&#39; ",
	    "first the command line");
	has(&out, "<dc:creator>cowscope 0.1.0</dc:creator>", "the version");
	has(&out, "<dc:coverage>Linux 6.18.0</dc:coverage>", "the kernel");
	has(&out, "<dc:date>2023-11-14T22:13:20Z</dc:date>", "the time");
	origin = picture_hostile_origin();
	draw(&out, canvas, "print", &origin);
	ok(picture_is_harmless(&out), "what is special comes out harmless");
	ok(!strstr(buf_text(&out), "]]>") && !strstr(buf_text(&out), "<!--"), "in every text");
	is_number(count_of(&out, "</svg>"), 1, "nobody ends the picture but us");
	ok(!strstr(buf_text(&out), "dc:date"), "a time that no calendar has is left out");
	buf_free(&out);
	canvas_free(canvas);
}

static void
marks(void)
{
	struct canvas *canvas = canvas_new(4, 1, false);
	struct pen pen = pen_at(canvas, 0, 0, 4, ROLE_SHARED);
	struct origin origin = picture_origin();
	struct buf out = BUF_INIT;

	pen.marks = MARK_CHANGED;
	pen_text(&pen, "xy");
	pen.marks = MARK_CURSOR;
	pen_text(&pen, "z");
	draw(&out, canvas, "print", &origin);
	has(&out, "<text x=\"0\" y=\"13\" font-weight=\"bold\">xy</text>", "what changed is bold");
	has(&out, "M0 15h16v1h-16z", "and underlined");
	has(&out, "fill=\"#000000\" d=\"M16 0h8v17h-8z\"/>", "the cursor is reversed");
	has(&out, "fill=\"#c1e5ff\" font-weight=\"bold\">z</text>", "its letter too");
	buf_free(&out);
	canvas_free(canvas);
}

static void
arbitrary(void)
{
	struct origin origin = picture_hostile_origin();
	struct buf out = BUF_INIT;
	bool harmless = true, alone = true;

	for (uint64_t seed = 1; seed <= 200; seed++) {
		struct canvas *canvas = picture_arbitrary(seed);
		struct picture picture = {
		    canvas, theme_find(seed % 2 ? "dark" : "mono"), origin, 1};
		struct err err = {0};

		buf_clear(&out);
		picture_svg(&out, &picture, &err);
		harmless = harmless && picture_is_harmless(&out);
		alone = alone && count_of(&out, "<text") == count_of(&out, "</text>") &&
		    !strstr(buf_text(&out), "]]>") && !strstr(buf_text(&out), "<!--") &&
		    !strstr(buf_text(&out), "</script");
		canvas_free(canvas);
	}
	ok(harmless, "200 arbitrary canvases: no control character, all is UTF-8");
	ok(alone, "no markup but ours");
	buf_free(&out);
}

int
main(void)
{
	golden(story_copied, 80, 24, "print", "captures/copied-80x24.svg");
	golden(story_hostile, 60, 18, "dark", "captures/hostile-60x18.svg");
	golden(story_guide_asks, 80, 24, "print", "captures/guide-asks-80x24.svg");
	golden(story_frames, 60, 18, "mono", "captures/frames-60x18.svg");
	text_and_lines();
	marks();
	origins();
	small_enough();
	arbitrary();
	return done_testing();
}
