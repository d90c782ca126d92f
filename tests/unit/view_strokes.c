#include "config.h"

#include "base/buf.h"
#include "tap.h"
#include "view/canvas/strokes.h"

#define WIDTH 8
#define HEIGHT 9

static size_t
paint(char grid[64][64], uint32_t code, const struct cell_size *cell)
{
	struct stroke strokes[STROKES_MAX];
	size_t count = strokes_of(code, cell, strokes);

	memset(grid, '.', 64 * 64);
	for (size_t i = 0; i < count; i++)
		for (int y = 0; y < strokes[i].height; y++)
			memset(
			    &grid[strokes[i].y + y][strokes[i].x], '#', (size_t)strokes[i].width);
	return count;
}

static void
looks(uint32_t code, const char *name, const char *wanted)
{
	struct cell_size cell = {WIDTH, HEIGHT, 1};
	struct buf got = BUF_INIT;
	char grid[64][64];

	paint(grid, code, &cell);
	for (int y = 0; y < HEIGHT; y++) {
		buf_add_n(&got, grid[y], WIDTH);
		buf_add_char(&got, '\n');
	}
	is_text(buf_text(&got), wanted, "%s", name);
	buf_free(&got);
}

static void
shapes(void)
{
	looks(0x253C, "a cross",
	    "...#....\n...#....\n...#....\n...#....\n########\n...#....\n...#....\n...#....\n...#....\n");
	looks(0x2510, "a corner",
	    "........\n........\n........\n........\n####....\n...#....\n...#....\n...#....\n...#....\n");
	looks(0x254B, "a heavy cross",
	    "..###...\n..###...\n..###...\n########\n########\n########\n..###...\n..###...\n..###...\n");
	looks(0x2554, "a double corner",
	    "........\n........\n........\n..######\n..#.....\n..#.####\n..#.#...\n..#.#...\n..#.#...\n");
	looks(0x256C, "a double cross",
	    "..#.#...\n..#.#...\n..#.#...\n###.####\n........\n###.####\n..#.#...\n..#.#...\n..#.#...\n");
	looks(0x255E, "a double arm of a light line",
	    "...#....\n...#....\n...#....\n...#####\n...#....\n...#####\n...#....\n...#....\n...#....\n");
	looks(0x255F, "a light arm of a double line",
	    "..#.#...\n..#.#...\n..#.#...\n..#.#...\n..#.####\n..#.#...\n..#.#...\n..#.#...\n..#.#...\n");
	looks(0x254C, "dashes",
	    "........\n........\n........\n........\n##..##..\n........\n........\n........\n........\n");
	looks(0x2584, "a lower half",
	    "........\n........\n........\n........\n########\n########\n########\n########\n########\n");
	looks(0x2596, "a quadrant",
	    "........\n........\n........\n........\n####....\n####....\n####....\n####....\n####....\n");
}

/* Names end in the arms by which a character meets its neighbours; an edge is met or it is not. */
static bool
meets(uint32_t code, const struct cell_size *cell, int edge)
{
	char grid[64][64];
	bool met = false;

	paint(grid, code, cell);
	for (int i = 0; i < (edge % 2 ? cell->height : cell->width); i++)
		met |= (edge == 0          ? grid[0][i]
			       : edge == 1 ? grid[i][cell->width - 1]
			       : edge == 2 ? grid[cell->height - 1][i]
					   : grid[i][0]) == '#';
	return met;
}

static void
edges(void)
{
	static const struct {
		uint32_t code;
		const char *name, *met; /* up, right, down, left */
	} lines[] = {
	    {0x2500, "horizontal", ".r.l"},
	    {0x2502, "vertical", "u.d."},
	    {0x250C, "top left", ".rd."},
	    {0x2510, "top right", "..dl"},
	    {0x2514, "bottom left", "ur.."},
	    {0x2518, "bottom right", "u..l"},
	    {0x251C, "left", "urd."},
	    {0x2524, "right", "u.dl"},
	    {0x252C, "top", ".rdl"},
	    {0x2534, "bottom", "ur.l"},
	    {0x253C, "cross", "urdl"},
	    {0x2574, "half", "...l"},
	};

	for (int scale = 1; scale <= 3; scale++) {
		struct cell_size cell = {8 * scale, 17 * scale, scale};

		for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
			char met[] = "....";

			for (int edge = 0; edge < 4; edge++)
				if (meets(lines[i].code, &cell, edge))
					met[edge] = "urdl"[edge];
			is_text(met, lines[i].met, "%s at scale %d meets its neighbours",
			    lines[i].name, scale);
		}
	}
}

static bool
within(const struct stroke *stroke, const struct cell_size *cell)
{
	return stroke->x >= 0 && stroke->y >= 0 && stroke->width > 0 && stroke->height > 0 &&
	    stroke->x + stroke->width <= cell->width &&
	    stroke->y + stroke->height <= cell->height && stroke->quarters >= 1 &&
	    stroke->quarters <= 4;
}

static void
all(void)
{
	int outside = 0, letters = 0;

	for (int scale = 1; scale <= 10; scale++)
		for (uint32_t code = 0x2500; code <= 0x259F; code++) {
			struct cell_size cell = {8 * scale, 17 * scale, scale};
			struct stroke strokes[STROKES_MAX];
			size_t count = strokes_of(code, &cell, strokes);

			letters += count == 0;
			for (size_t i = 0; i < count; i++)
				outside += !within(&strokes[i], &cell);
		}
	is_number(outside, 0, "no stroke leaves its cell, at no scale");
	is_number(letters, 30, "only the three diagonals are letters");
	is_number(strokes_of('a', &(struct cell_size){8, 17, 1}, (struct stroke[STROKES_MAX]){{0}}),
	    0, "and what is beyond the block");
	is_number(
	    strokes_of(0x25A0, &(struct cell_size){8, 17, 1}, (struct stroke[STROKES_MAX]){{0}}), 0,
	    "on either side");
}

int
main(void)
{
	shapes();
	edges();
	all();
	return done_testing();
}
