/*
 * Typed input: bytes and key codes of ncurses to the names of tui.h.
 */
#ifndef TUI_KEYBOARD_H
#define TUI_KEYBOARD_H

#include <curses.h>
#include <stdbool.h>

#include "tui/tui.h"

/* Once after newterm(). Besides what terminfo knows, understands the sequences that nearly every
 * terminal sends. */
void keys_open(WINDOW *input);

enum keys_result {
	KEYS_NONE,    /* nothing to read */
	KEYS_EVENT,   /* *event filled */
	KEYS_SKIPPED, /* something was read that has no name */
};

/* Reads until a key or click has a name, or nothing is left. A character may come in pieces: the
 * rest is awaited. Characters that can't be shown can't be typed: control and format characters
 * have no name. */
enum keys_result keys_next(WINDOW *input, struct tui_event *event);

#endif
