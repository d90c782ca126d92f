/*
 * What covers a screen's view: a message, a text to scroll, the prompt.
 */
#ifndef APP_SCREEN_DIALOG_H
#define APP_SCREEN_DIALOG_H

#include <stdbool.h>

#include "base/buf.h"
#include "lang/command.h"
#include "tui/edit.h"

struct dialog {
	struct buf message;
	bool message_is_error;
	char *help, *help_title; /* NULL: closed */
	int help_top;
	struct edit *edit;
	bool prompting;
};

void dialog_init(struct dialog *dialog);
void dialog_free(struct dialog *dialog);

void dialog_say(struct dialog *dialog, const char *text, bool is_error);
void dialog_say_unused(struct dialog *dialog, const char *key); /* that the key means nothing */
const char *dialog_message(const struct dialog *dialog);        /* NULL: none */

/* both are copied */
void dialog_open_help(struct dialog *dialog, const char *title, const char *text);
void dialog_close_help(struct dialog *dialog);

/* A key while the help is open. last: the highest help_top; page: lines per screenful. false: the
 * key is for somebody else, and the help may be closed now. */
bool dialog_help_key(struct dialog *dialog, const char *key, int last, int page);

void dialog_prompt(struct dialog *dialog, const char *text);

/* A key while the prompt is open. Returns the line that it completed, borrowed until the next key,
 * or NULL.
 */
const char *dialog_prompt_key(
    struct dialog *dialog, const char *key, const struct vocabulary *vocabulary);

#endif
