/*
 * The prompt's line: editing, history and completion, without a terminal.
 */
#ifndef TUI_EDIT_H
#define TUI_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include "lang/command.h"

struct edit; /* one line being typed, and the lines before it */

enum edit_result { EDIT_GOES_ON, EDIT_DONE, EDIT_CANCELLED };

struct edit *edit_new(void);
void edit_free(struct edit *edit);

void edit_start(struct edit *edit, const char *text); /* opens the prompt with text typed */

/* A key by the name that tui_next() gives: characters, Left, Right, Home, End, Backspace, Delete,
 * Up, Down, Tab, Shift-Tab, pasted text (its lines become commands on this one, its comments are
 * dropped), Ctrl-A, E, K, U, W, D, Enter (done: added to the history), Esc and Ctrl-C (cancelled),
 * Backspace on an empty line (cancelled). */
enum edit_result edit_key(struct edit *edit, const char *key, const struct vocabulary *vocabulary);

bool edit_pasted(const char *key); /* not a key: it means nothing where no text is typed */

const char *edit_text(const struct edit *edit); /* borrowed until the next key */
size_t edit_cursor(const struct edit *edit);    /* byte */
/* borrowed until the next key */
const char *edit_hint(struct edit *edit, const struct vocabulary *vocabulary);

#endif
