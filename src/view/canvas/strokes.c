#include "config.h"
#include "view/canvas/strokes.h"

#include <stdbool.h>

enum { UP, RIGHT, DOWN, LEFT };
enum { NONE, LIGHT, HEAVY, TWIN };

/* U+2500 to U+257F: two bits an arm, up, right, down, left. */
static const uint8_t arms[128] = {
    0x11,
    0x22,
    0x44,
    0x88,
    0x11,
    0x22,
    0x44,
    0x88,
    0x11,
    0x22,
    0x44,
    0x88,
    0x14,
    0x24,
    0x18,
    0x28,
    0x05,
    0x06,
    0x09,
    0x0A,
    0x50,
    0x60,
    0x90,
    0xA0,
    0x41,
    0x42,
    0x81,
    0x82,
    0x54,
    0x64,
    0x94,
    0x58,
    0x98,
    0xA4,
    0x68,
    0xA8,
    0x45,
    0x46,
    0x85,
    0x49,
    0x89,
    0x86,
    0x4A,
    0x8A,
    0x15,
    0x16,
    0x25,
    0x26,
    0x19,
    0x1A,
    0x29,
    0x2A,
    0x51,
    0x52,
    0x61,
    0x62,
    0x91,
    0x92,
    0xA1,
    0xA2,
    0x55,
    0x56,
    0x65,
    0x66,
    0x95,
    0x59,
    0x99,
    0x96,
    0xA5,
    0x5A,
    0x69,
    0xA6,
    0x6A,
    0x9A,
    0xA9,
    0xAA,
    0x11,
    0x22,
    0x44,
    0x88,
    0x33,
    0xCC,
    0x34,
    0x1C,
    0x3C,
    0x07,
    0x0D,
    0x0F,
    0x70,
    0xD0,
    0xF0,
    0x43,
    0xC1,
    0xC3,
    0x74,
    0xDC,
    0xFC,
    0x47,
    0xCD,
    0xCF,
    0x37,
    0x1D,
    0x3F,
    0x73,
    0xD1,
    0xF3,
    0x77,
    0xDD,
    0xFF,
    0x14,
    0x05,
    0x41,
    0x50,
    0x00,
    0x00,
    0x00,
    0x01,
    0x40,
    0x10,
    0x04,
    0x02,
    0x80,
    0x20,
    0x08,
    0x21,
    0x48,
    0x12,
    0x84,
};

/* Both are counted in light lines: the light line through the middle begins at 0 and ends at 1. */
struct band {
	int from, to;
};

struct sketch {
	const struct cell_size *cell;
	struct stroke *out;
	size_t count;
};

static void
strokes_add(struct sketch *sketch, int left, int top, int right, int bottom)
{
	if (right > left && bottom > top && sketch->count < STROKES_MAX)
		sketch->out[sketch->count++] =
		    (struct stroke){left, top, right - left, bottom - top, 4};
}

static int
arm(uint8_t all, int direction)
{
	return all >> (6 - 2 * (direction & 3)) & 3;
}

static struct band
mirrored(struct band band)
{
	return (struct band){1 - band.to, 1 - band.from};
}

/* A bar from `start` (as if it went right or down) to the edge of the cell, `across` wide. */
static void
bar(struct sketch *sketch, int direction, int start, struct band across)
{
	const struct cell_size *cell = sketch->cell;
	int line = cell->line, x = (cell->width - line) / 2, y = (cell->height - line) / 2;

	if (direction == RIGHT)
		strokes_add(sketch, x + start * line, y + across.from * line, cell->width,
		    y + across.to * line);
	else if (direction == LEFT)
		strokes_add(sketch, 0, y + across.from * line, x + (1 - start) * line,
		    y + across.to * line);
	else if (direction == DOWN)
		strokes_add(sketch, x + across.from * line, y + start * line, x + across.to * line,
		    cell->height);
	else
		strokes_add(sketch, x + across.from * line, 0, x + across.to * line,
		    y + (1 - start) * line);
}

/* Where a line of a double arm begins, on the side of the arm `near`. */
static int
twin_start(int near, int far)
{
	if (near == TWIN)
		return 1;
	return near == NONE && far == TWIN ? -1 : 0;
}

static void
twin_arm(struct sketch *sketch, uint8_t all, int direction)
{
	int before = direction == RIGHT || direction == LEFT ? UP : LEFT;
	int one = arm(all, before), other = arm(all, before + 2);

	bar(sketch, direction, twin_start(one, other), (struct band){-1, 0});
	bar(sketch, direction, twin_start(other, one), mirrored((struct band){-1, 0}));
}

static int
single_start(uint8_t all, int direction)
{
	int one = arm(all, direction + 1), other = arm(all, direction + 3);

	if (one == TWIN && other == TWIN)
		return arm(all, direction + 2) ? 0 : 1;
	if (one == TWIN || other == TWIN)
		return arm(all, direction + 2) ? 0 : -1;
	return one == HEAVY || other == HEAVY ? -1 : 0;
}

static void
box(struct sketch *sketch, uint8_t all)
{
	for (int direction = UP; direction <= LEFT; direction++) {
		int weight = arm(all, direction);

		if (weight == TWIN)
			twin_arm(sketch, all, direction);
		else if (weight)
			bar(sketch, direction, single_start(all, direction),
			    weight == HEAVY ? (struct band){-1, 2} : (struct band){0, 1});
	}
}

static int
dashes_of(uint32_t code)
{
	if (code >= 0x2504 && code <= 0x250B)
		return code < 0x2508 ? 3 : 4;
	return code >= 0x254C && code <= 0x254F ? 2 : 0;
}

/* Each dash is two thirds of its share. */
static void
dashed(struct sketch *sketch, uint8_t all, int count)
{
	const struct cell_size *cell = sketch->cell;
	bool flat = arm(all, RIGHT);
	int line = cell->line, wide = arm(all, flat ? RIGHT : DOWN) == HEAVY ? line : 0;
	int length = flat ? cell->width : cell->height;
	int from = ((flat ? cell->height : cell->width) - line) / 2 - wide,
	    to = from + line + 2 * wide;

	for (int i = 0; i < count; i++) {
		int start = length * i / count,
		    end = start + (length * (i + 1) / count - start) * 2 / 3;

		if (flat)
			strokes_add(sketch, start, from, end, to);
		else
			strokes_add(sketch, from, start, to, end);
	}
}

/* Bits: 1 top left, 2 top right, 4 bottom left, 8 bottom right; U+2596 to U+259F. */
static void
quadrants(struct sketch *sketch, uint32_t code)
{
	static const uint8_t parts[] = {4, 8, 1, 13, 9, 7, 11, 2, 6, 14};
	int width = sketch->cell->width, height = sketch->cell->height;

	for (int i = 0; i < 4; i++)
		if (parts[code - 0x2596] >> i & 1)
			strokes_add(sketch, i & 1 ? width / 2 : 0, i & 2 ? height / 2 : 0,
			    i & 1 ? width : width / 2, i & 2 ? height : height / 2);
}

static void
block(struct sketch *sketch, uint32_t code)
{
	int width = sketch->cell->width, height = sketch->cell->height;

	if (code == 0x2580)
		strokes_add(sketch, 0, 0, width, height / 2);
	else if (code == 0x2584)
		strokes_add(sketch, 0, height / 2, width, height);
	else if (code <= 0x2588)
		strokes_add(sketch, 0, height - height * (int)(code - 0x2580) / 8, width, height);
	else if (code <= 0x258F)
		strokes_add(sketch, 0, 0, width * (int)(0x2590 - code) / 8, height);
	else if (code == 0x2590)
		strokes_add(sketch, width / 2, 0, width, height);
	else if (code <= 0x2593)
		strokes_add(sketch, 0, 0, width, height);
	else if (code == 0x2594)
		strokes_add(sketch, 0, 0, width, height / 8);
	else if (code == 0x2595)
		strokes_add(sketch, width - width / 8, 0, width, height);
	else
		quadrants(sketch, code);
	if (code >= 0x2591 && code <= 0x2593)
		sketch->out[0].quarters = (int)(code - 0x2590);
}

size_t
strokes_of(uint32_t code, const struct cell_size *cell, struct stroke out[STROKES_MAX])
{
	struct sketch sketch = {cell, out, 0};

	if (code < 0x2500 || code > 0x259F)
		return 0;
	if (code >= 0x2580)
		block(&sketch, code);
	else if (dashes_of(code))
		dashed(&sketch, arms[code - 0x2500], dashes_of(code));
	else
		box(&sketch, arms[code - 0x2500]);
	return sketch.count;
}
