#include "config.h"
#include "draw/letters.h"

#include <math.h>
#include <pango/pangocairo.h>
#include <stdio.h>

#define FAMILIES "DejaVu Sans Mono, Noto Sans Mono, Liberation Mono, monospace"
#define WIDE_FAMILIES \
	"Noto Sans Mono CJK SC, Source Han Mono SC, Noto Sans CJK SC, Source Han Sans SC, " \
	"WenQuanYi Zen Hei Mono, WenQuanYi Micro Hei Mono, Droid Sans Fallback, monospace"
#define WIDE_PART 0.92 /* of two cells, so that Chinese isn't larger than its neighbours */
#define SIGN_PART 0.75
#define SAMPLE 100.0 /* pixels, to measure a font */

enum { FONT_NARROW, FONT_WIDE, FONT_COUNT };

struct letter {
	PangoLayout *layout;
	double x, y, size; /* of its baseline's start; size below 1 if it had to shrink */
	bool clip;         /* reaches out of its cells even then */
};

struct letters {
	cairo_t *cairo;
	PangoFontMap *map;
	PangoContext *context;
	PangoFontDescription *fonts[FONT_COUNT][2]; /* [][1]: bold */
	struct cell_size cell;
	int baselines[FONT_COUNT];
	bool vector;       /* else pixels: none may be on the wrong side of a cell's edge */
	bool outlines;     /* of letters other than ASCII */
	GHashTable *known; /* "cells, bold, text" -> struct letter */
};

static void
letter_free(void *data)
{
	struct letter *letter = data;

	g_object_unref(letter->layout);
	g_free(letter);
}

static PangoFontDescription *
font_new(const char *families, double size, bool bold)
{
	PangoFontDescription *font = pango_font_description_new();

	pango_font_description_set_family(font, families);
	pango_font_description_set_absolute_size(font, size * PANGO_SCALE);
	pango_font_description_set_weight(font, bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	return font;
}

/* Outlines unhinted, except for the height where pixels are large: positions don't depend on it. */
static void
set_options(struct letters *letters)
{
	cairo_font_options_t *options = cairo_font_options_create();

	cairo_font_options_set_antialias(options, CAIRO_ANTIALIAS_GRAY);
	cairo_font_options_set_hint_style(
	    options, letters->vector ? CAIRO_HINT_STYLE_NONE : CAIRO_HINT_STYLE_SLIGHT);
	cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
	pango_cairo_context_set_font_options(letters->context, options);
	cairo_font_options_destroy(options);
	pango_cairo_context_set_resolution(letters->context, 96);
	pango_context_set_round_glyph_positions(letters->context, FALSE);
	pango_context_set_language(letters->context, pango_language_from_string("zh-cn"));
}

struct measure {
	double width, ascent, descent; /* parts of the size */
};

static bool
letters_measure(struct letters *letters, struct measure *out)
{
	PangoFontDescription *font = font_new(FAMILIES, SAMPLE, false);
	PangoFont *loaded = pango_context_load_font(letters->context, font);
	PangoFontMetrics *metrics;
	double unit = SAMPLE * PANGO_SCALE;

	pango_font_description_free(font);
	if (!loaded)
		return false;
	metrics = pango_font_get_metrics(loaded, pango_language_from_string("en"));
	out->width = pango_font_metrics_get_approximate_digit_width(metrics) / unit;
	out->ascent = pango_font_metrics_get_ascent(metrics) / unit;
	out->descent = pango_font_metrics_get_descent(metrics) / unit;
	pango_font_metrics_unref(metrics);
	g_object_unref(loaded);
	return out->width > 0 && out->ascent > 0;
}

/* A letter that fills its square is centred in the row, whatever its font's ascent. */
static int
wide_baseline(struct letters *letters)
{
	PangoLayout *layout = pango_layout_new(letters->context);
	PangoRectangle ink;
	double middle;

	pango_layout_set_font_description(layout, letters->fonts[FONT_WIDE][0]);
	pango_layout_set_text(layout, "\xE5\x9C\x8B", -1); /* U+570B */
	pango_layout_line_get_extents(pango_layout_get_line_readonly(layout, 0), &ink, NULL);
	g_object_unref(layout);
	middle = ((double)ink.y + ink.height / 2.0) / PANGO_SCALE;
	return (int)lround(letters->cell.height / 2.0 - middle);
}

static bool
set_fonts(struct letters *letters)
{
	struct measure font;
	double size, high;

	if (!letters_measure(letters, &font))
		return false;
	size = letters->cell.width / font.width;
	high = font.ascent + font.descent;
	if (size * high > letters->cell.height * 1.1)
		size = letters->cell.height * 1.1 / high;
	letters->baselines[FONT_NARROW] =
	    (int)lround((letters->cell.height - size * high) / 2 + size * font.ascent);
	for (int bold = 0; bold < 2; bold++) {
		letters->fonts[FONT_NARROW][bold] = font_new(FAMILIES, size, bold);
		letters->fonts[FONT_WIDE][bold] =
		    font_new(WIDE_FAMILIES, 2 * letters->cell.width * WIDE_PART, bold);
	}
	letters->baselines[FONT_WIDE] = wide_baseline(letters);
	return true;
}

struct letters *
letters_new(cairo_t *cairo, const struct cell_size *cell, bool outlines, struct err *err)
{
	struct letters *letters = g_new0(struct letters, 1);

	letters->cairo = cairo;
	letters->cell = *cell;
	letters->outlines = outlines;
	letters->vector =
	    cairo_surface_get_type(cairo_get_target(cairo)) != CAIRO_SURFACE_TYPE_IMAGE;
	letters->map = pango_cairo_font_map_new();
	letters->context = pango_font_map_create_context(letters->map);
	letters->known = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, letter_free);
	set_options(letters);
	if (set_fonts(letters))
		return letters;
	err_set(err, ERR_MACHINE,
	    "there is no font: install one of fixed width, such as DejaVu Sans Mono");
	letters_free(letters);
	return NULL;
}

void
letters_free(struct letters *letters)
{
	g_hash_table_destroy(letters->known);
	for (int i = 0; i < FONT_COUNT; i++)
		for (int bold = 0; bold < 2; bold++)
			if (letters->fonts[i][bold])
				pango_font_description_free(letters->fonts[i][bold]);
	g_object_unref(letters->context);
	g_object_unref(letters->map);
	g_free(letters);
}

/* Geometric shapes, U+25A0 to U+25FF: the same in bold text. */
static bool
is_sign(const char *text)
{
	gunichar code = g_utf8_get_char(text);

	return code >= 0x25A0 && code <= 0x25FF;
}

/* A square or a triangle that fills its cell would join its neighbours: it gets a margin. */
static void
margin(struct letter *letter, const PangoRectangle *ink, double room)
{
	double width = (double)ink->width / PANGO_SCALE, left = (double)ink->x / PANGO_SCALE;
	double middle = ((double)ink->y + ink->height / 2.0) / PANGO_SCALE;

	if (width * letter->size <= room * (SIGN_PART + 1) / 2)
		return;
	letter->size = room * SIGN_PART / width;
	letter->x = floor((room - width * letter->size) / 2 - left * letter->size + 0.5);
	letter->y += floor(middle * (1 - letter->size) + 0.5);
}

/* Shrinks what is too wide, centres what is too narrow; in whole pixels where that avoids blur. */
static void
letters_place(const struct letters *letters, struct letter *letter, const char *text, int cells)
{
	PangoRectangle ink, logical;
	double room = cells * letters->cell.width, width, left;
	double slack = letters->cell.width / 8.0, over = letters->vector ? slack : 0;

	pango_layout_line_get_extents(
	    pango_layout_get_line_readonly(letter->layout, 0), &ink, &logical);
	width = (double)logical.width / PANGO_SCALE;
	letter->size = width > room + slack ? room / width : 1;
	letter->y = letters->baselines[cells > 1 ? FONT_WIDE : FONT_NARROW];
	letter->x = floor((room - width * letter->size) / 2 + 0.01);
	if (is_sign(text) && g_utf8_get_char(text) < 0x25C0)
		margin(letter, &ink, room);
	left = letter->x + letter->size * ink.x / PANGO_SCALE;
	letter->clip = left < -over ||
	    left + letter->size * ink.width / PANGO_SCALE > room + over ||
	    letter->y + letter->size * ink.y / PANGO_SCALE < 0 ||
	    letter->y + letter->size * ((double)ink.y + ink.height) / PANGO_SCALE >
		letters->cell.height;
}

static struct letter *
letter_new(const struct letters *letters, const char *text, int cells, bool bold)
{
	struct letter *letter = g_new0(struct letter, 1);
	PangoLayout *layout = pango_layout_new(letters->context);

	letter->layout = layout;
	pango_layout_set_font_description(
	    layout, letters->fonts[cells == 2 ? FONT_WIDE : FONT_NARROW][bold]);
	pango_layout_set_single_paragraph_mode(layout, TRUE);
	pango_layout_set_auto_dir(layout, FALSE);
	pango_layout_set_text(layout, text, -1);
	letters_place(letters, letter, text, cells);
	return letter;
}

static const struct letter *
letter_of(struct letters *letters, const char *text, int cells, bool bold)
{
	char key[32];
	struct letter *letter;

	snprintf(key, sizeof(key), "%d%d%s", cells, bold, text);
	letter = g_hash_table_lookup(letters->known, key);
	if (!letter) {
		letter = letter_new(letters, text, cells, bold);
		g_hash_table_insert(letters->known, g_strdup(key), letter);
	}
	return letter;
}

/* A glyph without an outline, such as a coloured emoji, is drawn as it is. */
static bool
fill_outline(cairo_t *cairo, PangoLayoutLine *line)
{
	double left, top, right, bottom, x, y;

	cairo_get_current_point(cairo, &x, &y);
	pango_cairo_layout_line_path(cairo, line);
	cairo_path_extents(cairo, &left, &top, &right, &bottom);
	if (right > left && bottom > top) {
		cairo_fill(cairo);
		return true;
	}
	cairo_move_to(cairo, x, y);
	return false;
}

void
letters_draw(struct letters *letters, const char *text, int cells, bool bold, int x, int y)
{
	const struct letter *letter = letter_of(letters, text, cells, bold && !is_sign(text));
	PangoLayoutLine *line = pango_layout_get_line_readonly(letter->layout, 0);
	cairo_t *cairo = letters->cairo;
	bool plain = letter->size == 1 && !letter->clip;

	if (!plain)
		cairo_save(cairo);
	if (letter->clip) {
		cairo_rectangle(cairo, x, y, cells * letters->cell.width, letters->cell.height);
		cairo_clip(cairo);
	}
	cairo_move_to(cairo, x + letter->x, y + letter->y);
	if (letter->size != 1)
		cairo_scale(cairo, letter->size, letter->size);
	if (!letters->outlines || (unsigned char)text[0] < 0x80 || !fill_outline(cairo, line))
		pango_cairo_show_layout_line(cairo, line);
	if (!plain)
		cairo_restore(cairo);
	cairo_new_path(cairo);
}
