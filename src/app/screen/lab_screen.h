/*
 * The screen and the keyboard: keys become commands, snapshots become canvases.
 */
#ifndef APP_SCREEN_LAB_SCREEN_H
#define APP_SCREEN_LAB_SCREEN_H

#include "app/lab/session.h"
#include "lang/options/options.h"
#include "tui/tui.h"

/* Runs until quit. The terminal is open and stays open. Returns the exit status; *end_signal is the
 * signal that ended it, or 0. */
int lab_screen_run(struct session *session, const struct options *options, int *end_signal);

#endif
