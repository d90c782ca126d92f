/*
 * What is typed: bytes and key codes of ncurses to the names of tui.h.
 */
#ifndef TUI_KEYBOARD_H
#define TUI_KEYBOARD_H

#include <curses.h>
#include <stdbool.h>

#include "tui/tui.h"

/* Once after newterm(). Beside what terminfo knows, the sequences that nearly every terminal sends
 * are understood. */
void keys_open(WINDOW *input);

enum keys_result {
	KEYS_NONE,    /* nothing was there to be read */
	KEYS_EVENT,   /* *event filled */
	KEYS_SKIPPED, /* something was read, all of it without a name */
};

/* Reads until a key or click has a name, or nothing is left. A character may come in pieces: the
 * rest is awaited. What could not be shown cannot be typed: control and format characters have no
 * name. */
enum keys_result keys_next(WINDOW *input, struct tui_event *event);

#endif
