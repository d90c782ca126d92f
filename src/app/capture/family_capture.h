/*
 * Captures of running processes.
 */
#ifndef APP_CAPTURE_FAMILY_CAPTURE_H
#define APP_CAPTURE_FAMILY_CAPTURE_H

#include "app/capture/capture.h"
#include "app/family/watch.h"

/* What can be captured: the screen, or a film of the samples in the current view. Valid as long as
 * the watch. */
struct original family_original(struct watch *watch);

/* Carries out an answer to capture, which then becomes a text or an error. Leaves other answers
 * alone. */
void family_save(struct watch *watch);

#endif
