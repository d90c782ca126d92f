#include "config.h"
#include "tui/keyboard.h"
#include "base/clock.h"
#include "base/utf8.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#define BELL 7
#define ESCAPE 27
#define DELETE 127
#define PIECE_MS 25   /* an escape sequence is complete within this time, as keys are */
#define STRAY_MS 1000 /* an answer of the terminal that isn't complete by then never will be */

/* Codes of our own, far above those of ncurses, which gives the ones after KEY_MAX to keys that
 * terminfo adds: the keypad's characters, the brackets of a paste. */
enum { CODE_CHARACTER = 0x4000, CODE_PASTE = CODE_CHARACTER + 128, CODE_PASTE_END };

struct code_name {
	int code;
	const char *name;
};

static const struct code_name names[] = {
    {KEY_UP, "Up"},
    {KEY_DOWN, "Down"},
    {KEY_LEFT, "Left"},
    {KEY_RIGHT, "Right"},
    {KEY_HOME, "Home"},
    {KEY_FIND, "Home"},
    {KEY_A1, "Home"},
    {KEY_END, "End"},
    {KEY_SELECT, "End"},
    {KEY_C1, "End"},
    {KEY_PPAGE, "PgUp"},
    {KEY_A3, "PgUp"},
    {KEY_NPAGE, "PgDn"},
    {KEY_C3, "PgDn"},
    {KEY_BACKSPACE, "Backspace"},
    {KEY_DC, "Delete"},
    {KEY_BTAB, "Shift-Tab"},
    {KEY_ENTER, "Enter"},
    {'\b', "Backspace"},
    {DELETE, "Backspace"},
    {'\t', "Tab"},
    {'\r', "Enter"},
    {'\n', "Enter"},
    {' ', "Space"},
};

struct sequence {
	const char *bytes;
	int code;
};

static const struct sequence common[] = {
    {"\033[A", KEY_UP},
    {"\033[B", KEY_DOWN},
    {"\033[C", KEY_RIGHT},
    {"\033[D", KEY_LEFT},
    {"\033OA", KEY_UP},
    {"\033OB", KEY_DOWN},
    {"\033OC", KEY_RIGHT},
    {"\033OD", KEY_LEFT},
    {"\033[H", KEY_HOME},
    {"\033OH", KEY_HOME},
    {"\033[1~", KEY_HOME},
    {"\033[7~", KEY_HOME},
    {"\033[F", KEY_END},
    {"\033OF", KEY_END},
    {"\033[4~", KEY_END},
    {"\033[8~", KEY_END},
    {"\033[5~", KEY_PPAGE},
    {"\033[6~", KEY_NPAGE},
    {"\033[3~", KEY_DC},
    {"\033[Z", KEY_BTAB},
    {"\033OM", KEY_ENTER},
    {"\033OP", KEY_F(1)},
    {"\033[11~", KEY_F(1)},
    {"\033[21~", KEY_F(10)},
};

/* The keypad in application mode, ESC O and the letter; terminfo has some of them as Home or End,
 * which they are without Num Lock. */
static const char keypad_letters[] = "XjklmnopqrstuvwxyI ",
		  keypad_characters[] = "=*+,-./0123456789\t ";

/* Input that isn't a key, such as a late answer of the terminal, and that may continue. */
static enum { NOTHING_UNDER_WAY, SEQUENCE, STRING } stray;
static int64_t stray_ms;
static bool pasting;
static mbstate_t shift; /* the character whose first bytes have come */

static void
define_keypad(void)
{
	char bytes[] = "\033O.";

	for (size_t i = 0; keypad_letters[i]; i++) {
		bytes[2] = keypad_letters[i];
		define_key(bytes, CODE_CHARACTER + keypad_characters[i]);
	}
}

void
keys_open(WINDOW *input)
{
	memset(&shift, 0, sizeof(shift));
	stray = NOTHING_UNDER_WAY;
	pasting = false;
	keypad(input, TRUE);
	nodelay(input, TRUE);
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (key_defined(common[i].bytes) == 0)
			define_key(common[i].bytes, common[i].code);
	define_keypad();
	define_key("\033[200~", CODE_PASTE);
	define_key("\033[201~", CODE_PASTE_END);
}

static bool
named(struct tui_event *event, const char *name)
{
	event->type = TUI_KEY;
	snprintf(event->text, sizeof(event->text), "%s", name);
	return true;
}

static const char *
keyboard_name_of(int code)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].code == code)
			return names[i].name;
	return NULL;
}

static bool
clicked(struct tui_event *event)
{
	MEVENT mouse;

	if (getmouse(&mouse) != OK)
		return false;
	if (mouse.bstate & BUTTON4_PRESSED)
		return named(event, "Up");
	if (mouse.bstate & BUTTON5_PRESSED)
		return named(event, "Down");
	if (!(mouse.bstate & BUTTON1_PRESSED))
		return false;
	event->type = TUI_CLICK;
	event->column = mouse.x;
	event->row = mouse.y;
	return true;
}

static bool
control(int code, struct tui_event *event)
{
	const char *name = keyboard_name_of(code);

	if (name)
		return named(event, name);
	if (code < 1 || code > 26)
		return false;
	event->type = TUI_KEY;
	snprintf(event->text, sizeof(event->text), "Ctrl-%c", 'A' + code - 1);
	return true;
}

static bool
character(int byte, struct tui_event *event)
{
	bool continues = !mbsinit(&shift);
	char one = (char)byte, text[5];
	wchar_t code;
	size_t used = mbrtowc(&code, &one, 1, &shift);

	if (used == (size_t)-2)
		return false;
	if (used == (size_t)-1) {
		memset(&shift, 0, sizeof(shift));
		return continues && character(byte, event);
	}
	if (utf8_cells((uint32_t)code) < 0)
		return false;
	utf8_encode((uint32_t)code, text);
	return named(event, text);
}

static bool
function_key(int code, struct tui_event *event)
{
	const char *name = keyboard_name_of(code);
	char character[2] = {0};

	if (code >= CODE_PASTE) {
		pasting = code == CODE_PASTE;
		return false;
	}
	if (code > CODE_CHARACTER) {
		character[0] = (char)(code - CODE_CHARACTER);
		return character[0] <= ' ' ? control(character[0], event) : named(event, character);
	}
	if (code == KEY_MOUSE)
		return clicked(event);
	if (name)
		return named(event, name);
	if (code < KEY_F(1) || code > KEY_F(12))
		return false;
	event->type = TUI_KEY;
	snprintf(event->text, sizeof(event->text), "F%d", code - KEY_F0);
	return true;
}

/* As wgetch(), but waits for the rest of what has begun. */
static int
next_piece(WINDOW *input)
{
	int code;

	wtimeout(input, PIECE_MS);
	code = wgetch(input);
	nodelay(input, TRUE);
	return code;
}

static bool
is_final(int code)
{
	return code >= 0x40 && code < DELETE;
}

/* Takes one more piece of input that isn't a key; false: the piece begins something else. */
static bool
stray_goes_on(WINDOW *input, int code)
{
	int next;

	if (code >= KEY_MIN || clock_ms() - stray_ms > STRAY_MS) {
		stray = NOTHING_UNDER_WAY;
		return false;
	}
	stray_ms = clock_ms();
	if (code >= ' ' && code != DELETE) {
		if (stray == SEQUENCE && is_final(code))
			stray = NOTHING_UNDER_WAY;
		return true;
	}
	if (stray == STRING && code == ESCAPE) {
		next = next_piece(input);
		stray = NOTHING_UNDER_WAY;
		if (next != '\\' && next != ERR)
			ungetch(next);
		return next == '\\';
	}
	stray = NOTHING_UNDER_WAY;
	return code == BELL;
}

/* After ESC: an unknown sequence, a string that the terminal answers with, or a key pressed with
 * Alt, which has no meaning here. */
static void
swallow(WINDOW *input, int introducer)
{
	int next = next_piece(input);
	bool string = strchr("]P_^X", introducer) != NULL;

	if (next == ERR)
		return; /* Alt and that key */
	if (introducer == 'O')
		return;
	stray = string ? STRING : SEQUENCE;
	stray_ms = clock_ms();
	if (!stray_goes_on(input, next))
		ungetch(next);
}

static void
skip_character(WINDOW *input, int byte)
{
	struct tui_event ignored;

	while (byte != ERR && byte < KEY_MIN && !character(byte, &ignored) && !mbsinit(&shift))
		byte = next_piece(input);
}

static bool
keyboard_escape(WINDOW *input, struct tui_event *event)
{
	int next = next_piece(input);

	if (next == ERR)
		return named(event, "Esc");
	if (next == ESCAPE || next >= KEY_MIN) {
		ungetch(next);
		return named(event, "Esc");
	}
	if (next > ' ' && next < DELETE && strchr("[O]P_^X", next))
		swallow(input, next);
	else
		skip_character(input, next);
	return false;
}

static bool
understood(WINDOW *input, int code, struct tui_event *event)
{
	if (stray != NOTHING_UNDER_WAY && stray_goes_on(input, code))
		return false;
	if (code >= KEY_MIN)
		return function_key(code, event);
	if (mbsinit(&shift)) {
		if (code == ESCAPE)
			return keyboard_escape(input, event);
		if (code <= ' ' || code == DELETE)
			return control(code, event);
	} else if (code < 0x30) {
		/* Such bytes never occur inside a character: the bytes before were broken. */
		memset(&shift, 0, sizeof(shift));
		return understood(input, code, event);
	}
	return character(code, event);
}

/* Text and line ends; false: neither. Ctrl-C ends a paste whose end doesn't come. */
static bool
pasted(struct tui_event *event)
{
	char name[sizeof(event->text)];
	bool is_text = event->type == TUI_KEY && (event->text[0] & 0x80 || !event->text[1]);

	if (event->type == TUI_KEY && strcmp(event->text, "Ctrl-C") == 0)
		pasting = false;
	if (strcmp(event->text, "Tab") == 0)
		snprintf(event->text, sizeof(event->text), "Space");
	else if (!is_text && strcmp(event->text, "Enter") != 0 && strcmp(event->text, "Space") != 0)
		return false;
	snprintf(name, sizeof(name), "Paste %.8s", event->text);
	return named(event, name);
}

enum keys_result
keys_next(WINDOW *input, struct tui_event *event)
{
	enum keys_result result = KEYS_NONE;
	int code;

	while ((code = wgetch(input)) != ERR) {
		if (understood(input, code, event) && (!pasting || pasted(event)))
			return KEYS_EVENT;
		result = KEYS_SKIPPED;
	}
	return result;
}
