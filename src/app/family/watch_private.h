/*
 * Captures of running processes: shared by watch_capture.c and watch_film.c, which makes those of
 * many samples.
 */
#ifndef APP_FAMILY_WATCH_PRIVATE_H
#define APP_FAMILY_WATCH_PRIVATE_H

#include "app/family/watch.h"

/* As struct original wants it. */
void watch_shoot(const void *watch, struct shots *shots);

#endif
