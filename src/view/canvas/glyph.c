#include "config.h"
#include "view/canvas/glyph.h"
#include "base/utf8.h"

#include <string.h>

static const struct {
	const char *utf8, *ascii;
} glyphs[GLYPH_COUNT] = {
#define X(constant, utf8, ascii) {utf8, ascii},
    GLYPHS(X)
#undef X
};

static const struct {
	enum glyph glyph;
	enum role role;
} looks[PAGE_STATE_COUNT] = {
#define X(constant, word, meaning) {GLYPH_##constant, ROLE_##constant},
    FAMILY_PAGE_STATES(X)
#undef X
};

static enum page_state
known(enum page_state state)
{
	return (unsigned)state < PAGE_STATE_COUNT ? state : PAGE_UNKNOWN;
}

const char *
glyph_text(enum glyph glyph, bool ascii)
{
	return ascii ? glyphs[glyph].ascii : glyphs[glyph].utf8;
}

void
glyph_draw(struct pen *pen, enum glyph glyph)
{
	pen_text(pen, glyph_text(glyph, pen->canvas->ascii));
}

static const char *
twin(const char *text, size_t bytes)
{
	for (size_t i = 0; i < GLYPH_COUNT; i++)
		if (bytes == strlen(glyphs[i].utf8) && memcmp(text, glyphs[i].utf8, bytes) == 0)
			return glyphs[i].ascii;
	return NULL;
}

void
glyph_clean(struct buf *out, const char *text, size_t length, bool ascii)
{
	size_t at = 0;

	if (!ascii)
		utf8_clean(out, text, length, false);
	while (ascii && at < length) {
		uint32_t code;
		size_t bytes = utf8_decode(text + at, length - at, &code);
		const char *ours = bytes > 1 ? twin(text + at, bytes) : NULL;

		if (ours)
			buf_add(out, ours);
		else
			utf8_clean(out, text + at, bytes, true);
		at += bytes;
	}
}

const char *
state_glyph(enum page_state state, bool ascii)
{
	return glyph_text(looks[known(state)].glyph, ascii);
}

enum role
state_role(enum page_state state)
{
	return looks[known(state)].role;
}
