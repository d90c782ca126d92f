/*
 * Running processes, or saved samples of them, on the screen or as a picture.
 */
#ifndef APP_SCREEN_FAMILY_SCREEN_H
#define APP_SCREEN_FAMILY_SCREEN_H

#include "app/family/watch.h"
#include "lang/options/options.h"

/* Runs until quit, as lab_screen_run(). */
int family_screen_run(struct watch *watch, const struct options *options, int *end_signal);

#endif
