#include "config.h"
#include "view/canvas/theme.h"

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define BOLD STYLE_BOLD
#define REVERSE STYLE_REVERSE
#define UNDERLINE STYLE_UNDERLINE
#define DIM STYLE_DIM
#define NONE THEME_DEFAULT

enum { BLACK8, RED8, GREEN8, YELLOW8, BLUE8, MAGENTA8, CYAN8, WHITE8 };

/* Fills are fixed colours with black or white text on them (after Okabe and Ito), so that they look
 * the same on any background; the rest is the terminal's own, or of middle luminance, readable on
 * black and on white. */
#define FILLS \
	[ROLE_SHARED] = {0x000000, 0x56B4E9, BLACK8, CYAN8, 0, 0}, \
	[ROLE_PRIVATE] = {0x000000, 0x009E73, BLACK8, GREEN8, 0, BOLD}, \
	[ROLE_COPIED] = {0x000000, 0xE69F00, BLACK8, YELLOW8, BOLD, BOLD | REVERSE}, \
	[ROLE_PARTED] = {0xFFFFFF, 0x5A1E6E, WHITE8, RED8, 0, REVERSE | UNDERLINE}, \
	[ROLE_ZERO] = {0x000000, 0xBBBBBB, BLACK8, WHITE8, 0, DIM}, \
	[ROLE_SWAPPED] = {0xFFFFFF, 0x0072B2, WHITE8, BLUE8, 0, UNDERLINE}, \
	[ROLE_UNKNOWN] = {0x000000, 0xCC79A7, BLACK8, MAGENTA8, 0, REVERSE}, \
	[ROLE_DIRTY] = {0x000000, 0xF0E442, WHITE8, RED8, BOLD, BOLD | UNDERLINE}, \
	[ROLE_ERROR] = {0xFFFFFF, 0xB03A00, WHITE8, RED8, BOLD, BOLD | REVERSE}

#define OWN(attributes) \
	{ \
		NONE, NONE, -1, -1, attributes, attributes \
	}
#define INK(rgb, attributes) \
	{ \
		rgb, NONE, -1, -1, attributes, attributes \
	}

static const struct theme themes[] = {
    {
	"dark",
	0xE4E4E4,
	0x000000,
	{
	    FILLS,
	    [ROLE_PLAIN] = OWN(0),
	    [ROLE_TEXT] = OWN(0),
	    [ROLE_KEY_LABEL] = OWN(0),
	    [ROLE_TITLE] = OWN(BOLD),
	    [ROLE_EMPHASIS] = OWN(BOLD),
	    [ROLE_COMMAND] = OWN(BOLD),
	    [ROLE_PROMPT] = OWN(BOLD),
	    [ROLE_FOCUS] = OWN(BOLD | REVERSE),
	    [ROLE_KEY] = OWN(REVERSE),
	    [ROLE_WARNING] = OWN(BOLD | REVERSE),
	    [ROLE_DIM] = {0x767676, NONE, -1, -1, 0, DIM},
	    [ROLE_ABSENT] = {0x767676, NONE, -1, -1, 0, DIM},
	    [ROLE_BORDER] = {0x767676, NONE, -1, -1, 0, 0},
	    [ROLE_CACHED] = {0x1775D7, NONE, -1, -1, 0, 0},
	    [ROLE_LIVE] = {0x15863F, NONE, -1, -1, BOLD, BOLD},
	},
    },
    {
	"light",
	0x1A1A1A,
	0xFFFFFF,
	{
	    FILLS,
	    [ROLE_PLAIN] = OWN(0),
	    [ROLE_TEXT] = OWN(0),
	    [ROLE_KEY_LABEL] = OWN(0),
	    [ROLE_TITLE] = OWN(BOLD),
	    [ROLE_EMPHASIS] = OWN(BOLD),
	    [ROLE_COMMAND] = INK(0x0B4A7D, BOLD),
	    [ROLE_PROMPT] = OWN(BOLD),
	    [ROLE_FOCUS] = {0xFFFFFF, 0x222222, WHITE8, BLACK8, BOLD, BOLD | REVERSE},
	    [ROLE_KEY] = {0xFFFFFF, 0x444444, WHITE8, BLACK8, 0, REVERSE},
	    [ROLE_WARNING] = {0x000000, 0xF0E442, BLACK8, YELLOW8, BOLD, BOLD | REVERSE},
	    [ROLE_DIM] = {0x5E5E5E, NONE, -1, -1, 0, DIM},
	    [ROLE_ABSENT] = {0x5E5E5E, NONE, -1, -1, 0, DIM},
	    [ROLE_BORDER] = {0x6A6A6A, NONE, -1, -1, 0, 0},
	    [ROLE_CACHED] = {0x0B5C9E, NONE, BLUE8, -1, 0, 0},
	    [ROLE_LIVE] = {0x00693E, NONE, -1, -1, BOLD, BOLD},
	},
    },
    {
	"contrast",
	0xFFFFFF,
	0x000000,
	{
	    [ROLE_SHARED] = {0x000000, 0x8DD1FE, BLACK8, CYAN8, BOLD, 0},
	    [ROLE_PRIVATE] = {0x000000, 0x36EFB3, BLACK8, GREEN8, BOLD, BOLD},
	    [ROLE_COPIED] = {0x000000, 0xFDB30B, BLACK8, YELLOW8, BOLD, BOLD | REVERSE},
	    [ROLE_PARTED] = {0xFFFFFF, 0x4B0F5A, WHITE8, RED8, 0, REVERSE | UNDERLINE},
	    [ROLE_ZERO] = {0x000000, 0xDDDDDD, BLACK8, WHITE8, BOLD, DIM},
	    [ROLE_SWAPPED] = {0xFFFFFF, 0x003C9E, WHITE8, BLUE8, BOLD, UNDERLINE},
	    [ROLE_UNKNOWN] = {0x000000, 0xFF8CC3, BLACK8, MAGENTA8, BOLD, REVERSE},
	    [ROLE_DIRTY] = {0x000000, 0xFEF709, WHITE8, RED8, BOLD, BOLD | UNDERLINE},
	    [ROLE_ERROR] = {0xFFFFFF, 0x8F1500, WHITE8, RED8, BOLD, BOLD | REVERSE},
	    [ROLE_PLAIN] = OWN(0),
	    [ROLE_TEXT] = OWN(BOLD),
	    [ROLE_KEY_LABEL] = OWN(BOLD),
	    [ROLE_TITLE] = OWN(BOLD),
	    [ROLE_EMPHASIS] = OWN(BOLD),
	    [ROLE_COMMAND] = OWN(BOLD | UNDERLINE),
	    [ROLE_PROMPT] = OWN(BOLD),
	    [ROLE_FOCUS] = {0x000000, 0xFFFFFF, BLACK8, WHITE8, BOLD, BOLD | REVERSE},
	    [ROLE_KEY] = {0x000000, 0xFFFFFF, BLACK8, WHITE8, BOLD, REVERSE},
	    [ROLE_WARNING] = {0x000000, 0xFEF709, BLACK8, YELLOW8, BOLD, BOLD | REVERSE},
	    [ROLE_DIM] = OWN(0),
	    [ROLE_ABSENT] = OWN(0),
	    [ROLE_BORDER] = OWN(0),
	    [ROLE_CACHED] = OWN(BOLD),
	    [ROLE_LIVE] = OWN(BOLD),
	},
    },
    {
	"mono",
	0x000000,
	0xFFFFFF,
	{
	    [ROLE_PLAIN] = OWN(0),
	    [ROLE_TEXT] = OWN(0),
	    [ROLE_KEY_LABEL] = OWN(0),
	    [ROLE_TITLE] = OWN(BOLD),
	    [ROLE_EMPHASIS] = OWN(BOLD),
	    [ROLE_COMMAND] = OWN(BOLD),
	    [ROLE_PROMPT] = OWN(BOLD),
	    [ROLE_FOCUS] = OWN(BOLD | REVERSE),
	    [ROLE_KEY] = OWN(REVERSE),
	    [ROLE_WARNING] = OWN(BOLD | REVERSE),
	    [ROLE_ERROR] = OWN(BOLD | REVERSE),
	    [ROLE_DIM] = OWN(DIM),
	    [ROLE_ABSENT] = OWN(DIM),
	    [ROLE_BORDER] = OWN(0),
	    [ROLE_CACHED] = OWN(0),
	    [ROLE_LIVE] = OWN(BOLD),
	    [ROLE_SHARED] = OWN(0),
	    [ROLE_PRIVATE] = OWN(BOLD),
	    [ROLE_COPIED] = OWN(BOLD | REVERSE),
	    [ROLE_PARTED] = OWN(REVERSE | UNDERLINE),
	    [ROLE_ZERO] = OWN(DIM),
	    [ROLE_SWAPPED] = OWN(UNDERLINE),
	    [ROLE_UNKNOWN] = OWN(REVERSE),
	    [ROLE_DIRTY] = OWN(BOLD | UNDERLINE),
	},
    },
    {
	"print",
	0x000000,
	0xFFFFFF,
	{
	    [ROLE_SHARED] = {0x000000, 0xC1E5FF, BLACK8, CYAN8, 0, 0},
	    [ROLE_PRIVATE] = {0x000000, 0x8FF0B5, BLACK8, GREEN8, 0, BOLD},
	    [ROLE_COPIED] = {0x000000, 0xFFAC1E, BLACK8, YELLOW8, BOLD, BOLD | REVERSE},
	    [ROLE_PARTED] = {0x000000, 0xD269F0, WHITE8, RED8, 0, REVERSE | UNDERLINE},
	    [ROLE_ZERO] = {0x000000, 0xA3A3A3, BLACK8, WHITE8, 0, DIM},
	    [ROLE_SWAPPED] = {0x000000, 0x9EBFEB, WHITE8, BLUE8, 0, UNDERLINE},
	    [ROLE_UNKNOWN] = {0x000000, 0xE7C5D8, BLACK8, MAGENTA8, 0, REVERSE},
	    [ROLE_DIRTY] = {0x000000, 0xEEE544, WHITE8, RED8, BOLD, BOLD | UNDERLINE},
	    [ROLE_ERROR] = {0x000000, 0xEBB79D, WHITE8, RED8, BOLD, BOLD | REVERSE},
	    [ROLE_PLAIN] = OWN(0),
	    [ROLE_TEXT] = OWN(0),
	    [ROLE_KEY_LABEL] = OWN(0),
	    [ROLE_TITLE] = OWN(BOLD),
	    [ROLE_EMPHASIS] = OWN(BOLD),
	    [ROLE_COMMAND] = OWN(BOLD),
	    [ROLE_PROMPT] = OWN(BOLD),
	    [ROLE_FOCUS] = {0x000000, 0xE6E6E6, BLACK8, WHITE8, BOLD | UNDERLINE, BOLD | REVERSE},
	    [ROLE_KEY] = {0x000000, 0xE6E6E6, BLACK8, WHITE8, BOLD, REVERSE},
	    [ROLE_WARNING] = {0x000000, 0xEEE544, BLACK8, YELLOW8, BOLD, BOLD | REVERSE},
	    [ROLE_DIM] = {0x5E5E5E, NONE, -1, -1, 0, DIM},
	    [ROLE_ABSENT] = {0x5E5E5E, NONE, -1, -1, 0, DIM},
	    [ROLE_BORDER] = {0x6A6A6A, NONE, -1, -1, 0, 0},
	    [ROLE_CACHED] = {0x0B5C9E, NONE, BLUE8, -1, 0, 0},
	    [ROLE_LIVE] = {0x00693E, NONE, -1, -1, BOLD, BOLD},
	},
    },
};

#define THEME_COUNT (sizeof(themes) / sizeof(themes[0]))

const struct theme *
theme_find(const char *name)
{
	for (size_t i = 0; name && i < THEME_COUNT; i++)
		if (strcmp(themes[i].name, name) == 0)
			return &themes[i];
	return name ? NULL : &themes[0];
}

const char *const *
theme_names(void)
{
	static const char *names[THEME_COUNT + 1];

	for (size_t i = 0; i < THEME_COUNT; i++)
		names[i] = themes[i].name;
	return names;
}

uint8_t
theme_attributes(const struct style *style, uint8_t marks, enum theme_depth depth)
{
	unsigned attributes = depth == DEPTH_MONO ? style->mono : style->attributes;

	if (marks & MARK_CHANGED)
		attributes |= BOLD | UNDERLINE;
	if (marks & MARK_CURSOR)
		attributes = (attributes ^ REVERSE) | BOLD;
	if (depth == DEPTH_BASIC && style->foreground8 == BLACK8)
		attributes &= ~(unsigned)BOLD;
	return (uint8_t)attributes;
}

static int
theme_distance(uint32_t one, uint32_t other)
{
	int sum = 0;

	for (int shift = 0; shift < 24; shift += 8) {
		int d = (int)(one >> shift & 0xFF) - (int)(other >> shift & 0xFF);

		sum += d * d;
	}
	return sum;
}

static uint32_t
rgb_of256(int color)
{
	static const uint32_t levels[] = {0x00, 0x5F, 0x87, 0xAF, 0xD7, 0xFF};
	uint32_t grey = (uint32_t)(8 + 10 * (color - 232));

	if (color >= 232)
		return grey << 16 | grey << 8 | grey;
	color -= 16;
	return levels[color / 36] << 16 | levels[color / 6 % 6] << 8 | levels[color % 6];
}

int
theme_color256(uint32_t rgb)
{
	int best = 16;

	for (int color = 17; color < 256; color++)
		if (theme_distance(rgb_of256(color), rgb) < theme_distance(rgb_of256(best), rgb))
			best = color;
	return best;
}
