#include "config.h"
#include "out/picture/runs.h"
#include "base/utf8.h"
#include "out/picture/markup.h"

#include <stddef.h>
#include <string.h>

#define MARKS (MARK_CHANGED | MARK_CURSOR)

bool
cell_is_blank(const struct cell *cell)
{
	return cell->width == 0 || !cell->text[0] || (cell->text[0] == ' ' && !cell->text[1]);
}

uint32_t
cell_code(const struct cell *cell)
{
	size_t length = strnlen(cell->text, sizeof(cell->text));
	uint32_t code = 0;

	return length && utf8_decode(cell->text, length, &code) == length ? code : 0;
}

static bool
is_line(uint32_t code)
{
	return code >= 0x2500 && code <= 0x257F;
}

uint8_t
cell_box(const struct cell *cell)
{
	uint32_t code = cell_code(cell);

	if (cell_is_blank(cell))
		return 0;
	if (cell->width == 2)
		return 2;
	return code >= 0x20 && (code < 0x7F || is_line(code)) ? 0 : 1;
}

/* Prose beside the step always differs; a blank shows only on a fill; a line reappears where
 * something was removed. */
static bool
is_quiet(const struct cell *cell)
{
	if (cell->role == ROLE_TEXT || cell->role == ROLE_COMMAND)
		return true;
	if (cell_is_blank(cell))
		return cell->role < ROLE_ABSENT || cell->role > ROLE_DIRTY;
	return is_line(cell_code(cell));
}

static bool
cell_differs(const struct cell *cell, const struct cell *before)
{
	if (is_quiet(cell))
		return false;
	if (cell->role != before->role)
		return true;
	return !cell_is_blank(cell) && strncmp(cell->text, before->text, sizeof(cell->text)) != 0;
}

static bool
is_of_word(const struct canvas *canvas, int column, int row, uint8_t role)
{
	const struct cell *cell = canvas_at(canvas, column, row);

	return cell && cell->role == role && !cell_is_blank(cell) && !is_line(cell_code(cell));
}

/* A word differs as a whole. */
static bool
differs(const struct canvas *canvas, const struct canvas *before, int column, int row)
{
	uint8_t role = canvas_at(canvas, column, row)->role;
	int first = column, end = column + 1;

	if (is_of_word(canvas, column, row, role)) {
		while (is_of_word(canvas, first - 1, row, role))
			first--;
		while (is_of_word(canvas, end, row, role))
			end++;
	}
	while (first < end &&
	    !cell_differs(canvas_at(canvas, first, row), canvas_at(before, first, row)))
		first++;
	return first < end;
}

static struct run
run_at(const struct canvas *canvas, const struct canvas *before, int column, int row)
{
	const struct cell *cell = canvas_at(canvas, column, row);

	return (struct run){
	    .column = column,
	    .cells = cell->width == 2 && column + 1 < canvas->columns ? 2 : 1,
	    .role = cell->role < ROLE_COUNT ? cell->role : ROLE_PLAIN,
	    .marks = cell->marks & MARKS,
	    .box = cell_box(cell),
	    .differs = before && differs(canvas, before, column, row),
	};
}

static bool
joins(const struct run *run, const struct run *next)
{
	return !run->box && !next->box && run->role == next->role && run->marks == next->marks &&
	    run->differs == next->differs;
}

bool
run_next(struct run *run, const struct canvas *canvas, const struct canvas *before, int row)
{
	int column = run->column + run->cells;
	struct run next;

	if (column >= canvas->columns)
		return false;
	*run = run_at(canvas, before, column, row);
	while ((column = run->column + run->cells) < canvas->columns) {
		next = run_at(canvas, before, column, row);
		if (!joins(run, &next))
			break;
		run->cells++;
	}
	return true;
}

size_t
run_text(struct buf *out, const struct run *run, const struct canvas *canvas, int row)
{
	size_t units = 0;

	for (int i = 0; i < run->cells; i++) {
		const struct cell *cell = canvas_at(canvas, run->column + i, row);

		if (i == 0 || run->box != 2)
			units += markup_cell(out, cell);
	}
	return units;
}
