#include "config.h"
#include "out/picture/markup.h"
#include "base/utf8.h"

#include <stdbool.h>
#include <stddef.h>
#include <string.h>
#include <time.h>

#define REPLACEMENT 0xFFFD
#define LAST_SECOND UINT64_C(253402300799) /* of the year 9999 */

static void
add_code(struct buf *out, uint32_t code)
{
	char text[5];

	if (code == '&')
		buf_add(out, "&amp;");
	else if (code == '<')
		buf_add(out, "&lt;");
	else if (code == '>')
		buf_add(out, "&gt;");
	else if (code == '"')
		buf_add(out, "&quot;");
	else if (code == '\'')
		buf_add(out, "&#39;");
	else
		buf_add_n(out, text, utf8_encode(code, text));
}

/* Returns the UTF-16 code units that a reader sees. */
static size_t
markup_add_text(struct buf *out, const char *text, size_t length, bool lines)
{
	size_t at = 0, units = 0;

	while (at < length) {
		uint32_t code;

		at += utf8_decode(text + at, length - at, &code);
		if (utf8_cells(code) < 0 && !(lines && code == '\n'))
			code = REPLACEMENT;
		add_code(out, code);
		units += code > 0xFFFF ? 2 : 1;
	}
	return units;
}

void
markup_text(struct buf *out, const char *text)
{
	markup_add_text(out, text, strlen(text), false);
}

void
markup_lines(struct buf *out, const char *text)
{
	markup_add_text(out, text, strlen(text), true);
}

size_t
markup_cell(struct buf *out, const struct cell *cell)
{
	if (!cell->text[0])
		return markup_add_text(out, " ", 1, false);
	return markup_add_text(out, cell->text, strnlen(cell->text, sizeof(cell->text)), false);
}

void
markup_color(struct buf *out, uint32_t rgb)
{
	buf_addf(out, "#%06x", (unsigned)(rgb & 0xFFFFFF));
}

void
markup_date(struct buf *out, uint64_t seconds)
{
	time_t time = (time_t)(seconds <= LAST_SECOND ? seconds : 0);
	struct tm day;

	if ((uint64_t)time != seconds || !gmtime_r(&time, &day))
		return;
	buf_addf(out, "%04d-%02d-%02dT%02d:%02d:%02dZ", day.tm_year + 1900, day.tm_mon + 1,
	    day.tm_mday, day.tm_hour, day.tm_min, day.tm_sec);
}
