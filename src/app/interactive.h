/*
 * The screen and the keyboard: keys become commands, snapshots become canvases.
 */
#ifndef APP_INTERACTIVE_H
#define APP_INTERACTIVE_H

#include "app/session.h"
#include "lang/options.h"
#include "tui/tui.h"

/* Runs until quit. The terminal is open and stays so. Returns the exit status; *end_signal is the signal that ended it, or 0. */
int interactive_run(struct session *session, const struct options *options, int *end_signal);

#endif
