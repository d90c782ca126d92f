#include "config.h"
#include "base/utf8.h"

#include <string.h>

#define REPLACEMENT 0xFFFD

struct interval {
	uint32_t first, last;
};

static bool
in_table(const struct interval *table, size_t count, uint32_t code)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (code > table[middle].last)
			low = middle + 1;
		else if (code < table[middle].first)
			high = middle;
		else
			return true;
	}
	return false;
}

#define IN(table, code) in_table(table, sizeof(table) / sizeof((table)[0]), code)

/* Sorted. Controls, format characters that reorder or hide text, surrogates, private use,
 * noncharacters. */
static const struct interval forbidden[] = {
    {0x0000, 0x001F},
    {0x007F, 0x009F},
    {0x00AD, 0x00AD},
    {0x061C, 0x061C},
    {0x115F, 0x1160},
    {0x17B4, 0x17B5},
    {0x180B, 0x180F},
    {0x200B, 0x200F},
    {0x2028, 0x202E},
    {0x2060, 0x206F},
    {0x3164, 0x3164},
    {0xD800, 0xF8FF},
    {0xFDD0, 0xFDEF},
    {0xFE00, 0xFE0F},
    {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0},
    {0xFFF0, 0xFFFB},
    {0x13430, 0x1343F},
    {0x1BCA0, 0x1BCA3},
    {0x1D173, 0x1D17A},
    {0xE0000, 0x10FFFF},
};

static const struct interval combining[] = {
#define NONE(first, last) {first, last},
#define WIDE(first, last)
#include "base/widths.def"
#undef NONE
#undef WIDE
};

static const struct interval wide[] = {
#define NONE(first, last)
#define WIDE(first, last) {first, last},
#include "base/widths.def"
#undef NONE
#undef WIDE
};

size_t
utf8_decode(const char *text, size_t length, uint32_t *code)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	const unsigned char *bytes = (const unsigned char *)text;
	size_t count;
	uint32_t value;

	if (length == 0)
		return 0;
	*code = REPLACEMENT;
	if (bytes[0] < 0x80)
		count = 1;
	else if (bytes[0] >= 0xC2 && bytes[0] < 0xE0)
		count = 2;
	else if (bytes[0] >= 0xE0 && bytes[0] < 0xF0)
		count = 3;
	else if (bytes[0] >= 0xF0 && bytes[0] < 0xF5)
		count = 4;
	else
		return 1;
	if (count > length)
		return 1;
	value = count == 1 ? bytes[0] : bytes[0] & (0xFFu >> (count + 1));
	for (size_t i = 1; i < count; i++) {
		if ((bytes[i] & 0xC0) != 0x80)
			return 1;
		value = value << 6 | (bytes[i] & 0x3F);
	}
	if (value < smallest[count] || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
		return 1;
	*code = value;
	return count;
}

/* The terminator is no continuation byte, so nothing after it is read. */
size_t
utf8_next(const char *text, uint32_t *code)
{
	return utf8_decode(text, 4, code);
}

size_t
utf8_encode(uint32_t code, char out[5])
{
	size_t count = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
	static const unsigned char lead[] = {0, 0, 0xC0, 0xE0, 0xF0};

	for (size_t i = count; i-- > 1; code >>= 6)
		out[i] = (char)(0x80 | (code & 0x3F));
	out[0] = (char)(lead[count] | code);
	out[count] = '\0';
	return count;
}

int
utf8_cells(uint32_t code)
{
	if (code >= 0x20 && code < 0x7F)
		return 1;
	if (IN(forbidden, code) || (code & 0xFFFE) == 0xFFFE)
		return -1;
	if (IN(combining, code))
		return 0;
	return IN(wide, code) ? 2 : 1;
}

size_t
utf8_clip(const char *text, size_t cells)
{
	size_t at = 0, used = 0;

	while (text[at]) {
		uint32_t code;
		size_t bytes = utf8_next(text + at, &code);
		int width = utf8_cells(code);

		used += width > 0 ? (size_t)width : 0;
		if (used > cells)
			break;
		at += bytes;
	}
	return at;
}

size_t
utf8_width(const char *text)
{
	size_t at = 0, used = 0;

	while (text[at]) {
		uint32_t code;
		int width;

		at += utf8_next(text + at, &code);
		width = utf8_cells(code);
		used += width > 0 ? (size_t)width : 0;
	}
	return used;
}

void
utf8_clean(struct buf *out, const char *text, size_t length, bool ascii)
{
	size_t at = 0;

	while (at < length) {
		uint32_t code;
		size_t bytes = utf8_decode(text + at, length - at, &code);
		bool bad = utf8_cells(code) < 0 || (bytes == 1 && code == REPLACEMENT);

		if (ascii ? bad || code > 0x7E : bad)
			buf_add(out, ascii ? "?" : "\xEF\xBF\xBD");
		else
			buf_add_n(out, text + at, bytes);
		at += bytes;
	}
}
