/*
 * Pictures for tests of formats: stories as canvases, canvases that no pen draws, origins full of
 * what formats treat as special.
 */
#ifndef TESTS_PICTURE_FIXTURE_H
#define TESTS_PICTURE_FIXTURE_H

#include "base/utf8.h"
#include "out/picture/picture.h"
#include "tap.h"
#include "view_stories.h"

#define HOSTILE "]]><!--&\"'</script></title></svg>"

__attribute__((unused)) static struct origin
picture_origin(void)
{
	return (struct origin){
	    .title = "cowscope: write a:2, step 2",
	    .description = "a page 2: copied, frame a2\nb page 2: shared with c, frame F2",
	    .command_line = "cowscope --batch -c 'write a:2 \"<&>\"' --format=svg -o a.svg",
	    .software = "cowscope 0.1.0",
	    .kernel = "Linux 6.18.0",
	    .time_s = 1700000000,
	};
}

__attribute__((unused)) static struct origin
picture_hostile_origin(void)
{
	return (struct origin){
	    .title = HOSTILE "\n\033[2J\xe2\x80\xae\xe2\x80\xa8\xff",
	    .description = HOSTILE "\r\n\001" HOSTILE "\xef\xbf\xbf",
	    .command_line = HOSTILE,
	    .software = HOSTILE,
	    .kernel = HOSTILE,
	    .time_s = UINT64_MAX,
	};
}

__attribute__((unused)) static struct canvas *
picture_story(struct story (*tell)(void), int columns, int rows)
{
	struct story story = tell();
	struct canvas *canvas = canvas_new(columns, rows, false);

	scene_draw(canvas, story_scene(&story));
	story_free(&story);
	return canvas;
}

static uint32_t
picture_random(uint64_t *state)
{
	*state = *state * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*state >> 32);
}

static void
picture_arbitrary_cell(struct cell *cell, uint64_t *state)
{
	static const char *const texts[] = {"<", "&", ">", "\"", "'", "]]>", "</script>", "<!--",
	    "\033[2J", "\n", "\r", "\xe2\x80\xa8", "\xe2\x80\xae", "\xff", "\xef\xbf\xbf",
	    "\xe9\xa1\xb5", "e\xcc\x81", "\xf0\x9f\x90\xae", "\xe2\x94\x80", "\xe2\x96\xa0",
	    "\xcc\x81", "-->", " ", ""};
	const size_t count = sizeof(texts) / sizeof(texts[0]);
	uint32_t choice = picture_random(state);

	memset(cell, (int)(choice >> 8 & 0xFF), sizeof(*cell));
	if (choice % 8) {
		memset(cell->text, 0, sizeof(cell->text));
		strcpy(cell->text, texts[picture_random(state) % count]);
	}
	cell->width = (uint8_t)(choice % 16 == 1 ? choice : choice >> 4 & 3);
	cell->role = (uint8_t)(picture_random(state) % (choice % 4 ? ROLE_COUNT : 256));
	cell->marks = (uint8_t)(choice >> 16);
}

/* What is special to a format, broken UTF-8, widths, roles and marks that there are not. */
__attribute__((unused)) static struct canvas *
picture_arbitrary(uint64_t seed)
{
	struct canvas *canvas = canvas_new(1 + (int)(seed % 30), 1 + (int)(seed % 7), false);

	for (int i = 0; i < canvas->columns * canvas->rows; i++)
		picture_arbitrary_cell(&canvas->cells[i], &seed);
	return canvas;
}

/* Whether nothing stands there that XML forbids or a terminal obeys, and all is UTF-8. */
__attribute__((unused)) static bool
picture_is_harmless(const struct buf *text)
{
	for (size_t at = 0; at < text->length;) {
		uint32_t code;
		size_t bytes = utf8_decode(text->data + at, text->length - at, &code);

		if ((code == 0xFFFD && bytes == 1) || (code != '\n' && utf8_cells(code) < 0) ||
		    (code & 0xFFFE) == 0xFFFE)
			return false;
		at += bytes;
	}
	return true;
}

__attribute__((unused)) static size_t
count_of(const struct buf *text, const char *part)
{
	size_t count = 0;

	for (const char *at = buf_text(text); (at = strstr(at, part)); at += strlen(part))
		count++;
	return count;
}

__attribute__((unused)) static void
has(const struct buf *text, const char *part, const char *what)
{
	if (!ok(strstr(buf_text(text), part) != NULL, "%s", what))
		printf("# wanted: %s\n", part);
}

#endif
