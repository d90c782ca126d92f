#include "config.h"
#include "tui/paint.h"
#include "base/utf8.h"

#include <string.h>
#include <wchar.h>

struct terminal_look {
	const struct style *style;
	enum theme_depth depth;
	short pair;
};

static struct terminal_look looks[ROLE_COUNT];

static int
paint_color_of(uint32_t rgb, int8_t basic)
{
	if (COLORS < 256)
		return basic >= 0 && basic < COLORS ? basic : -1;
	if (rgb == THEME_DEFAULT)
		return -1;
	if (COLORS == 256)
		return theme_color256(rgb);
	return rgb < 8 ? 8 : (int)rgb; /* direct colour: 0 to 7 are still the palette's */
}

static attr_t
attributes_of(uint8_t style)
{
	attr_t attributes = A_NORMAL;

	if (style & STYLE_BOLD)
		attributes |= A_BOLD;
	if (style & STYLE_REVERSE)
		attributes |= A_REVERSE;
	if (style & STYLE_UNDERLINE)
		attributes |= A_UNDERLINE;
	if (style & STYLE_DIM)
		attributes |= A_DIM;
	return attributes;
}

static int
set_pair(int pair, int foreground, int background)
{
#if defined(NCURSES_EXT_COLORS) && NCURSES_EXT_COLORS
	return init_extended_pair(pair, foreground, background);
#else
	return init_pair((short)pair, (short)foreground, (short)background);
#endif
}

/* One pair for each distinct foreground and background. */
struct pairs {
	int colors[ROLE_COUNT][2];
	int used;
};

static int
pair_of(struct pairs *pairs, int foreground, int background)
{
	if (foreground < 0 && background < 0)
		return 0;
	for (int i = 0; i < pairs->used; i++)
		if (pairs->colors[i][0] == foreground && pairs->colors[i][1] == background)
			return i + 1;
	if (pairs->used + 1 >= COLOR_PAIRS ||
	    set_pair(pairs->used + 1, foreground, background) == ERR)
		return -1;
	pairs->colors[pairs->used][0] = foreground;
	pairs->colors[pairs->used][1] = background;
	return ++pairs->used;
}

static struct terminal_look
paint_look_of(const struct style *style, struct pairs *pairs)
{
	int pair = pairs ? pair_of(pairs, paint_color_of(style->foreground, style->foreground8),
			       paint_color_of(style->background, style->background8))
			 : -1;

	if (pair < 0)
		return (struct terminal_look){style, DEPTH_MONO, 0};
	return (struct terminal_look){style, COLORS < 256 ? DEPTH_BASIC : DEPTH_FULL, (short)pair};
}

void
paint_open(const struct theme *theme, bool color)
{
	struct pairs pairs = {.used = 0};

	color = color && has_colors() && start_color() == OK && use_default_colors() == OK;
	for (int role = 0; role < ROLE_COUNT; role++)
		looks[role] = paint_look_of(&theme->styles[role], color ? &pairs : NULL);
}

/* The wide characters of a cell, unless the locale would show something else instead. */
static bool
characters(wchar_t out[CCHARW_MAX + 1], const struct cell *cell)
{
	size_t length = strnlen(cell->text, sizeof(cell->text)), used = 0;

	for (size_t at = 0; at < length && used < CCHARW_MAX;) {
		uint32_t code;

		at += utf8_decode(cell->text + at, length - at, &code);
		if (wcwidth((wchar_t)code) == (used ? 0 : cell->width))
			out[used++] = (wchar_t)code;
		else if (used == 0)
			break;
	}
	out[used] = L'\0';
	return used > 0;
}

size_t
paint_cell(cchar_t out[2], const struct cell *cell, int room)
{
	wchar_t text[CCHARW_MAX + 1];
	const struct terminal_look *look =
	    &looks[cell->role < ROLE_COUNT ? cell->role : ROLE_PLAIN];
	attr_t attributes = attributes_of(theme_attributes(look->style, cell->marks, look->depth));

	if (cell->width <= room && characters(text, cell)) {
		setcchar(&out[0], text, attributes, look->pair, NULL);
		return 1;
	}
	setcchar(&out[0], cell->width <= room && cell->text[0] ? L"?" : L" ", attributes,
	    look->pair, NULL);
	setcchar(&out[1], L" ", attributes, look->pair, NULL);
	return cell->width == 2 && room >= 2 ? 2 : 1;
}
