#include "config.h"
#include "draw/files.h"
#include "base/mem.h"
#include "draw/sheet.h"
#include "view/canvas/look.h"

#include <cairo.h>
#include <math.h>
#include <png.h>
#include <stdlib.h>
#include <string.h>

#define DOTS_A_METRE 3780 /* 96 to the inch, at scale 1 */
#define COLORS_MAX 256
#define SLOTS 1024 /* a power of two, several times COLORS_MAX */

/*
 * A picture of few colours is far smaller with a palette. The canvas's own colours are in it
 * exactly; the hundreds of indistinguishable colours of soft letter edges are rounded to 16 steps a
 * channel.
 */
struct palette {
	png_color colors[COLORS_MAX];
	int count;
	uint32_t keys[SLOTS]; /* colour + 1; 0: free */
	uint8_t index[SLOTS];
};

struct image {
	cairo_surface_t *surface;
	int width, height;
	struct palette *palette; /* NULL: too many colours */
	uint8_t *row;
};

static const uint32_t *
pixels_of(const struct image *image, int row)
{
	const unsigned char *data = cairo_image_surface_get_data(image->surface);

	return (const uint32_t *)(const void *)(data +
	    (size_t)row * (size_t)cairo_image_surface_get_stride(image->surface));
}

static uint32_t
slot_of(const struct palette *palette, uint32_t color)
{
	uint32_t slot = (color * UINT32_C(2654435761)) >> 22;

	while (palette->keys[slot] && palette->keys[slot] != color + 1)
		slot = (slot + 1) % SLOTS;
	return slot;
}

static bool
png_keep(struct palette *palette, uint32_t color)
{
	uint32_t slot = slot_of(palette, color);

	if (palette->keys[slot])
		return true;
	if (palette->count == COLORS_MAX)
		return false;
	palette->keys[slot] = color + 1;
	palette->index[slot] = (uint8_t)palette->count;
	palette->colors[palette->count++] =
	    (png_color){(png_byte)(color >> 16), (png_byte)(color >> 8), (png_byte)color};
	return true;
}

static uint32_t
rounded(uint32_t color)
{
	uint32_t steps = 0;

	for (int shift = 0; shift < 24; shift += 8)
		steps |= ((color >> shift & 0xFF) + 8) / 17 * 17 << shift;
	return steps;
}

static uint32_t
kept_as(const struct palette *palette, uint32_t color)
{
	return palette->keys[slot_of(palette, color)] ? color : rounded(color);
}

static uint8_t
png_index_of(const struct palette *palette, uint32_t color)
{
	return palette->index[slot_of(palette, kept_as(palette, color))];
}

/* The mixed colours are those of shaded blocks. */
static bool
keep_canvas(struct palette *palette, const struct drawing *drawing)
{
	bool kept = png_keep(palette, drawing->theme->background);

	for (int i = 0; kept && i < drawing->canvas->columns * drawing->canvas->rows; i++) {
		const struct cell *cell = &drawing->canvas->cells[i];
		struct look look = look_of(drawing->theme, cell);
		int low = strncmp(cell->text, "\xE2\x96", 2) == 0 ? 0 : 4;

		for (int quarters = low; kept && quarters <= 4; quarters++)
			kept =
			    png_keep(palette, look_mix(look.foreground, look.background, quarters));
		kept = kept && png_keep(palette, look.background);
	}
	return kept;
}

static bool
keep_edges(struct palette *palette, const struct image *image)
{
	for (int row = 0; row < image->height; row++) {
		const uint32_t *pixels = pixels_of(image, row);

		for (int x = 0; x < image->width; x++)
			if ((x == 0 || pixels[x] != pixels[x - 1]) &&
			    !png_keep(palette, kept_as(palette, pixels[x] & 0xFFFFFF)))
				return false;
	}
	return true;
}

static struct palette *
palette_new(const struct image *image, const struct drawing *drawing)
{
	struct palette *palette = mem_zero(1, sizeof(*palette));

	if (keep_canvas(palette, drawing) && keep_edges(palette, image))
		return palette;
	free(palette);
	return NULL;
}

static void
png_append(png_structp png, png_bytep bytes, size_t count)
{
	buf_add_n(png_get_io_ptr(png), bytes, count);
}

static void
no_flush(png_structp png)
{
	(void)png;
}

static void
on_error(png_structp png, png_const_charp message)
{
	err_set(png_get_error_ptr(png), ERR_MACHINE, "%s", message);
	png_longjmp(png, 1);
}

static void
on_warning(png_structp png, png_const_charp message)
{
	(void)png;
	(void)message;
}

static bool
is_ascii(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text > 0x7E)
			return false;
	return true;
}

/* tEXt holds only Latin-1; text beyond ASCII is UTF-8, in iTXt. */
static void
png_add_text(png_structp png, png_infop info, const char *key, const char *text)
{
	png_text chunk = {.key = (png_charp)(uintptr_t)key, .text = (png_charp)(uintptr_t)text};

	if (!*text)
		return;
	chunk.compression = is_ascii(text) ? PNG_TEXT_COMPRESSION_NONE : PNG_ITXT_COMPRESSION_NONE;
	png_set_text(png, info, &chunk, 1);
}

static void
set_texts(png_structp png, png_infop info, const struct drawing *drawing)
{
	char when[32];

	file_time(when, drawing->time_s);
	png_add_text(png, info, "Source", drawing->texts[DRAWING_COMMAND_LINE]);
	png_add_text(png, info, "Title", drawing->texts[DRAWING_TITLE]);
	png_add_text(png, info, "Software", drawing->texts[DRAWING_SOFTWARE]);
	png_add_text(png, info, "Comment", drawing->texts[DRAWING_KERNEL]);
	png_add_text(png, info, "Creation Time", when);
	png_add_text(png, info, "Description", drawing->texts[DRAWING_DESCRIPTION]);
}

static void
set_header(png_structp png, png_infop info, const struct image *image, double scale)
{
	png_uint_32 dots = (png_uint_32)lround(DOTS_A_METRE * scale);

	png_set_IHDR(png, info, (png_uint_32)image->width, (png_uint_32)image->height, 8,
	    image->palette ? PNG_COLOR_TYPE_PALETTE : PNG_COLOR_TYPE_RGB, PNG_INTERLACE_NONE,
	    PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
	png_set_pHYs(png, info, dots, dots, PNG_RESOLUTION_METER);
	if (image->palette)
		png_set_PLTE(png, info, image->palette->colors, image->palette->count);
	png_set_filter(png, PNG_FILTER_TYPE_BASE, image->palette ? PNG_FILTER_NONE : PNG_FILTER_UP);
}

static void
write_row(png_structp png, const struct image *image, int row)
{
	const uint32_t *pixels = pixels_of(image, row);
	uint8_t *out = image->row;

	for (int x = 0; x < image->width; x++) {
		uint32_t color = pixels[x] & 0xFFFFFF;

		if (image->palette) {
			*out++ = png_index_of(image->palette, color);
			continue;
		}
		*out++ = (uint8_t)(color >> 16);
		*out++ = (uint8_t)(color >> 8);
		*out++ = (uint8_t)color;
	}
	png_write_row(png, image->row);
}

static int
encode(struct buf *out, const struct image *image, const struct drawing *drawing, struct err *err)
{
	png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, err, on_error, on_warning);
	png_infop info = png ? png_create_info_struct(png) : NULL;

	if (!info) {
		png_destroy_write_struct(&png, NULL);
		return err_set(err, ERR_MACHINE, "libpng does not start");
	}
	if (setjmp(png_jmpbuf(png))) {
		png_destroy_write_struct(&png, &info);
		return -1;
	}
	png_set_write_fn(png, out, png_append, no_flush);
	set_header(png, info, image, drawing->scale);
	set_texts(png, info, drawing);
	png_write_info(png, info);
	for (int row = 0; row < image->height; row++)
		write_row(png, image, row);
	png_write_end(png, NULL);
	png_destroy_write_struct(&png, &info);
	return 0;
}

static int
png_draw(const struct image *image, const struct drawing *drawing, const struct cell_size *cell,
    struct err *err)
{
	cairo_t *cairo = cairo_create(image->surface);
	int result = sheet_draw(cairo, drawing, cell, false, err);
	cairo_status_t status = cairo_status(cairo);

	cairo_destroy(cairo);
	cairo_surface_flush(image->surface);
	if (!result && status)
		result = err_set(err, ERR_MACHINE, "%s", cairo_status_to_string(status));
	return result;
}

int
png_file(struct buf *out, const struct drawing *drawing, struct err *err)
{
	struct cell_size cell = sheet_cell(drawing->scale);
	struct image image = {
	    .width = drawing->canvas->columns * cell.width,
	    .height = drawing->canvas->rows * cell.height,
	};
	int result;

	image.surface = cairo_image_surface_create(CAIRO_FORMAT_RGB24, image.width, image.height);
	result = png_draw(&image, drawing, &cell, err);
	if (!result) {
		image.palette = palette_new(&image, drawing);
		image.row = mem_zero((size_t)image.width, 3);
		result = encode(out, &image, drawing, err);
	}
	cairo_surface_destroy(image.surface);
	free(image.palette);
	free(image.row);
	return result;
}
