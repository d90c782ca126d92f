/*
 * shots WHAT CANVAS COLUMNSxROWS THEME SCALE, to standard output. WHAT: png and pdf, by the built
 * cowscope-draw
 * ($top_builddir/src); cells: a line a cell, what a picture of it must show: width, colours, what
 * it is, its text. CANVAS: a story's name, or "lines".
 */
#include "config.h"

#include "base/utf8.h"
#include "out/picture/draw.h"
#include "view/canvas/look.h"
#include "view/canvas/strokes.h"
#include "view_stories.h"

#include <stdio.h>

static void
draw_lines(struct canvas *canvas)
{
	static const char *const rows[] = {"┌──┬──┐ ╔══╦══╗ ┏━━┳━━┓ ╒══╤══╕ ╓──╥──╖",
	    "│写│时│ ║复║制║ ┃页┃面┃ │ab│cd│ ║ef║gh║", "├──┼──┤ ╠══╬══╣ ┣━━╋━━┫ ╞══╪══╡ ╟──╫──╢",
	    "│缺│页│ ║表║项║ ┃脏┃页┃ │Wj│@g│ ║ÅÇ║é_║", "└──┴──┘ ╚══╩══╝ ┗━━┻━━┛ ╘══╧══╛ ╙──╨──╜",
	    "▁▂▃▄▅▆▇█▉▊▋▌▍▎▏▐░▒▓▔▕▖▗▘▙▚▛▜▝▞▟█▀▀ ╭──╮", "■□▲△▽◆○●·… ┄┄┅┅┆┆┇┇┈┉┊┋ ╌╍╎╏ ╴╵╶╷ ╰──╯",
	    "e\xcc\x81\xcc\xa8 a\xcc\x8a\xcc\x88 ｆｕｌｌ한글かな"};
	static const enum role roles[] = {ROLE_PLAIN, ROLE_SHARED, ROLE_TITLE, ROLE_COPIED};

	for (int row = 0; row < canvas->rows; row++) {
		struct pen pen = pen_at(canvas, 0, row, canvas->columns, roles[row / 8 % 4]);

		pen_text(&pen, rows[row % 8]);
		pen_fill(&pen);
	}
}

static struct canvas *
canvas_of(const char *name, int columns, int rows)
{
	struct canvas *canvas = canvas_new(columns, rows, false);

	if (strcmp(name, "lines") == 0)
		draw_lines(canvas);
	for (size_t i = 0; i < STORY_COUNT; i++) {
		struct story story = stories[i]();

		if (strcmp(name, story.name) == 0)
			scene_draw(canvas, story_scene(&story));
		story_free(&story);
	}
	return canvas;
}

/* "lines": strokes; "letter"; "blank" */
static const char *
kind_of(const struct cell *cell)
{
	struct cell_size size = {CELL_WIDTH, CELL_HEIGHT, 1};
	struct stroke strokes[STROKES_MAX];
	uint32_t code;

	if (cell->width == 0 || strcmp(cell->text, " ") == 0)
		return "blank";
	utf8_decode(cell->text, strlen(cell->text), &code);
	return strokes_of(code, &size, strokes) ? "lines" : "letter";
}

static void
cells(const struct canvas *canvas, const struct theme *theme)
{
	for (int row = 0; row < canvas->rows; row++)
		for (int column = 0; column < canvas->columns; column++) {
			const struct cell *cell = canvas_at(canvas, column, row);
			struct look look = look_of(theme, cell);

			printf("%d %d %d %06x %06x %d %d %s %s\n", column, row, cell->width,
			    look.foreground, look.background, look.bold, look.underline,
			    kind_of(cell), cell->text);
		}
}

static int
draw(const struct picture *picture, enum drawing_kind kind)
{
	const char *builddir = getenv("top_builddir");
	struct buf helper = BUF_INIT, out = BUF_INIT;
	struct err err = {0};
	int result;

	buf_addf(&helper, "%s/src/cowscope-draw", builddir && *builddir ? builddir : ".");
	result = draw_with(buf_text(&helper), &out, picture, kind, &err);
	if (result)
		fprintf(stderr, "%s\n", err.text);
	else
		fwrite(buf_text(&out), 1, out.length, stdout);
	buf_free(&helper);
	buf_free(&out);
	return result ? (int)err.kind : 0;
}

int
main(int argc, char **argv)
{
	struct picture picture = {
	    .origin = {"cowscope: write a:2, 写时复制", "three panels\nand text",
		"cowscope --batch -c 'write a:2'", "cowscope 0.1.0", "Linux 6.18.0", 1700000000},
	};
	struct canvas *canvas;
	int columns, rows, result = 0;

	if (argc != 6 || sscanf(argv[3], "%dx%d", &columns, &rows) != 2 || !theme_find(argv[4]))
		return 2;
	picture.canvas = canvas = canvas_of(argv[2], columns, rows);
	picture.theme = theme_find(argv[4]);
	picture.scale = atof(argv[5]);
	if (strcmp(argv[1], "cells") == 0)
		cells(canvas, picture.theme);
	else
		result = draw(&picture, strcmp(argv[1], "pdf") == 0 ? DRAWING_PDF : DRAWING_PNG);
	canvas_free(canvas);
	return result;
}
