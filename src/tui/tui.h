/*
 * The terminal: the only room that knows ncurses. Prints canvases, names keys.
 *
 * One terminal per process. Keys and sizes come as events; wait for them on tui_fd() and
 * tui_signal_fd().
 */
#ifndef TUI_TUI_H
#define TUI_TUI_H

#include <stdbool.h>

#include "base/err.h"
#include "view/canvas/canvas.h"
#include "view/canvas/theme.h"

struct tui_options {
	const struct theme *theme;
	bool color;
};

enum tui_event_type {
	TUI_NOTHING,
	TUI_KEY, /* text: a character (UTF-8) or a name: Tab Shift-Tab Enter Esc Backspace Delete Up
		    Down Left Right Home End PgUp PgDn Space F1..F12 Ctrl-A..Ctrl-Z; for pasted text
		    "Paste " and the character, Space or Enter */
	TUI_CLICK, /* column, row */
	TUI_RESIZE,
	TUI_END, /* the terminal is gone, or a signal asks us to end */
};

struct tui_event {
	enum tui_event_type type;
	char text[16];
	int column, row;
	int signal; /* TUI_END by a signal: its number; else 0 */
};

/* ERR_MACHINE with what to do if the terminal can't be used. Installs handlers that restore the
 * terminal on every signal that ends the program, and on stop and continue. */
int tui_open(const struct tui_options *options, struct err *err);
void tui_close(void); /* restores the terminal; does nothing if not open */

int tui_fd(void);        /* readable: keys are waiting */
int tui_signal_fd(void); /* readable: a signal came (size, stop, end) */

/* The next event; TUI_NOTHING when there is none. Never waits. */
struct tui_event tui_next(void);

void tui_size(int *columns, int *rows);

/* Prints only what differs from the last canvas. */
void tui_draw(const struct canvas *canvas);
void tui_redraw(void); /* the next tui_draw prints everything */
void tui_mouse(bool on);
bool tui_ascii(void); /* this terminal and locale can't show our glyphs one cell wide */

#endif
