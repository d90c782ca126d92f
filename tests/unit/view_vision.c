/*
 * What is filled with a colour is told apart by people with full colour vision and by those with
 * protanopia, deuteranopia and tritanopia, simulated by the matrices of Machado, Oliveira and
 * Fernandes (2009) at full severity; as it is saved, and as a terminal of 256 colours shows it.
 * Distances are those of Oklab, where about 0.02 can just be seen. Where a theme has no fills, and
 * on terminals of 8 colours, the sign and the word differ.
 */
#include "config.h"

#include "color.h"
#include "tap.h"
#include "model/words.h"
#include "view/canvas/glyph.h"
#include "view/canvas/theme.h"
#include "view/lab/scene.h"

#define APART 0.05

struct color {
	double part[3];
};

static const struct vision {
	const char *name;
	double matrix[3][3];
} visions[] = {
    {"full colour vision", {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}},
    {
	"protanopia",
	{
	    {0.152286, 1.052583, -0.204868},
	    {0.114503, 0.786281, 0.099216},
	    {-0.003882, -0.048116, 1.051998},
	},
    },
    {
	"deuteranopia",
	{
	    {0.367322, 0.860646, -0.227968},
	    {0.280085, 0.672501, 0.047413},
	    {-0.011820, 0.042940, 0.968881},
	},
    },
    {
	"tritanopia",
	{
	    {1.255528, -0.076749, -0.178779},
	    {-0.078411, 0.930809, 0.147602},
	    {0.004733, 0.691367, 0.303900},
	},
    },
};
#define VISION_COUNT (sizeof(visions) / sizeof(visions[0]))

/* ROLE_PLAIN stands for the picture's own background, and so for absent pages. */
static const enum role fills[] = {ROLE_PLAIN, ROLE_SHARED, ROLE_PRIVATE, ROLE_COPIED, ROLE_ZERO,
    ROLE_SWAPPED, ROLE_UNKNOWN, ROLE_DIRTY, ROLE_ERROR, ROLE_PARTED};
#define FILL_COUNT (sizeof(fills) / sizeof(fills[0]))

static const char *const role_names[] = {
#define X(constant, word) word,
    ROLES(X)
#undef X
};

static struct color
transformed(const double matrix[3][3], struct color color)
{
	struct color result = {{0}};

	for (int i = 0; i < 3; i++)
		for (int j = 0; j < 3; j++)
			result.part[i] += matrix[i][j] * color.part[j];
	return result;
}

static double
within(double value)
{
	return value < 0 ? 0 : value > 1 ? 1 : value;
}

/* Björn Ottosson's Oklab of what this vision makes of the colour. */
static struct color
seen(const struct vision *vision, uint32_t rgb)
{
	static const double to_cones[3][3] = {
	    {0.4122214708, 0.5363325363, 0.0514459929},
	    {0.2119034982, 0.6806995451, 0.1073969566},
	    {0.0883024619, 0.2817188376, 0.6299787005},
	};
	static const double to_lab[3][3] = {
	    {0.2104542553, 0.7936177850, -0.0040720468},
	    {1.9779984951, -2.4285922050, 0.4505937099},
	    {0.0259040371, 0.7827717662, -0.8086757660},
	};
	struct color color = {
	    {channel(rgb >> 16 & 0xFF), channel(rgb >> 8 & 0xFF), channel(rgb & 0xFF)},
	};

	color = transformed(vision->matrix, color);
	for (int i = 0; i < 3; i++)
		color.part[i] = within(color.part[i]);
	color = transformed(to_cones, color);
	for (int i = 0; i < 3; i++)
		color.part[i] = root_of(color.part[i], 3);
	return transformed(to_lab, color);
}

static double
distance(const struct vision *vision, uint32_t one, uint32_t other)
{
	struct color a = seen(vision, one), b = seen(vision, other);
	double sum = 0;

	for (int i = 0; i < 3; i++)
		sum += (a.part[i] - b.part[i]) * (a.part[i] - b.part[i]);
	return root_of(sum, 2);
}

static uint32_t
fill_of(const struct theme *theme, enum role role)
{
	uint32_t rgb = theme->styles[role].background;

	return rgb == THEME_DEFAULT ? theme->background : rgb;
}

/* As a terminal of 256 colours has it. */
static uint32_t
coarse(uint32_t rgb)
{
	static const uint32_t levels[] = {0x00, 0x5F, 0x87, 0xAF, 0xD7, 0xFF};
	uint32_t color = (uint32_t)theme_color256(rgb);

	if (color >= 232)
		return (8 + 10 * (color - 232)) * 0x010101;
	color -= 16;
	return levels[color / 36] << 16 | levels[color / 6 % 6] << 8 | levels[color % 6];
}

static void
told_apart(const struct theme *theme, const struct vision *vision, bool saved)
{
	double least = 9;

	for (size_t i = 0; i < FILL_COUNT; i++)
		for (size_t j = 0; j < i; j++) {
			uint32_t one = fill_of(theme, fills[i]), other = fill_of(theme, fills[j]);
			double apart = saved ? distance(vision, one, other)
					     : distance(vision, coarse(one), coarse(other));

			least = apart < least ? apart : least;
			if (apart < APART)
				printf("# %s and %s: %.3f\n", role_names[fills[i]],
				    role_names[fills[j]], apart);
		}
	ok(least >= APART, "%s, %s, %s: the nearest fills are %.3f apart", theme->name,
	    vision->name, saved ? "saved" : "256 colours", least);
}

static void
signs_and_words(bool ascii)
{
	int alike = 0;

	for (enum page_state one = 0; one < PAGE_STATE_COUNT; one++)
		for (enum page_state other = 0; other < one; other++) {
			alike += strcmp(state_glyph(one, ascii), state_glyph(other, ascii)) == 0;
			alike += strcmp(page_state_word(one), page_state_word(other)) == 0;
		}
	is_number(alike, 0, "each state has its sign and its word%s", ascii ? " in ASCII" : "");
}

int
main(void)
{
	const struct vision *full = &visions[0];

	for (const char *const *name = theme_names(); *name; name++)
		for (size_t i = 0; i < VISION_COUNT && strcmp(*name, "mono") != 0; i++) {
			told_apart(theme_find(*name), &visions[i], true);
			told_apart(theme_find(*name), &visions[i], false);
		}
	signs_and_words(false);
	signs_and_words(true);
	ok(distance(full, 0, 0xFFFFFF) > 0.999 && distance(full, 0, 0xFFFFFF) < 1.001,
	    "the formula puts black and white 1 apart");
	ok(distance(&visions[1], 0xFF0000, 0x6A6A00) < distance(full, 0xFF0000, 0x6A6A00) / 3,
	    "and red beside olive with protanopia");
	return done_testing();
}
