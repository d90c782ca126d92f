#include "config.h"
#include "tui/keys.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>
#include <wchar.h>

#define ESCAPE 27
#define DELETE 127

struct code_name {
	int code;
	const char *name;
};

static const struct code_name names[] = {
    {KEY_UP, "Up"}, {KEY_DOWN, "Down"}, {KEY_LEFT, "Left"}, {KEY_RIGHT, "Right"},
    {KEY_HOME, "Home"}, {KEY_FIND, "Home"}, {KEY_A1, "Home"},
    {KEY_END, "End"}, {KEY_SELECT, "End"}, {KEY_C1, "End"},
    {KEY_PPAGE, "PgUp"}, {KEY_A3, "PgUp"}, {KEY_NPAGE, "PgDn"}, {KEY_C3, "PgDn"},
    {KEY_BACKSPACE, "Backspace"}, {KEY_DC, "Delete"}, {KEY_BTAB, "Shift-Tab"}, {KEY_ENTER, "Enter"},
    {'\b', "Backspace"}, {DELETE, "Backspace"}, {'\t', "Tab"}, {'\r', "Enter"}, {'\n', "Enter"},
    {' ', "Space"},
};

struct sequence {
	const char *bytes;
	int code;
};

static const struct sequence common[] = {
    {"\033[A", KEY_UP}, {"\033[B", KEY_DOWN}, {"\033[C", KEY_RIGHT}, {"\033[D", KEY_LEFT},
    {"\033OA", KEY_UP}, {"\033OB", KEY_DOWN}, {"\033OC", KEY_RIGHT}, {"\033OD", KEY_LEFT},
    {"\033[H", KEY_HOME}, {"\033OH", KEY_HOME}, {"\033[1~", KEY_HOME}, {"\033[7~", KEY_HOME},
    {"\033[F", KEY_END}, {"\033OF", KEY_END}, {"\033[4~", KEY_END}, {"\033[8~", KEY_END},
    {"\033[5~", KEY_PPAGE}, {"\033[6~", KEY_NPAGE}, {"\033[3~", KEY_DC}, {"\033[Z", KEY_BTAB},
    {"\033OM", KEY_ENTER}, {"\033OP", KEY_F(1)}, {"\033[11~", KEY_F(1)}, {"\033[21~", KEY_F(10)},
};

static mbstate_t shift; /* the character whose first bytes came */

void
keys_open(WINDOW *input)
{
	memset(&shift, 0, sizeof(shift));
	keypad(input, TRUE);
	nodelay(input, TRUE);
	for (size_t i = 0; i < sizeof(common) / sizeof(common[0]); i++)
		if (key_defined(common[i].bytes) == 0)
			define_key(common[i].bytes, common[i].code);
}

static bool
named(struct tui_event *event, const char *name)
{
	event->type = TUI_KEY;
	snprintf(event->text, sizeof(event->text), "%s", name);
	return true;
}

static const char *
name_of(int code)
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
function_key(int code, struct tui_event *event)
{
	const char *name = name_of(code);

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

/* Behind ESC [ or ESC O: a key that nobody knows. Its end is read too, so that its digits do not pass for keys. */
static void
swallow(WINDOW *input, int introducer)
{
	int code;

	do
		code = wgetch(input);
	while (introducer == '[' && code >= 0x20 && code < 0x40);
	if (code >= KEY_MIN || (code != ERR && code < 0x20))
		ungetch(code);
}

static bool
escape(WINDOW *input, struct tui_event *event)
{
	int next = wgetch(input);

	if (next == '[' || next == 'O') {
		swallow(input, next);
		return false;
	}
	if (next != ERR)
		ungetch(next);
	return named(event, "Esc");
}

static bool
control(int code, struct tui_event *event)
{
	const char *name = name_of(code);

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
understood(WINDOW *input, int code, struct tui_event *event)
{
	if (code >= KEY_MIN)
		return function_key(code, event);
	if (mbsinit(&shift)) {
		if (code == ESCAPE)
			return escape(input, event);
		if (code <= ' ' || code == DELETE)
			return control(code, event);
	} else if (code < 0x30) {
		/* No encoding has these inside a character: the pieces before were broken. */
		memset(&shift, 0, sizeof(shift));
		return understood(input, code, event);
	}
	return character(code, event);
}

enum keys_result
keys_next(WINDOW *input, struct tui_event *event)
{
	enum keys_result result = KEYS_NONE;
	int code;

	while ((code = wgetch(input)) != ERR) {
		if (understood(input, code, event))
			return KEYS_EVENT;
		result = KEYS_SKIPPED;
	}
	return result;
}
