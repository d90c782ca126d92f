/*
 * What leads through the lab, beside it: what it shows at which stage, and what of it is seen at
 * which size.
 */
#include "config.h"

#include "out/picture/text.h"
#include "tap.h"
#include "view_stories.h"

static bool
shows(struct story *story, int columns, int rows, const char *wanted)
{
	struct canvas *canvas = story_canvas(story, columns, rows, false);
	struct buf text = BUF_INIT;
	bool found;

	text_canvas(&text, canvas);
	found = strstr(buf_text(&text), wanted) != NULL;
	buf_free(&text);
	canvas_free(canvas);
	return found;
}

/* The rows of the screen that hold the text. */
static int
count_rows(struct story *story, int columns, int rows, const char *first, const char *other)
{
	struct canvas *canvas = story_canvas(story, columns, rows, false);
	struct buf text = BUF_INIT;
	int count = 0;

	text_canvas(&text, canvas);
	for (const char *line = buf_text(&text); *line;) {
		size_t length = strcspn(line, "\n");
		char *copy = mem_string_n(line, length);

		count += strstr(copy, first) && strstr(copy, other);
		free(copy);
		line += length + (line[length] == '\n');
	}
	buf_free(&text);
	canvas_free(canvas);
	return count;
}

static int
guide_last(const struct scene *scene)
{
	int shown;

	return scene_guide_last(scene, 80, 24, &shown);
}

static void
panels_stay(void)
{
	struct story story = story_guide_tells();

	is_number(count_rows(&story, 80, 24, "│", " x"), 10, "all ten pages at 80x24");
	story.guide.text = "line\nline\nline\nline\nline\nline\nline\nline\nline";
	is_number(count_rows(&story, 80, 24, "line", ""), 8 + 1,
	    "with eight lines of text, and where they are");
	ok(shows(&story, 80, 24, "lines 1-8 of 11"), "which says how many there are");
	ok(shows(&story, 40, 12, "1-5/14"), "in few words where it is narrow");
	is_number(count_rows(&story, 40, 12, "│", "shared"), 3, "some pages at 40x12");
	story.scene.page = 9;
	ok(shows(&story, 40, 12, "9>"), "those around the cursor");
	story_free(&story);
}

static void
takes_turns(void)
{
	struct story story = story_guide_tells();

	story.scene.view = SCENE_GUIDE;
	is_number(guide_last(story_scene(&story)), 0, "alone, all of the text fits");
	ok(shows(&story, 80, 24, "one page fault and one copy of one page."), "and is shown");
	ok(!shows(&story, 80, 24, "┌"), "without panels");
	story.guide.title = NULL;
	story.scene.guide = NULL;
	ok(shows(&story, 80, 24, "┌"), "a guide that is not there leaves its view to the panels");
	is_number(guide_last(&story.scene), 0, "and has nothing to scroll");
	story_free(&story);
}

/* Is the text on a screen of what scrolls, with nothing cut? */
static bool
reads(struct story *story, int columns, int rows, const char *wanted)
{
	int shown, last = scene_guide_last(story_scene(story), columns, rows, &shown);
	bool found = false;

	for (story->guide.top = 0; story->guide.top <= last && !found; story->guide.top++)
		found = shows(story, columns, rows, wanted);
	for (story->guide.top = 0; story->guide.top <= last; story->guide.top++)
		found &= !shows(story, columns, rows, "…");
	story->guide.top = 0;
	return found;
}

static void
scrolls(void)
{
	struct story story = story_guide_tells();
	int last = guide_last(story_scene(&story));

	ok(last > 0, "a long text scrolls");
	ok(!shows(&story, 80, 24, "see the write."), "its end is not seen at first");
	story.guide.top = last - 1;
	ok(!shows(&story, 80, 24, "see the write."), "nor a line before the last");
	story.guide.top = last;
	ok(shows(&story, 80, 24, "see the write."), "but there");
	story.guide.top = 1000;
	ok(shows(&story, 80, 24, "see the write."), "and no further");
	story_free(&story);
}

/* What happened is read like the text: after it, or before it where it is the news. */
static void
tells_all(void)
{
	static const int sizes[][2] = {{80, 24}, {60, 18}, {40, 12}, {81, 25}, {23, 9}};
	struct story story = story_guide_tells();

	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		ok(reads(&story, sizes[i][0], sizes[i][1], "write.") &&
			reads(&story, sizes[i][0], sizes[i][1], "write a:2 ->"),
		    "%dx%d: all of what happened can be read", sizes[i][0], sizes[i][1]);
	ok(!shows(&story, 40, 12, "write a:2 ->"), "below a long text");
	story.guide.aside = true;
	ok(shows(&story, 40, 12, "write a:2 -> Page"), "above it where somebody acted beside it");
	story.guide.aside = false;
	story.guide.heard = true;
	ok(!reads(&story, 40, 12, "write a:2 ->"), "not a second time where there is little room");
	story.guide.text = "line";
	ok(shows(&story, 80, 24, "write a:2 -> Page"), "but where there is enough");
	story.guide.heard = false;
	story.scene.overlay.message =
	    "a long answer that takes more than a line where there is as little room as here, END";
	story.scene.overlay.message_is_error = true;
	ok(shows(&story, 40, 12, "END"), "an answer is seen to its end");
	story_free(&story);
}

/* What the lesson speaks of at the foot of a panel is there at every size. */
static void
has_feet(void)
{
	struct story story = story_guide_tells();

	ok(shows(&story, 60, 18, "└rss 40K pss 16K +1"), "60x18: the panels have a foot");
	ok(shows(&story, 40, 12, "a 40K/16K"), "40x12: it stands in the heading");
	ok(shows(&story, 100, 12, "a  rss 40K pss 16K  pid"),
	    "before the pid, where there is room");
	story_free(&story);
}

static void
keeps_keys(void)
{
	struct story story = story_guide_points(), long_one = story_guide_tells();
	int shown;

	ok(shows(&long_one, 40, 12, "Space more"), "Space reads on where there is more");
	long_one.guide.top = scene_guide_last(story_scene(&long_one), 40, 12, &shown);
	ok(shows(&long_one, 40, 12, "Space next"), "and leads on at the end");
	story_free(&long_one);

	ok(shows(&story, 40, 12, "x mark  n none  Space skip  ?  q quit"),
	    "40x12: the keys that answer are named");
	ok(shows(&story, 60, 18, "x mark  n none  arrows move  Space skip  ? help  q quit"),
	    "60x18: all of them");
	story_free(&story);
}

static void
hides_answers(void)
{
	struct story story = story_guide_asks();

	ok(shows(&story, 80, 24, "1 What a wrote"), "a question numbers its answers");
	ok(!shows(&story, 80, 24, "✓") && !shows(&story, 80, 24, "nobody wrote F2"),
	    "and hides which is right, and why");
	ok(!shows(&story, 80, 24, "read all:* ->"), "the step before is not told again");
	ok(!shows(&story, 80, 24, "x drop") && shows(&story, 80, 24, "1-4 answer"),
	    "keys are those of the question");
	story_free(&story);
}

static void
shows_both(void)
{
	struct story story = story_guide_shows();

	is_number(count_rows(&story, 80, 24, "predicted: ✗ not so", "observed"), 1,
	    "what was predicted beside what was observed");
	ok(shows(&story, 80, 24, "never to the file's page."),
	    "the reason why the chosen answer is wrong");
	ok(shows(&story, 80, 24, "right is 2: What stood there before."), "the right answer");
	ok(shows(&story, 80, 24, "nobody wrote F2."), "and its reason");
	ok(shows(&story, 80, 24, "2 of 3 right"), "the score");
	story.guide.answers[0].chosen = false;
	ok(shows(&story, 80, 24, "no prediction") && shows(&story, 80, 24, "right is 2"),
	    "who skipped is told");
	story.guide.answers[1].chosen = true;
	ok(shows(&story, 80, 24, "✓ right") && !shows(&story, 80, 24, "right is 2"),
	    "who was right is told once");
	story_free(&story);
}

static const struct cell *
mark_of(const struct canvas *canvas, const struct story *story, int process, uint32_t page)
{
	const struct scene *scene = &story->scene;
	char name = (char)('a' + process);

	for (int row = 0; row < canvas->rows; row++)
		for (int column = 0; column < canvas->columns; column++) {
			char hit;
			uint32_t number;

			if (scene_hit(
				scene, canvas->columns, canvas->rows, column, row, &hit, &number) &&
			    hit == name && number == page)
				return canvas_at(canvas, column, row);
		}
	return NULL;
}

static void
marks_pages(void)
{
	struct story marking = story_guide_points(), judged = story_guide_pointed();
	struct canvas *one = story_canvas(&marking, 80, 24, false),
		      *other = story_canvas(&judged, 80, 24, false);

	is_text(mark_of(one, &marking, 1, 3)->text, "+", "a page that is marked");
	is_text(mark_of(one, &marking, 2, 3)->text, "*",
	    "one that is not, but that the last step changed");
	ok(shows(&marking, 80, 24, "marked: a:2  b:2-4"), "their names");
	is_text(mark_of(other, &judged, 1, 2)->text, "✓", "marked, and changed");
	is_text(mark_of(other, &judged, 0, 2)->text, "✗", "marked, not changed");
	is_text(mark_of(other, &judged, 2, 2)->text, "*", "changed, not marked");
	is_text(mark_of(other, &judged, 2, 3)->text, " ", "neither");
	ok(shows(&judged, 80, 24, "✗ 1 found, 1 missed"), "counted");
	judged.pointed[12] = judged.pointed[2] = false;
	ok(shows(&judged, 80, 24, "no prediction") && !shows(&judged, 80, 24, "missed"),
	    "who marked nothing skipped it");
	canvas_free(one);
	canvas_free(other);
	story_free(&marking);
	story_free(&judged);
}

static void
votes(void)
{
	struct story story = story_guide_votes();
	struct canvas *canvas = story_canvas(&story, 80, 24, false),
		      *small = story_canvas(&story, 40, 12, false);

	ok(shows(&story, 80, 24, "9 ■■■■■ ") && shows(&story, 80, 24, " 22 ●●●●●●●●●●●●●"),
	    "two votes side by side");
	ok(shows(&story, 80, 24, "first vote") && shows(&story, 80, 24, "second vote"),
	    "which is which");
	is_text(canvas_at(canvas, canvas->cursor_column, canvas->cursor_row)->text, "0",
	    "the cursor stands on the count");
	ok(canvas_at(canvas, canvas->cursor_column, canvas->cursor_row)->role == ROLE_FOCUS,
	    "that is typed");
	ok(canvas_at(small, small->cursor_column, small->cursor_row)->role == ROLE_FOCUS,
	    "which stays in sight at 40x12");
	story.guide.votes = 0;
	story.guide.stage = GUIDE_ASKS;
	ok(!shows(&story, 80, 24, "vote  "), "no vote, no bars");
	story.guide.votes = 1;
	story.guide.answers[0].votes[0] = UINT32_MAX;
	ok(shows(&story, 60, 18, "4294967295"), "a large class");
	canvas_free(canvas);
	canvas_free(small);
	story_free(&story);
}

static void
messages(void)
{
	struct story story = story_guide_shared();

	ok(shows(&story, 80, 24, "─ select a:2 ─"), "the command of a key stands in the rule");
	is_number(guide_last(story_scene(&story)), 0, "where it moves nothing");
	story.scene.overlay.message_is_error = true;
	ok(!shows(&story, 80, 24, "─ select a:2 ─") && shows(&story, 80, 24, " select a:2"),
	    "an error stands below the text");
	story_free(&story);
}

int
main(void)
{
	panels_stay();
	takes_turns();
	scrolls();
	tells_all();
	has_feet();
	keeps_keys();
	hides_answers();
	shows_both();
	marks_pages();
	votes();
	messages();
	return done_testing();
}
