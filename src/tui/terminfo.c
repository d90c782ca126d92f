#include "config.h"
#include "tui/terminfo.h"
#include "base/i18n.h"
#include "base/utf8.h"

#include <curses.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <term.h>
#include <unistd.h>

#define PASTE_ON "\033[?2004h"
#define PASTE_OFF "\033[?2004l"

static bool marks_pastes;

struct bytes {
	char *data;
	size_t room, length;
};

/* A capability without its padding ("$<5>"); one that doesn't fit is left out whole. */
static void
terminfo_add(struct bytes *bytes, const char *capability)
{
	size_t at = bytes->length;

	if (!capability || capability == (char *)-1)
		return;
	for (; *capability; capability++) {
		const char *end =
		    strncmp(capability, "$<", 2) == 0 ? strchr(capability, '>') : NULL;

		if (end)
			capability = end;
		else if (at == bytes->room)
			return;
		else
			bytes->data[at++] = *capability;
	}
	bytes->length = at;
}

static void
add_goodbye(struct bytes *bytes)
{
	terminfo_add(bytes, exit_attribute_mode);
	if (key_mouse)
		terminfo_add(bytes, "\033[?1000l\033[?1006l");
	terminfo_add(bytes, terminfo_paste(false));
	terminfo_add(bytes, cursor_normal);
	terminfo_add(bytes, keypad_local);
	if (exit_ca_mode) {
		terminfo_add(bytes, exit_ca_mode);
		return;
	}
	/* No alternate screen to leave: moves to the last row, where any row beyond it ends up
	 * too. */
	terminfo_add(bytes, tparm(cursor_address, 499L, 0L, 0L, 0L, 0L, 0L, 0L, 0L, 0L));
	terminfo_add(bytes, "\r\n");
}

/* Terminals with a mouse take xterm's modes, or ignore them. */
static bool
can_mark_pastes(void)
{
	const char *begin = tigetstr("BE");

	return key_mouse || (begin && begin != (char *)-1);
}

const char *
terminfo_paste(bool on)
{
	return !marks_pastes ? "" : on ? PASTE_ON : PASTE_OFF;
}

static int
terminfo_complain(struct err *err, const char *format, const char *term)
{
	struct buf clean = BUF_INIT;

	utf8_clean(&clean, term, strlen(term), false);
	err_set(err, ERR_MACHINE, format, buf_text(&clean));
	buf_free(&clean);
	return -1;
}

static int
check_files(struct err *err)
{
	if (!isatty(STDIN_FILENO))
		return err_set(err, ERR_MACHINE,
		    _("standard input is not a terminal: start this in a terminal, or use --batch"));
	if (!isatty(STDOUT_FILENO))
		return err_set(err, ERR_MACHINE,
		    _("standard output is not a terminal: start this in a terminal, or use --batch"));
	return 0;
}

int
terminfo_check(char *goodbye, size_t room, size_t *length, struct err *err)
{
	struct bytes bytes = {goodbye, room, 0};
	const char *term = getenv("TERM");
	int found = 0, result = 0;

	if (check_files(err) < 0)
		return -1;
	if (!term || !*term)
		return err_set(err, ERR_MACHINE,
		    _("TERM is not set: set it to your terminal's type, such as xterm-256color, or use --batch"));
	if (setupterm(term, STDOUT_FILENO, &found) != OK)
		return terminfo_complain(err,
		    _("terminal type \"%s\" is unknown: set TERM to a known one, such as xterm-256color, or use --batch"),
		    term);
	marks_pastes = can_mark_pastes();
	if (cursor_address)
		add_goodbye(&bytes);
	else
		result = terminfo_complain(err,
		    _("terminal type \"%s\" cannot show a full screen: set TERM to another, such as xterm-256color, or use --batch"),
		    term);
	*length = bytes.length;
	del_curterm(cur_term);
	return result;
}
