/*
 * Drawing and golden files, the same for each format of one picture: define PICTURE_WRITER before.
 */
#ifndef TESTS_PICTURE_GOLDEN_H
#define TESTS_PICTURE_GOLDEN_H

#include "golden.h"
#include "picture_fixture.h"

/* By PICTURE_WRITER, which the test defines. */
static void
draw(struct buf *out, const struct canvas *canvas, const char *theme, const struct origin *origin)
{
	struct picture picture = {canvas, theme_find(theme), *origin, 1};
	struct err err = {0};

	buf_clear(out);
	is_number(PICTURE_WRITER(out, &picture, &err), 0, "a picture in theme %s", theme);
}

__attribute__((unused)) static void
golden(struct story (*tell)(void), int columns, int rows, const char *theme, const char *name)
{
	struct canvas *canvas = picture_story(tell, columns, rows);
	struct origin origin = picture_origin();
	struct buf one = BUF_INIT, other = BUF_INIT;

	draw(&one, canvas, theme, &origin);
	is_golden(&one, name);
	draw(&other, canvas, theme, &origin);
	ok(strcmp(buf_text(&one), buf_text(&other)) == 0, "the same bytes twice");
	buf_free(&one);
	buf_free(&other);
	canvas_free(canvas);
}

#endif
