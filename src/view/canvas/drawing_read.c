#include "config.h"
#include "view/canvas/drawing.h"
#include "base/mem.h"
#include "base/utf8.h"

#include <stdlib.h>
#include <string.h>

struct drawing_reader {
	const unsigned char *bytes;
	size_t length, at;
	bool damaged; /* at `at`; nothing more is read */
};

/* What drawing_free() frees. */
struct own {
	struct drawing drawing;
	char *texts[DRAWING_TEXTS];
	struct canvas *canvas;
	struct theme theme;
};

static bool
damaged(struct drawing_reader *reader)
{
	reader->damaged = true;
	return false;
}

static const char *
drawing_take_bytes(struct drawing_reader *reader, size_t count)
{
	const char *bytes = (const char *)reader->bytes + reader->at;

	if (reader->damaged || count > reader->length - reader->at) {
		damaged(reader);
		return NULL;
	}
	reader->at += count;
	return bytes;
}

/* A number, at most `most`. */
static uint64_t
drawing_take(struct drawing_reader *reader, int bytes, uint64_t most)
{
	size_t at = reader->at;
	const unsigned char *from =
	    (const unsigned char *)drawing_take_bytes(reader, (size_t)bytes);
	uint64_t value = 0;

	for (int i = 0; from && i < bytes; i++)
		value |= (uint64_t)from[i] << (8 * i);
	if (value <= most)
		return value;
	reader->at = at;
	damaged(reader);
	return 0;
}

static bool
is_clean(const char *text, size_t length, bool lines)
{
	for (size_t at = 0; at < length;) {
		uint32_t code;
		size_t bytes = utf8_decode(text + at, length - at, &code);

		if ((bytes == 1 && code == 0xFFFD) ||
		    (utf8_cells(code) < 0 && !(lines && code == '\n')))
			return false;
		at += bytes;
	}
	return true;
}

static char *
drawing_take_text(struct drawing_reader *reader)
{
	size_t length = (size_t)drawing_take(reader, 4, UINT32_MAX);
	const char *text = drawing_take_bytes(reader, length);

	if (text && !is_clean(text, length, true))
		damaged(reader);
	return text ? mem_string_n(text, length) : mem_string("");
}

static uint32_t
take_color(struct drawing_reader *reader, bool or_default)
{
	uint32_t color = (uint32_t)drawing_take(reader, 4, UINT32_MAX);

	if (color > 0xFFFFFF && !(or_default && color == THEME_DEFAULT))
		damaged(reader);
	return color;
}

static void
take_theme(struct drawing_reader *reader, struct theme *theme)
{
	theme->name = "";
	theme->foreground = take_color(reader, false);
	theme->background = take_color(reader, false);
	if (drawing_take(reader, 1, ROLE_COUNT) != ROLE_COUNT)
		damaged(reader);
	for (int role = 0; role < ROLE_COUNT; role++) {
		struct style *style = &theme->styles[role];

		style->foreground = take_color(reader, true);
		style->background = take_color(reader, true);
		style->attributes = (uint8_t)drawing_take(reader, 1, 0xF);
	}
}

static bool
take_cell(struct drawing_reader *reader, struct cell *cell, bool half, bool last)
{
	size_t length;
	const char *text;

	cell->width = (uint8_t)drawing_take(reader, 1, last || half ? 1 : 2);
	cell->role = (uint8_t)drawing_take(reader, 1, ROLE_COUNT - 1);
	cell->marks = (uint8_t)drawing_take(reader, 1, MARK_CHANGED | MARK_CURSOR);
	length = (size_t)drawing_take(reader, 1, sizeof(cell->text) - 1);
	text = drawing_take_bytes(reader, length);
	if (!text || (cell->width == 0) != half || (length == 0) != half ||
	    !is_clean(text, length, false))
		return damaged(reader);
	memset(cell->text, 0, sizeof(cell->text));
	memcpy(cell->text, text, length);
	return true;
}

static struct canvas *
take_canvas(struct drawing_reader *reader)
{
	int columns = (int)drawing_take(reader, 2, 1000), rows = (int)drawing_take(reader, 2, 500);
	size_t smallest = (size_t)columns * (size_t)rows * 4;
	struct canvas *canvas;
	bool half = false;

	if (reader->damaged || smallest == 0 || smallest > reader->length - reader->at) {
		damaged(reader);
		return NULL;
	}
	canvas = canvas_new(columns, rows, false);
	for (int i = 0; i < columns * rows; i++) {
		if (!take_cell(reader, &canvas->cells[i], half, i % columns == columns - 1))
			break;
		half = canvas->cells[i].width == 2;
	}
	return canvas;
}

static void
take_drawing(struct drawing_reader *reader, struct own *own)
{
	struct drawing *drawing = &own->drawing;

	drawing->kind = (enum drawing_kind)drawing_take(reader, 1, DRAWING_KINDS - 1);
	drawing->scale = (double)drawing_take(reader, 4, DRAWING_SCALE_MAX * UINT64_C(1000)) / 1000;
	if (drawing->scale < 1)
		damaged(reader);
	drawing->time_s = drawing_take(reader, 8, UINT64_MAX);
	for (int i = 0; i < DRAWING_TEXTS; i++)
		drawing->texts[i] = own->texts[i] = drawing_take_text(reader);
	take_theme(reader, &own->theme);
	drawing->theme = &own->theme;
	drawing->canvas = own->canvas = take_canvas(reader);
	if (reader->at != reader->length || (own->canvas && !drawing_fits(drawing)))
		damaged(reader);
}

struct drawing *
drawing_read(const void *bytes, size_t length, struct err *err)
{
	struct drawing_reader reader = {bytes, length, 0, false};
	size_t magic = strlen(DRAWING_MAGIC);
	struct own *own;

	if (length < magic || memcmp(bytes, DRAWING_MAGIC, magic) != 0) {
		err_set(err, ERR_USAGE, "this is no drawing");
		return NULL;
	}
	reader.at = magic;
	own = mem_zero(1, sizeof(*own));
	take_drawing(&reader, own);
	if (!reader.damaged)
		return &own->drawing;
	err_set(err, ERR_USAGE, "the drawing is damaged at byte %zu", reader.at);
	drawing_free(&own->drawing);
	return NULL;
}

void
drawing_free(struct drawing *drawing)
{
	struct own *own = (struct own *)drawing;

	if (!own)
		return;
	for (int i = 0; i < DRAWING_TEXTS; i++)
		free(own->texts[i]);
	canvas_free(own->canvas);
	free(own);
}
