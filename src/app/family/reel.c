#include "config.h"
#include "app/family/reel.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

#define RUN_MOST 255

/* Consecutive equal cells, as: how many, width, role, marks, the text and its end. */
struct reel_moment {
	uint64_t number, time_ns;
	char *text;
	int columns, rows;
	struct buf views[REEL_VIEWS];
	size_t bytes;
};

struct reel {
	struct reel_moment *moments;
	size_t count, room, bytes, bytes_at_most, thinned;
};

struct reel *
reel_new(size_t bytes_at_most)
{
	struct reel *reel = mem_zero(1, sizeof(*reel));

	reel->bytes_at_most = bytes_at_most;
	return reel;
}

static void
moment_release(struct reel_moment *moment)
{
	free(moment->text);
	for (size_t i = 0; i < REEL_VIEWS; i++)
		buf_free(&moment->views[i]);
}

void
reel_free(struct reel *reel)
{
	if (!reel)
		return;
	for (size_t i = 0; i < reel->count; i++)
		moment_release(&reel->moments[i]);
	free(reel->moments);
	free(reel);
}

static bool
cells_same(const struct cell *one, const struct cell *other)
{
	return one->width == other->width && one->role == other->role &&
	    one->marks == other->marks && strcmp(one->text, other->text) == 0;
}

static void
pack(struct buf *out, const struct canvas *canvas)
{
	size_t count = (size_t)canvas->columns * (size_t)canvas->rows, run;

	for (size_t i = 0; i < count; i += run) {
		const struct cell *cell = &canvas->cells[i];

		for (run = 1;
		     run < RUN_MOST && i + run < count && cells_same(cell, &canvas->cells[i + run]);
		     run++)
			;
		buf_add_char(out, (char)run);
		buf_add_char(out, (char)cell->width);
		buf_add_char(out, (char)cell->role);
		buf_add_char(out, (char)cell->marks);
		buf_add_n(out, cell->text, strlen(cell->text) + 1);
	}
}

static struct cell
unpack_cell(const char **at, size_t *run)
{
	struct cell cell = {
	    .width = (uint8_t)(*at)[1],
	    .role = (uint8_t)(*at)[2],
	    .marks = (uint8_t)(*at)[3],
	};

	*run = (unsigned char)(*at)[0];
	strncpy(cell.text, *at + 4, sizeof(cell.text) - 1);
	*at += 4 + strlen(*at + 4) + 1;
	return cell;
}

static void
reel_put_cell(struct canvas *canvas, size_t column, size_t row, const struct cell *cell)
{
	struct cell *there;

	if (column >= (size_t)canvas->columns || row >= (size_t)canvas->rows)
		return;
	there = &canvas->cells[row * (size_t)canvas->columns + column];
	*there = *cell;
	if (cell->width == 2 &&
	    column + 1 == (size_t)canvas->columns) /* its other half is cut off */
		*there = (struct cell){
		    .text = " ",
		    .width = 1,
		    .role = cell->role,
		    .marks = cell->marks,
		};
}

struct canvas *
reel_picture(const struct reel *reel, size_t index, size_t view, int columns, int rows)
{
	const struct reel_moment *moment = &reel->moments[index];
	struct canvas *canvas = canvas_new(columns, rows, false);
	const char *at = buf_text(&moment->views[view]), *end = at + moment->views[view].length;
	size_t place = 0, run;

	while (at < end) {
		struct cell cell = unpack_cell(&at, &run);

		for (; run; run--, place++)
			reel_put_cell(canvas, place % (size_t)moment->columns,
			    place / (size_t)moment->columns, &cell);
	}
	return canvas;
}

static void
reel_thin(struct reel *reel)
{
	size_t half = reel->count / 2, kept = 0;

	for (size_t i = 0; i < reel->count; i++) {
		if (i < half && i % 2 == 1) {
			reel->bytes -= reel->moments[i].bytes;
			reel->thinned++;
			moment_release(&reel->moments[i]);
		} else {
			reel->moments[kept++] = reel->moments[i];
		}
	}
	reel->count = kept;
}

/* Gives back what the buffer has beyond its contents. */
static size_t
reel_keep(struct buf *buf)
{
	buf->data = mem_resize(buf->data, buf->length + 1, 1);
	buf->room = buf->length + 1;
	return buf->room;
}

static void
reel_take(struct reel_moment *moment, const struct reel_sample *sample)
{
	*moment = (struct reel_moment){
	    .number = sample->number,
	    .time_ns = sample->time_ns,
	    .text = mem_string(sample->text),
	};
	moment->bytes = sizeof(*moment) + strlen(sample->text) + 1;
	for (size_t i = 0; i < REEL_VIEWS; i++) {
		if (!sample->views[i])
			continue;
		moment->columns = sample->views[i]->columns;
		moment->rows = sample->views[i]->rows;
		pack(&moment->views[i], sample->views[i]);
		moment->bytes += reel_keep(&moment->views[i]);
	}
	moment->bytes += (size_t)moment->columns * (size_t)moment->rows * sizeof(struct cell);
}

void
reel_add(struct reel *reel, const struct reel_sample *sample)
{
	if (reel->count == reel->room) {
		reel->room = reel->room ? reel->room * 2 : 64;
		reel->moments = mem_resize(reel->moments, reel->room, sizeof(*reel->moments));
	}
	reel_take(&reel->moments[reel->count], sample);
	reel->bytes += reel->moments[reel->count++].bytes;
	while (reel->bytes > reel->bytes_at_most && reel->count >= 4)
		reel_thin(reel);
}

size_t
reel_count(const struct reel *reel)
{
	return reel->count;
}

size_t
reel_thinned(const struct reel *reel)
{
	return reel->thinned;
}

size_t
reel_bytes(const struct reel *reel)
{
	return reel->bytes;
}

struct reel_sample
reel_at(const struct reel *reel, size_t index)
{
	const struct reel_moment *moment = &reel->moments[index];

	return (struct reel_sample){
	    .number = moment->number,
	    .time_ns = moment->time_ns,
	    .text = moment->text,
	};
}
