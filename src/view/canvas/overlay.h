/*
 * What covers a view, of the lab or of running processes: a message, the prompt, a text to scroll.
 * Borrowed for the call.
 */
#ifndef VIEW_CANVAS_OVERLAY_H
#define VIEW_CANVAS_OVERLAY_H

#include <stdbool.h>
#include <stddef.h>

struct overlay {
	const char *message; /* an answer or error about the last command; NULL: none */
	bool message_is_error;
	const char *prompt;   /* what is typed; NULL: the prompt is closed */
	size_t prompt_cursor; /* byte */
	const char *hint;     /* completions or arguments beside the prompt; NULL: none */
	const char *help;     /* instead of the view: the text, lines broken by \n; NULL: closed */
	const char *help_title; /* the command that it answers */
	int help_top;           /* first line shown; clamped when drawn */
};

#endif
