#include "config.h"
#include "view/canvas/look.h"

static uint32_t
or_default(uint32_t color, uint32_t own)
{
	return color == THEME_DEFAULT ? own : color;
}

uint32_t
look_mix(uint32_t one, uint32_t other, int quarters)
{
	uint32_t mixed = 0, part = (uint32_t)quarters;

	for (int shift = 0; shift < 24; shift += 8) {
		uint32_t sum = (one >> shift & 0xFF) * part + (other >> shift & 0xFF) * (4 - part);

		mixed |= ((sum + 2) / 4) << shift;
	}
	return mixed;
}

struct look
look_of(const struct theme *theme, const struct cell *cell)
{
	const struct style *style =
	    &theme->styles[cell->role < ROLE_COUNT ? cell->role : ROLE_PLAIN];
	uint32_t ink = or_default(style->foreground, theme->foreground);
	uint32_t fill = or_default(style->background, theme->background);
	bool changed = cell->marks & MARK_CHANGED, cursor = cell->marks & MARK_CURSOR;
	bool reverse = !!(style->attributes & STYLE_REVERSE) != cursor;

	if (style->attributes & STYLE_DIM)
		ink = look_mix(ink, fill, 3);
	return (struct look){
	    .foreground = reverse ? fill : ink,
	    .background = reverse ? ink : fill,
	    .bold = (style->attributes & STYLE_BOLD) || changed || cursor,
	    .underline = (style->attributes & STYLE_UNDERLINE) || changed,
	};
}
