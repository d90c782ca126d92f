#include "config.h"
#include "base/utf8.h"

#include <locale.h>
#include <wchar.h>

#include "tap.h"

#define FFFD "\xEF\xBF\xBD"

static void
decodes(const char *text, size_t length, uint32_t code, size_t bytes, const char *what)
{
	uint32_t got = 0;

	is_number(utf8_decode(text, length, &got), bytes, "%s: bytes", what);
	is_number(got, code, "%s: code point", what);
}

static void
decode(void)
{
	uint32_t code = 4711;

	decodes("a", 1, 'a', 1, "ASCII");
	decodes("\0", 1, 0, 1, "a zero byte");
	decodes("\xC3\xA9", 2, 0xE9, 2, "two bytes");
	decodes("\xE5\x86\x99", 3, 0x5199, 3, "three bytes");
	decodes("\xF0\x9F\x90\x84", 4, 0x1F404, 4, "four bytes");
	decodes("\xF4\x8F\xBF\xBF", 4, 0x10FFFF, 4, "the last code point");
	decodes("\x80", 1, 0xFFFD, 1, "a lone continuation");
	decodes("\xC0\xAF", 2, 0xFFFD, 1, "an overlong slash");
	decodes("\xE0\x80\xAF", 3, 0xFFFD, 1, "an overlong slash of three bytes");
	decodes("\xF0\x80\x80\xAF", 4, 0xFFFD, 1, "one of four");
	decodes("\xED\xA0\x80", 3, 0xFFFD, 1, "a surrogate");
	decodes("\xF4\x90\x80\x80", 4, 0xFFFD, 1, "beyond the last code point");
	decodes("\xFF", 1, 0xFFFD, 1, "a byte that is never there");
	decodes("\xE5\x86", 2, 0xFFFD, 1, "a sequence cut short by the length");
	decodes("\xE5\x86x", 3, 0xFFFD, 1, "a sequence cut short by ASCII");
	decodes("\xC3\xA9", 1, 0xFFFD, 1, "length is respected");
	is_number(utf8_decode("a", 0, &code), 0, "nothing there: 0 bytes");
	is_number(code, 4711, "and the code point is not touched");
}

/* Every code point survives encoding and decoding. */
static void
encode(void)
{
	uint32_t wrong = 0;
	char text[5];

	for (uint32_t code = 0; code <= 0x10FFFF; code++) {
		uint32_t back = 0;
		size_t bytes;

		if (code >= 0xD800 && code <= 0xDFFF)
			continue;
		bytes = utf8_encode(code, text);
		if (text[bytes] != '\0' || utf8_decode(text, bytes, &back) != bytes || back != code)
			wrong++;
	}
	is_number(wrong, 0, "all code points there and back");
	is_number(utf8_encode(0x5199, text), 3, "U+5199 has three bytes");
	is_text(text, "\xE5\x86\x99", "and these");
}

static void
cells(void)
{
	is_number(utf8_cells('a'), 1, "a letter");
	is_number(utf8_cells(0x2500), 1, "a line of a box");
	is_number(utf8_cells(0x25A0), 1, "a black square");
	is_number(utf8_cells(0x5199), 2, "a Chinese character");
	is_number(utf8_cells(0x1F404), 2, "a cow");
	is_number(utf8_cells(0x0301), 0, "a combining accent");
	is_number(utf8_cells('\n'), -1, "a newline");
	is_number(utf8_cells(0x1B), -1, "escape");
	is_number(utf8_cells(0x9B), -1, "the 8-bit escape sequence");
	is_number(utf8_cells(0x202E), -1, "right-to-left override");
	is_number(utf8_cells(0x2067), -1, "right-to-left isolate");
	is_number(utf8_cells(0x200B), -1, "zero-width space");
	is_number(utf8_cells(0x200D), -1, "zero-width joiner");
	is_number(utf8_cells(0xE000), -1, "private use");
	is_number(utf8_cells(0xE0041), -1, "a tag character");
	is_number(utf8_cells(0x13437), -1, "a control of hieroglyphs");
	is_number(utf8_cells(0xFEFF), -1, "byte order mark");
}

/* Only against tables of Unicode 14 and 15: letters of 14 are known, ideographs of 15.1 are not. */
static void
cells_as_in_the_c_library(void)
{
	uint32_t differ = 0;

	if (!setlocale(LC_CTYPE, "C.UTF-8") || wcwidth(0x1DF00) < 0 || wcwidth(0x2EBF0) >= 0) {
		printf(
		    "ok %d - widths as in the C library # SKIP its Unicode is neither 14 nor 15\n",
		    ++tap_run);
		return;
	}
	for (uint32_t code = 0x20; code <= 0x10FFFF; code++) {
		int ours = utf8_cells(code), theirs = wcwidth((wchar_t)code);

		if (ours >= 0 && theirs >= 0 && ours != theirs) {
			printf("# U+%04X: %d, in the C library %d\n", code, ours, theirs);
			differ++;
		}
	}
	is_number(differ, 0, "widths as in the C library");
}

static void
width(void)
{
	is_number(utf8_width(""), 0, "nothing is 0 wide");
	is_number(utf8_width("cow"), 3, "three letters");
	is_number(utf8_width("\xE5\x86\x99\xE6\x97\xB6"), 4, "two Chinese characters");
	is_number(utf8_width("e\xCC\x81"), 1, "a letter and its accent");
	is_number(utf8_clip("cow", 2), 2, "two cells of three");
	is_number(utf8_clip("cow", 9), 3, "all of it where there is room");
	is_number(utf8_clip("x\xE5\x86\x99y", 2), 1,
	    "a wide character that does not fit stays away whole");
	is_number(utf8_clip("x\xE5\x86\x99y", 3), 4, "and comes where it fits");
	is_number(utf8_clip("e\xCC\x81x", 1), 3, "an accent goes with its letter");
	is_number(utf8_clip("cow", 0), 0, "no room at all");
}

static void
cleans(const char *text, size_t length, const char *utf8, const char *ascii, const char *what)
{
	struct buf out = BUF_INIT;

	utf8_clean(&out, text, length, false);
	is_text(buf_text(&out), utf8, "%s", what);
	is_number(strlen(buf_text(&out)), out.length, "%s: no zero byte comes through", what);
	buf_clear(&out);
	utf8_clean(&out, text, length, true);
	is_text(buf_text(&out), ascii, "%s, in ASCII", what);
	buf_free(&out);
}

#define CLEANS(text, ...) cleans(text, sizeof(text) - 1, __VA_ARGS__)

static void
sanitiser(void)
{
	CLEANS("hello, world", "hello, world", "hello, world", "plain text is left alone");
	CLEANS("\xE5\x86\x99", "\xE5\x86\x99", "?", "Chinese");
	CLEANS("e\xCC\x81", "e\xCC\x81", "e?", "a combining accent");
	CLEANS("a\0b", "a" FFFD "b", "a?b", "a zero byte");
	CLEANS("\033[31m", FFFD "[31m", "?[31m", "an escape sequence");
	CLEANS("\xC2\x9B"
	       "31m",
	    FFFD "31m", "?31m", "an 8-bit escape sequence");
	CLEANS("\x9B"
	       "31m",
	    FFFD "31m", "?31m", "the same byte bare");
	CLEANS("a\r\n\tb\x7F", "a" FFFD FFFD FFFD "b" FFFD, "a???b?", "control characters");
	CLEANS("x\xE2\x80\xAEy", "x" FFFD "y", "x?y", "right-to-left override");
	CLEANS("x\xE2\x80\x8By", "x" FFFD "y", "x?y", "a zero-width space");
	CLEANS("x\xEE\x80\x80y", "x" FFFD "y", "x?y", "a private-use code point");
	CLEANS("x\xEF\xBF\xBFy\xEF\xB7\x90", "x" FFFD "y" FFFD, "x?y?", "noncharacters");
	CLEANS("\xC3", FFFD, "?", "a sequence cut short");
	CLEANS("\xE5\x86", FFFD FFFD, "??", "broken bytes become one mark each");
	CLEANS(FFFD, FFFD, "?", "a real U+FFFD");
	CLEANS("", "", "", "nothing");
}

/* Whatever the bytes: what comes out has nothing that a terminal obeys. */
static void
sanitiser_holds(void)
{
	uint32_t seed = 1, bad = 0;

	for (int round = 0; round < 5000; round++) {
		struct buf out = BUF_INIT;
		char bytes[16];
		size_t at = 0;

		for (size_t i = 0; i < sizeof(bytes); i++) {
			seed = seed * 1664525 + 1013904223;
			bytes[i] = (char)(seed >> 24);
		}
		utf8_clean(&out, bytes, sizeof(bytes), false);
		while (at < out.length) {
			uint32_t code;

			at += utf8_decode(out.data + at, out.length - at, &code);
			bad += utf8_cells(code) < 0;
		}
		buf_clear(&out);
		utf8_clean(&out, bytes, sizeof(bytes), true);
		for (at = 0; at < out.length; at++)
			bad += out.data[at] < 0x20 || out.data[at] > 0x7E;
		buf_free(&out);
	}
	is_number(bad, 0, "5000 rounds of random bytes come out harmless");
}

int
main(void)
{
	decode();
	encode();
	cells();
	cells_as_in_the_c_library();
	width();
	sanitiser();
	sanitiser_holds();
	return done_testing();
}
