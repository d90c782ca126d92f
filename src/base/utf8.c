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

/* Sorted. Controls, format characters that reorder or hide text, surrogates, private use, noncharacters. */
static const struct interval forbidden[] = {
    {0x0000, 0x001F}, {0x007F, 0x009F}, {0x00AD, 0x00AD}, {0x061C, 0x061C}, {0x115F, 0x1160},
    {0x17B4, 0x17B5}, {0x180B, 0x180F}, {0x200B, 0x200F}, {0x2028, 0x202E}, {0x2060, 0x206F},
    {0x3164, 0x3164}, {0xD800, 0xF8FF}, {0xFDD0, 0xFDEF}, {0xFE00, 0xFE0F}, {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0}, {0xFFF0, 0xFFFB}, {0x1BCA0, 0x1BCA3}, {0x1D173, 0x1D17A}, {0xE0000, 0x10FFFF},
};

static const struct interval combining[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x05BF, 0x05BF}, {0x05C1, 0x05C2},
    {0x05C4, 0x05C5}, {0x05C7, 0x05C7}, {0x0610, 0x061A}, {0x064B, 0x065F}, {0x0670, 0x0670},
    {0x06D6, 0x06DC}, {0x06DF, 0x06E4}, {0x06E7, 0x06E8}, {0x06EA, 0x06ED}, {0x0900, 0x0902},
    {0x093A, 0x093A}, {0x093C, 0x093C}, {0x0941, 0x0948}, {0x094D, 0x094D}, {0x0E31, 0x0E31},
    {0x0E34, 0x0E3A}, {0x0E47, 0x0E4E}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x20D0, 0x20FF},
    {0x302A, 0x302D}, {0x3099, 0x309A}, {0xFE20, 0xFE2F},
};

static const struct interval wide[] = {
    {0x1100, 0x115E}, {0x231A, 0x231B}, {0x2329, 0x232A}, {0x23E9, 0x23EC}, {0x23F0, 0x23F0},
    {0x23F3, 0x23F3}, {0x25FD, 0x25FE}, {0x2614, 0x2615}, {0x2648, 0x2653}, {0x267F, 0x267F},
    {0x2693, 0x2693}, {0x26A1, 0x26A1}, {0x26AA, 0x26AB}, {0x26BD, 0x26BE}, {0x26C4, 0x26C5},
    {0x26CE, 0x26CE}, {0x26D4, 0x26D4}, {0x26EA, 0x26EA}, {0x26F2, 0x26F3}, {0x26F5, 0x26F5},
    {0x26FA, 0x26FA}, {0x26FD, 0x26FD}, {0x2705, 0x2705}, {0x270A, 0x270B}, {0x2728, 0x2728},
    {0x274C, 0x274C}, {0x274E, 0x274E}, {0x2753, 0x2755}, {0x2757, 0x2757}, {0x2795, 0x2797},
    {0x27B0, 0x27B0}, {0x27BF, 0x27BF}, {0x2B1B, 0x2B1C}, {0x2B50, 0x2B50}, {0x2B55, 0x2B55},
    {0x2E80, 0x303E}, {0x3041, 0x3163}, {0x3165, 0x33FF}, {0x3400, 0x4DBF}, {0x4E00, 0xA4CF},
    {0xA960, 0xA97F}, {0xAC00, 0xD7A3}, {0xF900, 0xFAFF}, {0xFE10, 0xFE19}, {0xFE30, 0xFE6F},
    {0xFF01, 0xFF60}, {0xFFE0, 0xFFE6}, {0x16FE0, 0x18DFF}, {0x1AFF0, 0x1B2FF},
    {0x1F004, 0x1F004}, {0x1F0CF, 0x1F0CF}, {0x1F18E, 0x1F18E}, {0x1F191, 0x1F19A},
    {0x1F200, 0x1F320}, {0x1F32D, 0x1F335}, {0x1F337, 0x1F37C}, {0x1F37E, 0x1F393},
    {0x1F3A0, 0x1F3CA}, {0x1F3CF, 0x1F3D3}, {0x1F3E0, 0x1F3F0}, {0x1F3F4, 0x1F3F4},
    {0x1F3F8, 0x1F43E}, {0x1F440, 0x1F440}, {0x1F442, 0x1F4FC}, {0x1F4FF, 0x1F53D},
    {0x1F54B, 0x1F54E}, {0x1F550, 0x1F567}, {0x1F57A, 0x1F57A}, {0x1F595, 0x1F596},
    {0x1F5A4, 0x1F5A4}, {0x1F5FB, 0x1F64F}, {0x1F680, 0x1F6C5}, {0x1F6CC, 0x1F6CC},
    {0x1F6D0, 0x1F6D2}, {0x1F6D5, 0x1F6DF}, {0x1F6EB, 0x1F6EC}, {0x1F6F4, 0x1F6FC},
    {0x1F7E0, 0x1F7EB}, {0x1F90C, 0x1F93A}, {0x1F93C, 0x1F945}, {0x1F947, 0x1FAFF},
    {0x20000, 0x3FFFD},
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
	size_t length = strlen(text), at = 0, used = 0;

	while (at < length) {
		uint32_t code;
		size_t bytes = utf8_decode(text + at, length - at, &code);
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
	size_t length = strlen(text), at = 0, used = 0;

	while (at < length) {
		uint32_t code;
		int width;

		at += utf8_decode(text + at, length - at, &code);
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
