/*
 * What terminfo says about the terminal, asked before ncurses takes it. A file of its own because
 * <term.h> defines words like `columns` and `lines` as macros.
 */
#ifndef TUI_TERMINFO_H
#define TUI_TERMINFO_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* Can TERM's terminal show a full screen? -1 with what to do if not. Writes the bytes that restore
 * the screen (attributes, cursor, keypad, mouse, alternate screen) to goodbye, their number to
 * *length. */
int terminfo_check(char *goodbye, size_t room, size_t *length, struct err *err);

/* Bytes that make the terminal mark the beginning and end of a paste, or stop marking them; "" if
 * it can't. After terminfo_check(). */
const char *terminfo_paste(bool on);

#endif
