/*
 * The shell: the one loop of screen and keyboard, whatever is on the screen.
 *
 * It owns the dialog, takes keys and signals, waits, redraws what changed, and carries out the
 * answers that are the same everywhere. What is shown (struct shown) decides what a key means, what
 * a line does, and what else to wait for.
 */
#ifndef APP_SCREEN_SHELL_H
#define APP_SCREEN_SHELL_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include "lang/answer.h"
#include "view/canvas/appearance.h"
#include "app/screen/dialog.h"
#include "view/canvas/canvas.h"
#include "view/canvas/overlay.h"

#define SHELL_POLL_MAX 32

struct shell;

/* Functions that may be NULL say so. All get the shell, whose `with` belongs to them. */
struct shown {
	void (*draw)(struct shell *shell, struct canvas *canvas, const struct overlay *overlay);
	/* the highest help_top */
	int (*help_last)(const struct shell *shell, const struct overlay *overlay);
	struct vocabulary (*vocabulary)(const struct shell *shell);

	/* The line that a key stands for if neither prompt nor help takes it, borrowed; NULL:
	 * none. */
	const char *(*key)(struct shell *shell, const char *key);
	void (*line)(struct shell *shell, const char *line); /* from a key, or typed */
	/* Saves what the answer asks for; the answer then has the result. */
	void (*save)(struct shell *shell);
	/* Esc, if there was no message to take away */
	void (*back)(struct shell *shell);
	void (*click)(struct shell *shell, int column, int row); /* NULL: clicks mean nothing */

	/* Takes a key that must wait, or leave. NULL: none ever must. */
	bool (*keeps)(struct shell *shell, const char *key);

	/* may be drawn now; NULL: always */
	bool (*is_settled)(const struct shell *shell);
	/* SHELL_POLL_MAX at most; NULL: none */
	size_t (*poll)(const struct shell *shell, struct pollfd *fds);
	int (*timeout)(const struct shell *shell); /* milliseconds; -1: never */
	void (*go_on)(struct shell *shell);        /* after each wait */
};

struct shell {
	const struct shown *shown;
	void *with;
	struct dialog dialog;
	/* of what is shown: its size follows the terminal; borrowed */
	struct appearance *appearance;
	bool over, dirty, mouse;
	int end_signal; /* that ended it; 0 */
};

void shell_init(struct shell *shell, const struct shown *shown, void *with);
void shell_free(struct shell *shell);

/* Runs until it is over. The terminal is open and stays open. */
void shell_run(struct shell *shell);

void shell_say(struct shell *shell, const char *text, bool is_error);

/* Takes a key that waited. */
void shell_key(struct shell *shell, const char *key);

/* Carries out errors, texts, quit, saving, and the screen's own commands. false: the answer is for
 * what is shown. */
bool shell_answer(struct shell *shell, const struct answer *answer);

#endif
