#include "config.h"

#include "color.h"
#include "tap.h"
#include "view/canvas/theme.h"

static const char *const role_names[] = {
#define X(constant, word) word,
    ROLES(X)
#undef X
};

static void
readable(const struct theme *theme)
{
	int bad = 0, halves = 0;

	for (int role = 0; role < ROLE_COUNT; role++) {
		const struct style *style = &theme->styles[role];
		uint32_t ink =
		    style->foreground == THEME_DEFAULT ? theme->foreground : style->foreground;
		uint32_t paper =
		    style->background == THEME_DEFAULT ? theme->background : style->background;

		if (contrast(ink, paper) < 4.5) {
			printf(
			    "# %s %s: %.2f\n", theme->name, role_names[role], contrast(ink, paper));
			bad++;
		}
		if (style->background != THEME_DEFAULT && style->foreground == THEME_DEFAULT)
			halves++;
		if ((style->background8 >= 0 && style->foreground8 < 0) ||
		    (style->background8 >= 0 && style->background8 == style->foreground8))
			halves++;
	}
	is_number(bad, 0, "%s: every role reaches 4.5 to 1", theme->name);
	is_number(halves, 0, "%s: a fixed background has a fixed foreground on it", theme->name);
}

/* As xterm and the Linux console show 8 colours, and what bold makes of them. */
static const uint32_t palettes[][2][8] = {
    {
	{0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5},
	{0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF},
    },
    {
	{0x000000, 0xAA0000, 0x00AA00, 0xAA5500, 0x0000AA, 0xAA00AA, 0x00AAAA, 0xAAAAAA},
	{0x555555, 0xFF5555, 0x55FF55, 0xFFFF55, 0x5555FF, 0xFF55FF, 0x55FFFF, 0xFFFFFF},
    },
};

static double
contrast8(const struct style *style, uint8_t marks, size_t palette)
{
	bool bold = theme_attributes(style, marks, DEPTH_BASIC) & STYLE_BOLD;

	return contrast(
	    palettes[palette][bold][style->foreground8], palettes[palette][0][style->background8]);
}

/* Whether a cell was changed or not, and under the cursor, which turns the two round. */
static void
readable_in_8(const struct theme *theme)
{
	static const double enough[] = {4.4, 3}; /* the console has no better for its magenta */
	int bad = 0;

	for (int role = 0; role < ROLE_COUNT; role++)
		for (uint8_t marks = 0; marks <= (MARK_CHANGED | MARK_CURSOR); marks++)
			for (size_t i = 0; i < sizeof(palettes) / sizeof(palettes[0]); i++) {
				const struct style *style = &theme->styles[role];

				if (style->background8 < 0 ||
				    contrast8(style, marks, i) >= enough[i])
					continue;
				printf("# %s %s with marks %u, palette %zu: %.2f\n", theme->name,
				    role_names[role], marks, i, contrast8(style, marks, i));
				bad++;
			}
	is_number(bad, 0, "%s: every fill is readable in 8 colours, bold or not", theme->name);
}

static void
on_any_terminal(const struct theme *theme)
{
	int bad = 0;

	for (int role = 0; role < ROLE_COUNT; role++) {
		const struct style *style = &theme->styles[role];

		if (style->foreground == THEME_DEFAULT || style->background != THEME_DEFAULT)
			continue;
		bad += contrast(style->foreground, 0x000000) < 4.5 ||
		    contrast(style->foreground, 0xFFFFFF) < 4.5;
		bad += style->foreground8 >= 0;
	}
	is_number(bad, 0, "the default theme's inks are readable on black and on white");
}

static void
distinct(const struct theme *theme)
{
	static const enum role states[] = {
	    ROLE_SHARED, ROLE_PRIVATE, ROLE_COPIED, ROLE_PARTED, ROLE_SWAPPED, ROLE_UNKNOWN};
	int alike = 0;

	for (size_t i = 0; i < sizeof(states) / sizeof(states[0]); i++)
		for (size_t j = 0; j < i; j++) {
			const struct style *one = &theme->styles[states[i]],
					   *other = &theme->styles[states[j]];

			alike += one->mono == other->mono;
			alike += one->background != THEME_DEFAULT &&
			    one->background == other->background;
			alike += one->background8 >= 0 && one->background8 == other->background8;
		}
	is_number(alike, 0, "%s: states differ in colour, in 8 colours and without", theme->name);
}

int
main(void)
{
	const char *const *names = theme_names();
	int count = 0;

	for (; *names; names++, count++) {
		readable(theme_find(*names));
		readable_in_8(theme_find(*names));
		distinct(theme_find(*names));
	}
	is_number(count, 5, "five themes");
	is_text(theme_find(NULL)->name, "dark", "the default");
	ok(!theme_find("purple"), "no such theme");
	on_any_terminal(theme_find(NULL));
	ok(contrast(0, 0xFFFFFF) > 20.9 && contrast(0, 0xFFFFFF) < 21.1,
	    "the formula gives black on white its 21");
	is_number(theme_color256(0x000000), 16, "black");
	is_number(theme_color256(0xFFFFFF), 231, "white");
	is_number(theme_color256(0x5FAFFF), 75, "a colour of the cube is itself");
	is_number(theme_color256(0x767676), 243, "a grey is the nearest grey");
	return done_testing();
}
