#include "config.h"
#include "draw/sheet.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "draw/letters.h"
#include "view/canvas/look.h"

#include <cairo.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

struct fill {
	uint32_t color;
	int x, y, width, height;
};

struct fills {
	struct fill *list;
	size_t count, room;
};

struct sheet {
	cairo_t *cairo;
	const struct canvas *canvas;
	const struct theme *theme;
	struct cell_size cell;
};

struct cell_size
sheet_cell(double scale)
{
	int line = (int)scale;

	return (struct cell_size){
	    (int)lround(CELL_WIDTH * scale), (int)lround(CELL_HEIGHT * scale), line > 1 ? line : 1};
}

static void
fills_add(struct fills *fills, struct fill fill)
{
	if (fills->count == fills->room) {
		fills->room = fills->room ? fills->room * 2 : 256;
		fills->list = mem_resize(fills->list, fills->room, sizeof(*fills->list));
	}
	fills->list[fills->count++] = fill;
}

static int
by_color(const void *one, const void *other)
{
	const struct fill *a = one, *b = other;

	if (a->color != b->color)
		return a->color < b->color ? -1 : 1;
	if (a->y != b->y)
		return a->y < b->y ? -1 : 1;
	return a->x < b->x ? -1 : a->x > b->x;
}

static void
set_color(cairo_t *cairo, uint32_t color)
{
	cairo_set_source_rgb(cairo, (color >> 16 & 0xFF) / 255.0, (color >> 8 & 0xFF) / 255.0,
	    (color & 0xFF) / 255.0);
}

/* One path per colour, so that neighbours meet without a seam at any zoom of a PDF. */
static void
fills_paint(struct fills *fills, cairo_t *cairo)
{
	if (fills->count)
		qsort(fills->list, fills->count, sizeof(*fills->list), by_color);
	for (size_t i = 0; i < fills->count; i++) {
		const struct fill *fill = &fills->list[i];

		cairo_rectangle(cairo, fill->x, fill->y, fill->width, fill->height);
		if (i + 1 == fills->count || fill[1].color != fill->color) {
			set_color(cairo, fill->color);
			cairo_fill(cairo);
		}
	}
	free(fills->list);
}

static struct look
sheet_look_at(const struct sheet *sheet, int column, int row)
{
	const struct cell *cell = canvas_at(sheet->canvas, column, row);

	if (cell->width == 0 && column > 0)
		cell = canvas_at(sheet->canvas, column - 1, row);
	return look_of(sheet->theme, cell);
}

static void
background_row(const struct sheet *sheet, struct fills *fills, int row)
{
	for (int column = 0, end; column < sheet->canvas->columns; column = end) {
		uint32_t color = sheet_look_at(sheet, column, row).background;

		for (end = column + 1; end < sheet->canvas->columns; end++)
			if (sheet_look_at(sheet, end, row).background != color)
				break;
		if (color != sheet->theme->background)
			fills_add(fills,
			    (struct fill){color, column * sheet->cell.width,
				row * sheet->cell.height, (end - column) * sheet->cell.width,
				sheet->cell.height});
	}
}

static void
backgrounds(const struct sheet *sheet)
{
	struct fills fills = {NULL, 0, 0};

	set_color(sheet->cairo, sheet->theme->background);
	cairo_paint(sheet->cairo);
	for (int row = 0; row < sheet->canvas->rows; row++)
		background_row(sheet, &fills, row);
	fills_paint(&fills, sheet->cairo);
}

static size_t
cell_strokes(const struct sheet *sheet, const struct cell *cell, struct stroke out[STROKES_MAX])
{
	uint32_t code = 0;

	if (cell->width != 1 ||
	    utf8_decode(cell->text, strlen(cell->text), &code) != strlen(cell->text))
		return 0;
	return strokes_of(code, &sheet->cell, out);
}

static void
lines_of(const struct sheet *sheet, struct fills *fills, int column, int row)
{
	const struct cell *cell = canvas_at(sheet->canvas, column, row);
	struct look look = sheet_look_at(sheet, column, row);
	struct stroke strokes[STROKES_MAX];
	int x = column * sheet->cell.width, y = row * sheet->cell.height, line = sheet->cell.line;
	size_t count = cell_strokes(sheet, cell, strokes);

	for (size_t i = 0; i < count; i++)
		fills_add(fills,
		    (struct fill){look_mix(look.foreground, look.background, strokes[i].quarters),
			x + strokes[i].x, y + strokes[i].y, strokes[i].width, strokes[i].height});
	if (look.underline)
		fills_add(fills,
		    (struct fill){look.foreground, x, y + sheet->cell.height - 2 * line,
			sheet->cell.width, line});
}

static void
lines(const struct sheet *sheet)
{
	struct fills fills = {NULL, 0, 0};

	for (int row = 0; row < sheet->canvas->rows; row++)
		for (int column = 0; column < sheet->canvas->columns; column++)
			lines_of(sheet, &fills, column, row);
	fills_paint(&fills, sheet->cairo);
}

static bool
sheet_is_letter(const struct sheet *sheet, const struct cell *cell)
{
	struct stroke strokes[STROKES_MAX];

	return cell->width > 0 && strcmp(cell->text, " ") != 0 &&
	    !cell_strokes(sheet, cell, strokes);
}

static void
text_row(const struct sheet *sheet, struct letters *letters, int row)
{
	uint32_t color = UINT32_MAX;

	for (int column = 0; column < sheet->canvas->columns; column++) {
		const struct cell *cell = canvas_at(sheet->canvas, column, row);
		struct look look = look_of(sheet->theme, cell);

		if (!sheet_is_letter(sheet, cell))
			continue;
		if (look.foreground != color)
			set_color(sheet->cairo, color = look.foreground);
		letters_draw(letters, cell->text, cell->width, look.bold,
		    column * sheet->cell.width, row * sheet->cell.height);
	}
}

int
sheet_draw(cairo_t *cairo, const struct drawing *drawing, const struct cell_size *cell,
    bool outlines, struct err *err)
{
	struct sheet sheet = {cairo, drawing->canvas, drawing->theme, *cell};
	struct letters *letters = letters_new(cairo, cell, outlines, err);

	if (!letters)
		return -1;
	backgrounds(&sheet);
	lines(&sheet);
	for (int row = 0; row < sheet.canvas->rows; row++)
		text_row(&sheet, letters, row);
	letters_free(letters);
	return 0;
}
