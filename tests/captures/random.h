/*
 * Random canvases, the same in every run: also what no pen would draw.
 */
#ifndef TESTS_RANDOM_H
#define TESTS_RANDOM_H

#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "view/canvas/drawing.h"

static uint32_t
random_number(uint64_t *seed, uint32_t below)
{
	*seed = *seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (uint32_t)(*seed >> 33) % below;
}

static uint32_t
random_code(uint64_t *seed)
{
	static const struct {
		uint32_t first, count;
	} kinds[] = {
	    {0x20, 95},
	    {0x2500, 0x100},
	    {0x4E00, 0x5000},
	    {0x300, 0x70},
	    {0x600, 0x100},
	    {0x900, 0x80},
	    {0x1F300, 0x300},
	    {0xAC00, 0x2000},
	    {0x80, 0x800},
	    {0, 0x10FFFF},
	};
	uint32_t kind = random_number(seed, sizeof(kinds) / sizeof(kinds[0]));

	return kinds[kind].first + random_number(seed, kinds[kind].count);
}

/* What formats and terminals treat as special. */
static const char *
random_special(uint64_t *seed)
{
	static const char *const texts[] = {"<", "&", ">", "\"", "'", "]]>", "</script>", "<!--",
	    "-->", "--!>", "\033[2J", "\033]0;x\a", "\302\2331m", "\016", "\177", "\b", "\n", "\r",
	    "\t", "```", "~~~", "`", "|", "\\", "\\u001b", "[x](y)", "# ", "&lt;", "&#27;",
	    "\342\200\250", "\342\200\256", "\357\277\277", "\355\240\200", "\377", "\300\200",
	    "\360\237\220\256", "e\314\201", "\314\201", "\345\206\231"};

	return texts[random_number(seed, sizeof(texts) / sizeof(texts[0]))];
}

static void
random_cell(uint64_t *seed, struct cell *cell)
{
	size_t used = 0;

	memset(cell->text, 0, sizeof(cell->text));
	for (uint32_t i = random_number(seed, 4); i > 0; i--) {
		char text[5];
		size_t bytes = utf8_encode(random_code(seed), text);

		if (used + bytes < sizeof(cell->text))
			memcpy(cell->text + used, text, bytes);
		used += bytes;
	}
	if (random_number(seed, 8) == 0)
		strcpy(cell->text, random_special(seed));
	if (random_number(seed, 20) == 0)
		for (size_t i = 0; i < sizeof(cell->text); i++)
			cell->text[i] = (char)random_number(seed, 256);
	cell->width = (uint8_t)random_number(seed, random_number(seed, 10) ? 3 : 256);
	cell->role = (uint8_t)random_number(seed, ROLE_COUNT + 2);
	cell->marks = (uint8_t)random_number(seed, random_number(seed, 10) ? 4 : 256);
}

/* Half of it as a pen would, half as none would. */
static struct canvas *
random_canvas_of(uint64_t *seed, int columns, int rows)
{
	struct canvas *canvas = canvas_new(columns, rows, random_number(seed, 8) == 0);

	for (int i = 0; i < canvas->columns * canvas->rows / 2; i++) {
		char text[5];
		struct pen pen = pen_at(canvas, (int)random_number(seed, (uint32_t)columns),
		    (int)random_number(seed, (uint32_t)rows), canvas->columns,
		    (enum role)random_number(seed, ROLE_COUNT));

		pen.marks = (uint8_t)random_number(seed, 4);
		utf8_encode(1 + random_code(seed), text);
		pen_text(&pen, text);
	}
	if (random_number(seed, 2))
		for (int i = 0; i < canvas->columns * canvas->rows; i += 2)
			random_cell(seed, &canvas->cells[i]);
	return canvas;
}

/* Most are small; up to 500 x 200. */
__attribute__((unused)) static struct canvas *
random_canvas(uint64_t *seed)
{
	uint32_t columns = 24, rows = 8;

	if (random_number(seed, 8) == 0)
		columns = 120, rows = 40;
	if (random_number(seed, 64) == 0)
		columns = 500, rows = 200;
	return random_canvas_of(
	    seed, 1 + (int)random_number(seed, columns), 1 + (int)random_number(seed, rows));
}

/* How often: ROUNDS in the environment, or so many times. */
__attribute__((unused)) static uint64_t
random_rounds(uint64_t usual)
{
	const char *text = getenv("ROUNDS");

	return text && *text ? strtoull(text, NULL, 10) : usual;
}

__attribute__((unused)) static struct drawing
random_drawing(uint64_t *seed, const struct canvas *canvas)
{
	const char *const *names = theme_names();
	int count = 0;

	while (names[count])
		count++;
	return (struct drawing){
	    .kind = random_number(seed, 2) ? DRAWING_PDF : DRAWING_PNG,
	    .scale = 1 + random_number(seed, 2000) / 1000.0,
	    .time_s = random_number(seed, 9) ? random_number(seed, UINT32_MAX) : UINT64_MAX,
	    .texts = {"a title\x1b \xe5\x86\x99\xff", "two\nlines", "cowscope --batch", "",
		"Linux"},
	    .canvas = canvas,
	    .theme = theme_find(names[random_number(seed, (uint32_t)count)]),
	};
}

#endif
