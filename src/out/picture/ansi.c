#include "config.h"
#include "out/picture/ansi.h"
#include "out/picture/picture.h"
#include "out/picture/text.h"

struct sgr {
	uint8_t attributes;         /* STYLE_ */
	int foreground, background; /* of the 256; -1: the terminal's own */
};

static const struct sgr own = {0, -1, -1};

static int
ansi_color_of(uint32_t rgb)
{
	return rgb == THEME_DEFAULT ? -1 : theme_color256(rgb);
}

static struct sgr
sgr_of(const struct theme *theme, const struct cell *cell)
{
	const struct style *style =
	    &theme->styles[cell->role < ROLE_COUNT ? cell->role : ROLE_PLAIN];

	return (struct sgr){theme_attributes(style, cell->marks, DEPTH_FULL),
	    ansi_color_of(style->foreground), ansi_color_of(style->background)};
}

static bool
sgr_same(const struct sgr *one, const struct sgr *other)
{
	return one->attributes == other->attributes && one->foreground == other->foreground &&
	    one->background == other->background;
}

static void
add_sgr(struct buf *out, const struct sgr *sgr)
{
	static const struct {
		uint8_t attribute;
		const char *code;
	} codes[] = {
	    {STYLE_BOLD, ";1"},
	    {STYLE_DIM, ";2"},
	    {STYLE_UNDERLINE, ";4"},
	    {STYLE_REVERSE, ";7"},
	};

	buf_add(out, "\033[0");
	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if (sgr->attributes & codes[i].attribute)
			buf_add(out, codes[i].code);
	if (sgr->foreground >= 0)
		buf_addf(out, ";38;5;%d", sgr->foreground);
	if (sgr->background >= 0)
		buf_addf(out, ";48;5;%d", sgr->background);
	buf_add_char(out, 'm');
}

static bool
ansi_is_blank(const struct cell *cell)
{
	return !cell->text[0] || (cell->text[0] == ' ' && !cell->text[1]);
}

/* A blank shows only its background. */
static bool
is_seen(const struct cell *cell, const struct theme *theme)
{
	struct sgr sgr = sgr_of(theme, cell);

	return cell->width &&
	    (!ansi_is_blank(cell) || sgr.background >= 0 ||
		sgr.attributes & (STYLE_REVERSE | STYLE_UNDERLINE));
}

void
ansi_row(struct buf *out, const struct canvas *canvas, const struct theme *theme, int row)
{
	struct sgr now = own;
	int end = canvas->columns;

	while (end > 0 && !is_seen(canvas_at(canvas, end - 1, row), theme) &&
	    canvas_at(canvas, end - 1, row)->width)
		end--;
	for (int column = 0; column < end; column++) {
		const struct cell *cell = canvas_at(canvas, column, row);
		struct sgr wanted = sgr_of(theme, cell);

		if (!sgr_same(&now, &wanted) && cell->width) {
			add_sgr(out, &wanted);
			now = wanted;
		}
		text_cell(out, cell, canvas->ascii);
	}
	if (!sgr_same(&now, &own))
		buf_add(out, "\033[0m");
}

int
picture_ansi(struct buf *out, const struct picture *picture, struct err *err)
{
	(void)err;
	for (int row = 0; row < picture->canvas->rows; row++) {
		ansi_row(out, picture->canvas, picture->theme, row);
		buf_add_char(out, '\n');
	}
	return 0;
}
