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

/* A state's two colours in a theme; with 8 colours or none, it looks the same in all. */
#define SHARED(ink, fill, bold) [ROLE_SHARED] = {ink, fill, BLACK8, CYAN8, bold, 0}
#define PRIVATE(ink, fill, bold) [ROLE_PRIVATE] = {ink, fill, BLACK8, GREEN8, bold, BOLD}
#define COPIED(ink, fill) [ROLE_COPIED] = {ink, fill, BLACK8, YELLOW8, BOLD, BOLD | REVERSE}
#define PARTED(ink, fill) [ROLE_PARTED] = {ink, fill, WHITE8, RED8, 0, REVERSE | UNDERLINE}
#define ZERO(ink, fill, bold) [ROLE_ZERO] = {ink, fill, BLACK8, WHITE8, bold, DIM}
#define SWAPPED(ink, fill, bold) [ROLE_SWAPPED] = {ink, fill, WHITE8, BLUE8, bold, UNDERLINE}
#define UNKNOWN(ink, fill, bold) [ROLE_UNKNOWN] = {ink, fill, BLACK8, MAGENTA8, bold, REVERSE}
#define DIRTY(ink, fill) [ROLE_DIRTY] = {ink, fill, WHITE8, RED8, BOLD, BOLD | UNDERLINE}
#define ERROR(ink, fill) [ROLE_ERROR] = {ink, fill, WHITE8, RED8, BOLD, BOLD | REVERSE}
#define WARNING(ink, fill) [ROLE_WARNING] = {ink, fill, BLACK8, YELLOW8, BOLD, BOLD | REVERSE}

/* Fills are fixed colours with black or white text on them (after Okabe and Ito), so that they look
 * the same on any background; the rest uses the terminal's own colours, or middle luminance,
 * readable on black and on white. */
#define FILLS \
	SHARED(0x000000, 0x56B4E9, 0), PRIVATE(0x000000, 0x009E73, 0), COPIED(0x000000, 0xE69F00), \
	    PARTED(0xFFFFFF, 0x5A1E6E), ZERO(0x000000, 0xBBBBBB, 0), \
	    SWAPPED(0xFFFFFF, 0x0072B2, 0), UNKNOWN(0x000000, 0xCC79A7, 0), \
	    DIRTY(0x000000, 0xF0E442), ERROR(0xFFFFFF, 0xB03A00)

#define INK8(rgb, color8, attributes, mono) \
	{ \
		rgb, NONE, color8, -1, attributes, mono \
	}
#define INK(rgb, attributes) INK8(rgb, -1, attributes, attributes)
#define OWN(attributes) INK(NONE, attributes)

/* Text to be read, in the terminal's own colour. */
#define TEXTS(attributes) \
	[ROLE_PLAIN] = OWN(0), [ROLE_TEXT] = OWN(attributes), [ROLE_KEY_LABEL] = OWN(attributes), \
	[ROLE_TITLE] = OWN(BOLD), [ROLE_EMPHASIS] = OWN(BOLD), [ROLE_PROMPT] = OWN(BOLD)

/* Text in the background, and the inks of the bars. */
#define FAINT(dim, border) \
	[ROLE_DIM] = INK8(dim, -1, 0, DIM), [ROLE_ABSENT] = INK8(dim, -1, 0, DIM), \
	[ROLE_BORDER] = INK(border, 0)
#define BARS(cached, cached8, live) \
	[ROLE_CACHED] = INK8(cached, cached8, 0, 0), [ROLE_LIVE] = INK(live, BOLD)

static const struct theme themes[] = {
    {
	"dark",
	0xE4E4E4,
	0x000000,
	{
	    FILLS,
	    TEXTS(0),
	    FAINT(0x767676, 0x767676),
	    BARS(0x1775D7, -1, 0x15863F),
	    [ROLE_COMMAND] = OWN(BOLD),
	    [ROLE_FOCUS] = OWN(BOLD | REVERSE),
	    [ROLE_KEY] = OWN(REVERSE),
	    [ROLE_WARNING] = OWN(BOLD | REVERSE),
	},
    },
    {
	"light",
	0x1A1A1A,
	0xFFFFFF,
	{
	    FILLS,
	    TEXTS(0),
	    FAINT(0x5E5E5E, 0x6A6A6A),
	    BARS(0x0B5C9E, BLUE8, 0x00693E),
	    WARNING(0x000000, 0xF0E442),
	    [ROLE_COMMAND] = INK(0x0B4A7D, BOLD),
	    [ROLE_FOCUS] = {0xFFFFFF, 0x222222, WHITE8, BLACK8, BOLD, BOLD | REVERSE},
	    [ROLE_KEY] = {0xFFFFFF, 0x444444, WHITE8, BLACK8, 0, REVERSE},
	},
    },
    {
	"contrast",
	0xFFFFFF,
	0x000000,
	{
	    SHARED(0x000000, 0x8DD1FE, BOLD),
	    PRIVATE(0x000000, 0x36EFB3, BOLD),
	    COPIED(0x000000, 0xFDB30B),
	    PARTED(0xFFFFFF, 0x4B0F5A),
	    ZERO(0x000000, 0xDDDDDD, BOLD),
	    SWAPPED(0xFFFFFF, 0x003C9E, BOLD),
	    UNKNOWN(0x000000, 0xFF8CC3, BOLD),
	    DIRTY(0x000000, 0xFEF709),
	    ERROR(0xFFFFFF, 0x8F1500),
	    WARNING(0x000000, 0xFEF709),
	    TEXTS(BOLD),
	    [ROLE_COMMAND] = OWN(BOLD | UNDERLINE),
	    [ROLE_FOCUS] = {0x000000, 0xFFFFFF, BLACK8, WHITE8, BOLD, BOLD | REVERSE},
	    [ROLE_KEY] = {0x000000, 0xFFFFFF, BLACK8, WHITE8, BOLD, REVERSE},
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
	    TEXTS(0),
	    [ROLE_COMMAND] = OWN(BOLD),
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
	    SHARED(0x000000, 0xC1E5FF, 0),
	    PRIVATE(0x000000, 0x8FF0B5, 0),
	    COPIED(0x000000, 0xFFAC1E),
	    PARTED(0x000000, 0xD269F0),
	    ZERO(0x000000, 0xA3A3A3, 0),
	    SWAPPED(0x000000, 0x9EBFEB, 0),
	    UNKNOWN(0x000000, 0xE7C5D8, 0),
	    DIRTY(0x000000, 0xEEE544),
	    ERROR(0x000000, 0xEBB79D),
	    WARNING(0x000000, 0xEEE544),
	    TEXTS(0),
	    FAINT(0x5E5E5E, 0x6A6A6A),
	    BARS(0x0B5C9E, BLUE8, 0x00693E),
	    [ROLE_COMMAND] = OWN(BOLD),
	    [ROLE_FOCUS] = {0x000000, 0xE6E6E6, BLACK8, WHITE8, BOLD | UNDERLINE, BOLD | REVERSE},
	    [ROLE_KEY] = {0x000000, 0xE6E6E6, BLACK8, WHITE8, BOLD, REVERSE},
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
