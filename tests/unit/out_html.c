#include "config.h"

#define PICTURE_WRITER picture_html
#include "picture_golden.h"

static void
cells(void)
{
	struct canvas *canvas = canvas_new(16, 3, false);
	struct pen pen = pen_at(canvas, 1, 1, 16, ROLE_PLAIN);
	struct origin origin = picture_origin();
	struct buf out = BUF_INIT;

	pen_text(&pen, "a <b ");
	pen.role = ROLE_COPIED;
	pen_text(&pen, "◆ 页 ");
	pen.marks = MARK_CURSOR | MARK_CHANGED;
	pen_text(&pen, "x");
	draw(&out, canvas, "print", &origin);
	has(&out,
	    ">\n\n a &lt;b <span class=\"copied g\">◆</span><span class=\"copied\"> </span>"
	    "<span class=\"copied w\">页</span><span class=\"copied\"> </span>"
	    "<span class=\"copied c k\">x</span>\n\n</pre>",
	    "a row is its runs, a blank first row stays, trailing blanks go");
	has(&out,
	    "<meta charset=\"utf-8\">\n<meta name=\"cowscope:command\" content=\"cowscope --batch ",
	    "first the command line");
	has(&out, "<meta name=\"generator\" content=\"cowscope 0.1.0\">", "the version");
	has(&out, "<meta name=\"cowscope:kernel\" content=\"Linux 6.18.0\">", "the kernel");
	has(&out, "<meta name=\"dcterms.created\" content=\"2023-11-14T22:13:20Z\">", "the time");
	has(&out, "aria-describedby=\"words\"", "the state in words belongs to the picture");
	has(&out, "(prefers-color-scheme:dark)", "what prints is dark on a dark screen");
	draw(&out, canvas, "light", &origin);
	ok(!strstr(buf_text(&out), "prefers-color-scheme"), "a theme that was asked for stays");
	buf_free(&out);
	canvas_free(canvas);
}

static void
hostile(void)
{
	struct origin origin = picture_hostile_origin();
	struct buf out = BUF_INIT;
	bool harmless = true;

	for (uint64_t seed = 1; seed <= 100; seed++) {
		struct canvas *canvas = picture_arbitrary(seed);
		struct picture picture = {canvas, theme_find("print"), origin, 1};
		struct err err = {0};

		buf_clear(&out);
		picture_html(&out, &picture, &err);
		harmless = harmless && picture_is_harmless(&out) &&
		    !strstr(buf_text(&out), "<script") && !strstr(buf_text(&out), "</script") &&
		    !strstr(buf_text(&out), "<!--") && count_of(&out, "</title>") == 1;
		canvas_free(canvas);
	}
	ok(harmless, "100 arbitrary canvases come out harmless");
	buf_free(&out);
}

#define STEPS 3

static void
small_film(struct buf *out, struct canvas *canvases[STEPS], const struct theme *dark)
{
	static const char *const commands[STEPS] = {"", "write a:2 \"</script>\"", "write b:2"};
	struct film_step steps[STEPS];
	struct film film = {steps, STEPS, theme_find("print"), dark, picture_origin(), 0};
	struct err err = {0};

	for (uint32_t i = 0; i < STEPS; i++)
		steps[i] = (struct film_step){canvases[i], i + 1, commands[i],
		    "what <happened>\nthen", "a page 2: <copied>\nb: absent", i};
	is_number(film_html(out, &film, &err), 0, "a session as a page");
}

static void
films(void)
{
	struct canvas *canvases[STEPS] = {picture_story(story_shared, 60, 18),
	    picture_story(story_copied, 60, 18), picture_story(story_both, 60, 18)};
	struct buf one = BUF_INIT, other = BUF_INIT;

	small_film(&one, canvases, theme_find("dark"));
	is_golden(&one, "captures/film-60x18.html");
	small_film(&other, canvases, theme_find("dark"));
	ok(strcmp(buf_text(&one), buf_text(&other)) == 0, "the same bytes twice");
	is_number(
	    count_of(&one, "<section id=\"step-"), STEPS, "each step can be read without a script");
	is_number(count_of(&one, "</script>"), 3, "nobody ends a script but us");
	ok(!strstr(buf_text(&one), "http://") && !strstr(buf_text(&one), "https://"),
	    "nothing from elsewhere");
	has(&one,
	    "<h2>Step 2</h2>\n"
	    "<p class=\"command\"><code>write a:2 &quot;&lt;/script&gt;&quot;</code></p>",
	    "with its number and its command");
	buf_clear(&other);
	small_film(&other, canvases, NULL);
	ok(!strstr(buf_text(&other), "id=\"theme\"") &&
		!strstr(buf_text(&other), "prefers-color-scheme:dark"),
	    "without a dark theme nothing switches");
	for (int i = 0; i < STEPS; i++)
		canvas_free(canvases[i]);
	buf_free(&one);
	buf_free(&other);
}

/* A step that differs in one word, in prose and in nothing else. */
static void
differences(void)
{
	struct canvas *canvases[STEPS];
	struct buf out = BUF_INIT;

	for (int i = 0; i < STEPS; i++) {
		struct pen pen;

		canvases[i] = canvas_new(20, 2, false);
		pen = pen_at(canvases[i], 0, 0, 20, ROLE_PLAIN);
		pen_text(&pen, i == 0 ? "pss 12K same" : "pss 13K same");
		pen = pen_at(canvases[i], 0, 1, 20, ROLE_TEXT);
		pen_text(&pen, i == 0 ? "nothing" : "another story");
	}
	small_film(&out, canvases, NULL);
	is_number(count_of(&out, "pss 12K same\nnothing\n</pre>"), 1,
	    "the first step has no step before");
	is_number(count_of(&out, "pss <mark>13K</mark> same\nanother story\n</pre>"), 1,
	    "a word differs as a whole; the story stands beside it");
	is_number(count_of(&out, "pss 13K same\nanother story\n</pre>"), 1,
	    "a step where nothing changed");
	has(&out, "\"styles\":[\"20A\",\n\"7Q13A\"", "equal rows are kept once");
	for (int i = 0; i < STEPS; i++)
		canvas_free(canvases[i]);
	buf_free(&out);
}

static void
hostile_film(void)
{
	struct origin origin = picture_hostile_origin();
	struct buf out = BUF_INIT;
	bool harmless = true;

	for (uint64_t seed = 1; seed <= 50; seed++) {
		struct film_step steps[STEPS];
		struct film film = {
		    steps, STEPS, theme_find("light"), theme_find("dark"), origin, 0.5};
		struct err err = {0};

		for (uint32_t i = 0; i < STEPS; i++)
			steps[i] = (struct film_step){
			    picture_arbitrary(seed), i, HOSTILE, HOSTILE, HOSTILE, i};
		buf_clear(&out);
		film_html(&out, &film, &err);
		harmless = harmless && picture_is_harmless(&out) &&
		    count_of(&out, "</script") == 3 && !strstr(buf_text(&out), "<!--") &&
		    count_of(&out, "<section") == STEPS;
		for (uint32_t i = 0; i < STEPS; i++)
			canvas_free((struct canvas *)(uintptr_t)steps[i].canvas);
	}
	ok(harmless, "50 arbitrary sessions come out harmless");
	buf_free(&out);
}

int
main(void)
{
	golden(story_copied, 80, 24, "print", "captures/copied-80x24.html");
	golden(story_hostile, 60, 18, "dark", "captures/hostile-60x18.html");
	golden(story_guide_asks, 80, 24, "print", "captures/guide-asks-80x24.html");
	cells();
	hostile();
	films();
	differences();
	hostile_film();
	return done_testing();
}
