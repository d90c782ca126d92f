#include "config.h"

#include "golden.h"
#include "session_film.h"

static void
pictures(void)
{
	struct story (*const shown[])(void) = {story_copied, story_hostile};
	struct err err;

	for (size_t i = 0; i < 2; i++) {
		struct story story = shown[i]();
		struct canvas *canvas = story_canvas(&story, 80, 24, false);
		struct picture picture = {canvas, theme_find("print"), session_origin, 1};
		struct buf out = BUF_INIT, again = BUF_INIT, name = BUF_INIT;

		is_number(picture_ansi(&out, &picture, &err), 0, "%s: a picture", story.name);
		buf_addf(&name, "captures/%s-80x24.ans", story.name);
		is_golden(&out, buf_text(&name));
		picture_ansi(&again, &picture, &err);
		is_text(buf_text(&again), buf_text(&out), "the same bytes twice");
		buf_free(&out);
		buf_free(&again);
		buf_free(&name);
		canvas_free(canvas);
		story_free(&story);
	}
}

static void
row_is(const struct canvas *canvas, const char *theme, const char *wanted, const char *what)
{
	struct picture picture = {canvas, theme_find(theme), session_origin, 1};
	struct buf out = BUF_INIT;
	struct err err;

	picture_ansi(&out, &picture, &err);
	is_text(buf_text(&out), wanted, "%s", what);
	buf_free(&out);
}

static void
draw(struct canvas *canvas, enum role role, uint8_t marks, const char *text)
{
	struct pen pen = pen_at(canvas, 0, 0, canvas->columns, role);

	canvas_clear(canvas);
	pen.marks = marks;
	pen_text(&pen, text);
}

static void
looks(void)
{
	struct canvas *canvas = canvas_new(8, 1, false);

	draw(canvas, ROLE_PLAIN, 0, "a b");
	row_is(canvas, "dark", "a b\n", "plain text has no escapes, and no blanks behind it");
	draw(canvas, ROLE_TITLE, 0, "a ");
	row_is(canvas, "dark", "\033[0;1ma\033[0m\n", "bold; a blank in bold is not seen");
	draw(canvas, ROLE_KEY, 0, "a ");
	row_is(canvas, "dark", "\033[0;7ma \033[0m\n", "a blank in reverse is seen");
	draw(canvas, ROLE_SHARED, 0, "a ");
	row_is(canvas, "dark", "\033[0;38;5;16;48;5;74ma \033[0m\n", "a fill, and a blank of it");
	draw(canvas, ROLE_PLAIN, MARK_CHANGED, "a ");
	row_is(canvas, "dark", "\033[0;1;4ma \033[0m\n", "changed: bold and underlined");
	draw(canvas, ROLE_PLAIN, MARK_CURSOR, "a");
	row_is(canvas, "dark", "\033[0;1;7ma\033[0m\n", "under the cursor: bold and reverse");
	draw(canvas, ROLE_KEY, MARK_CURSOR, "a");
	row_is(canvas, "dark", "\033[0;1ma\033[0m\n", "reverse twice is none");
	draw(canvas, ROLE_PLAIN, 0, "\xe9\xa1\xb5|");
	row_is(canvas, "dark", "\xe9\xa1\xb5|\n", "wide characters");
	canvas_free(canvas);
}

/* A canvas whose cells did not pass a pen. */
static void
harmless(void)
{
	struct canvas *canvas = canvas_new(6, 1, false);

	canvas_clear(canvas);
	strcpy(canvas->cells[0].text, "\033");
	strcpy(canvas->cells[1].text, "ab");
	memset(canvas->cells[2].text, 'x', sizeof(canvas->cells[2].text));
	canvas->cells[3].text[0] = '\0';
	strcpy(canvas->cells[4].text, "\n");
	canvas->cells[4].role = 200;
	row_is(canvas, "dark", "\xef\xbf\xbd?? \xef\xbf\xbd\n",
	    "any cell: nothing that a terminal obeys");
	canvas_free(canvas);
}

int
main(void)
{
	pictures();
	looks();
	harmless();
	return done_testing();
}
