#include "config.h"
#include "tui/tui.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "tui/keyboard.h"
#include "tui/paint.h"
#include "tui/richer.h"
#include "tui/signals.h"
#include "tui/terminfo.h"
#include "view/canvas/glyph.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

/* No larger than a canvas: ncurses needs 40 bytes for each cell of each of its screens. */
#define COLUMNS_MAX 1000
#define ROWS_MAX 500

static struct terminal {
	pid_t owner; /* 0: not open */
	SCREEN *screen;
	WINDOW *input;       /* a pad: reading from a window would draw it */
	struct canvas *last; /* what ncurses was last told to show; NULL: nothing yet */
	bool everything;     /* the next canvas is printed in full */
	bool mouse;
	struct rescue rescue;
} tui;

/* Clamped; 80 x 24 for a terminal that reports 0 x 0 because it doesn't know. */
static void
tui_measure(int *columns, int *rows)
{
	struct winsize size = {0, 0, 0, 0};

	*columns = 80;
	*rows = 24;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || !size.ws_col || !size.ws_row)
		return;
	*columns = size.ws_col < COLUMNS_MAX ? size.ws_col : COLUMNS_MAX;
	*rows = size.ws_row < ROWS_MAX ? size.ws_row : ROWS_MAX;
}

/* The terminal may have lost its content even if its size is the same again. */
static void
fit(void)
{
	int columns, rows;

	tui_measure(&columns, &rows);
	if (is_term_resized(rows, columns))
		resize_term(rows, columns);
	tui.everything = true;
}

/* Marks the beginning and end of a paste. A terminal that doesn't accept these bytes has gone. */
static void
mark_pastes(bool on)
{
	const char *bytes = terminfo_paste(on);

	if (write(STDOUT_FILENO, bytes, strlen(bytes)) < 0)
		return;
}

/* Ctrl-C, Ctrl-S, Ctrl-Q and Ctrl-V are keys; Ctrl-Z and Ctrl-\ stay signals. */
static void
set_modes(void)
{
	struct termios modes;

	cbreak();
	noecho();
	nonl();
	if (tcgetattr(STDIN_FILENO, &modes) < 0)
		return;
	modes.c_iflag &= ~(tcflag_t)(IXON | IXOFF);
	modes.c_cc[VINTR] = modes.c_cc[VLNEXT] = _POSIX_VDISABLE;
	tcsetattr(STDIN_FILENO, TCSADRAIN, &modes);
	def_prog_mode();
}

/* Sets a variable and returns what it was, for tui_put_back(). */
static char *
lend(const char *variable, int value)
{
	const char *old = getenv(variable);
	char *kept = old ? mem_string(old) : NULL, text[16];

	snprintf(text, sizeof(text), "%d", value);
	setenv(variable, text, 1);
	return kept;
}

static void
tui_put_back(const char *variable, char *kept)
{
	if (kept)
		setenv(variable, kept, 1);
	else
		unsetenv(variable);
	free(kept);
}

/* newterm() allocates whatever size the terminal reports, even 32767 x 2000 cells; only LINES and
 * COLUMNS prevent that. */
static SCREEN *
new_screen(const char *term)
{
	int columns, rows;
	char *kept_columns, *kept_lines;
	SCREEN *screen;

	tui_measure(&columns, &rows);
	kept_columns = lend("COLUMNS", columns);
	kept_lines = lend("LINES", rows);
	screen = newterm(term, stdout, stdin);
	tui_put_back("LINES", kept_lines);
	tui_put_back("COLUMNS", kept_columns);
	if (screen && is_term_resized(rows, columns)) /* ncurses 6.5 accepts at most 512 of them */
		resize_term(rows, columns);
	return screen;
}

static int
take_terminal(bool color, struct err *err)
{
	const char *term = getenv("TERM");
	struct richer_typed typed = {.length = 0};

	tui.screen = new_screen(color ? richer_term(term, &typed) : term);
	if (!tui.screen)
		return err_set(err, ERR_MACHINE,
		    _("cannot use the terminal: set TERM to its type, or use --batch"));
	set_escdelay(25);
	set_modes();
	tui.input = newpad(1, 1);
	keys_open(tui.input);
	while (typed.length)
		ungetch((unsigned char)typed.bytes[--typed.length]);
	mark_pastes(true);
	tui.everything = true;
	return 0;
}

int
tui_open(const struct tui_options *options, struct err *err)
{
	struct rescue *rescue = &tui.rescue;

	if (tui.owner)
		return err_set(err, ERR_MACHINE, _("this program already uses the terminal"));
	rescue->fd = STDOUT_FILENO;
	if (terminfo_check(rescue->bytes, sizeof(rescue->bytes), &rescue->length, err) < 0)
		return -1;
	if (tcgetattr(STDIN_FILENO, &rescue->cooked) < 0)
		return err_sys(err, ERR_MACHINE, errno, _("cannot read the terminal's modes"));
	if (signals_open(err) < 0)
		return -1;
	signals_rescue(rescue);
	if (take_terminal(options->color, err) < 0) {
		signals_close();
		return -1;
	}
	tui.owner = getpid();
	paint_open(options->theme, options->color);
	return 0;
}

void
tui_close(void)
{
	if (!tui.owner || getpid() != tui.owner)
		return;
	mark_pastes(false);
	endwin();
	signals_rescue(NULL);
	signals_close();
	delwin(tui.input);
	delscreen(tui.screen);
	canvas_free(tui.last);
	memset(&tui, 0, sizeof(tui));
}

int
tui_fd(void)
{
	return STDIN_FILENO;
}

int
tui_signal_fd(void)
{
	return signals_fd();
}

/* Also after SIGSTOP, before which nothing could restore the terminal: ncurses leaves and enters
 * its mode again. In the background the first call stops us again, as it should. */
static void
resume(void)
{
	reset_prog_mode();
	if (!isendwin())
		endwin();
	signals_rescue(&tui.rescue);
	fit();
	clearok(curscr, TRUE);
	refresh();
	mark_pastes(true);
}

static void
suspend(void)
{
	mark_pastes(false);
	endwin();
	signals_rescue(NULL);
	signals_stop();
	resume();
}

static struct tui_event
signalled(int signum)
{
	struct tui_event event = {.type = TUI_RESIZE};

	switch (signum) {
	case SIGTSTP:
		suspend();
		break;
	case SIGCONT:
		resume();
		break;
	case SIGWINCH:
		fit();
		break;
	default:
		event.type = TUI_END;
		event.signal = signum;
	}
	return event;
}

/* Something to read that read(2) doesn't return: the other end hung up, or the terminal went to
 * another foreground group and no shell is left to stop us. */
static bool
lost(const struct pollfd *fd, int waiting, enum keys_result result)
{
	pid_t group = tcgetpgrp(fd->fd);

	if (fd->revents & (POLLHUP | POLLERR | POLLNVAL))
		return true;
	return result == KEYS_NONE && (waiting < 1 || (group > 0 && group != getpgrp()));
}

struct tui_event
tui_next(void)
{
	struct pollfd fd = {.fd = STDIN_FILENO, .events = POLLIN};
	struct tui_event event = {.type = TUI_NOTHING};
	enum keys_result result;
	bool readable;
	int waiting = 0, signum;

	if (!tui.owner)
		return event;
	signum = signals_take();
	if (signum)
		return signalled(signum);
	readable = poll(&fd, 1, 0) > 0;
	if (readable && ioctl(fd.fd, FIONREAD, &waiting) < 0)
		waiting = 0;
	result = keys_next(tui.input, &event);
	if (result != KEYS_EVENT && readable && lost(&fd, waiting, result))
		event.type = TUI_END;
	return event;
}

void
tui_size(int *columns, int *rows)
{
	*columns = tui.owner ? getmaxx(stdscr) : 1;
	*rows = tui.owner ? getmaxy(stdscr) : 1;
}

static bool
same_row(const struct canvas *one, const struct canvas *other, int row)
{
	for (int column = 0; column < one->columns; column++) {
		const struct cell *a = canvas_at(one, column, row),
				  *b = canvas_at(other, column, row);

		if (a->width != b->width || a->role != b->role || a->marks != b->marks ||
		    strcmp(a->text, b->text) != 0)
			return false;
	}
	return true;
}

static void
tui_draw_row(const struct canvas *canvas, int row)
{
	int columns = getmaxx(stdscr) < canvas->columns ? getmaxx(stdscr) : canvas->columns;
	cchar_t line[COLUMNS_MAX + 2];
	size_t used = 0;

	for (int column = 0; column < columns; column++) {
		const struct cell *cell = canvas_at(canvas, column, row);

		if (cell->width > 0)
			used += paint_cell(&line[used], cell, columns - column);
	}
	mvwadd_wchnstr(stdscr, row, 0, line, (int)used);
}

static void
draw_rows(const struct canvas *canvas, bool all)
{
	int rows = getmaxy(stdscr) < canvas->rows ? getmaxy(stdscr) : canvas->rows;

	if (all)
		werase(stdscr);
	for (int row = 0; row < rows; row++)
		if (all || !same_row(canvas, tui.last, row))
			tui_draw_row(canvas, row);
}

static void
place_cursor(const struct canvas *canvas)
{
	int column = canvas->cursor_column, row = canvas->cursor_row;
	bool inside = column >= 0 && row >= 0 && column < getmaxx(stdscr) && row < getmaxy(stdscr);

	curs_set(inside);
	if (inside)
		wmove(stdscr, row, column);
}

static void
tui_remember(const struct canvas *canvas)
{
	size_t count = (size_t)canvas->columns * (size_t)canvas->rows;

	if (!tui.last || tui.last->columns != canvas->columns || tui.last->rows != canvas->rows) {
		canvas_free(tui.last);
		tui.last = canvas_new(canvas->columns, canvas->rows, canvas->ascii);
	}
	memcpy(tui.last->cells, canvas->cells, count * sizeof(*canvas->cells));
	tui.last->ascii = canvas->ascii;
	tui.last->cursor_column = canvas->cursor_column;
	tui.last->cursor_row = canvas->cursor_row;
}

static bool
drawn_already(const struct canvas *canvas)
{
	return tui.last && !tui.everything && canvas_same(canvas, tui.last);
}

void
tui_draw(const struct canvas *canvas)
{
	if (!tui.owner || drawn_already(canvas))
		return;
	if (tui.everything)
		clearok(curscr, TRUE);
	draw_rows(canvas,
	    tui.everything || !tui.last || tui.last->columns != canvas->columns ||
		tui.last->rows != canvas->rows);
	place_cursor(canvas);
	wnoutrefresh(stdscr);
	doupdate();
	tui_remember(canvas);
	tui.everything = false;
}

void
tui_redraw(void)
{
	tui.everything = true;
}

void
tui_mouse(bool on)
{
	if (!tui.owner || on == tui.mouse)
		return;
	tui.mouse = on;
	mouseinterval(0);
	mousemask(on ? BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED : 0, NULL);
	fflush(stdout);
}

static bool
narrow(const char *glyph)
{
	uint32_t code;

	utf8_decode(glyph, strlen(glyph), &code);
	return wcwidth((wchar_t)code) == 1;
}

bool
tui_ascii(void)
{
	const char *codeset = nl_langinfo(CODESET);

	if (strcasecmp(codeset, "UTF-8") != 0 && strcasecmp(codeset, "UTF8") != 0)
		return true;
	for (int glyph = 0; glyph < GLYPH_COUNT; glyph++)
		if (!narrow(glyph_text((enum glyph)glyph, false)))
			return true;
	return false;
}
