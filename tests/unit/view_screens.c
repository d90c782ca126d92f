/*
 * Each story as a screen, against tests/golden/NAME-COLSxROWS[-ascii].txt below $srcdir. UPDATE=1
 * writes them.
 */
#include "config.h"

#include "golden.h"
#include "out/picture/text.h"
#include "tap.h"
#include "view_stories.h"

static void
screen(struct story *story, int columns, int rows, bool ascii)
{
	struct canvas *canvas = story_canvas(story, columns, rows, ascii);
	struct buf text = BUF_INIT, name = BUF_INIT;

	text_canvas(&text, canvas);
	buf_addf(&name, "%s-%dx%d%s.txt", story->name, columns, rows, ascii ? "-ascii" : "");
	is_golden(&text, buf_text(&name));
	buf_free(&text);
	buf_free(&name);
	canvas_free(canvas);
}

static bool
has_small_screen(const char *name)
{
	static const char *const small[] = {"copied", "many", "lives", "frames", "prompt", "code"};

	if (strncmp(name, "guide-", 6) == 0)
		return true;
	for (size_t i = 0; i < sizeof(small) / sizeof(small[0]); i++)
		if (strcmp(name, small[i]) == 0)
			return true;
	return false;
}

int
main(void)
{
	for (size_t i = 0; i < STORY_COUNT; i++) {
		struct story story = stories[i]();

		for (int ascii = 0; ascii < 2; ascii++) {
			screen(&story, 60, 18, ascii);
			screen(&story, 80, 24, ascii);
			screen(&story, 120, 40, ascii);
			if (has_small_screen(story.name))
				screen(&story, 40, 12, ascii);
		}
		story_free(&story);
	}
	return done_testing();
}
