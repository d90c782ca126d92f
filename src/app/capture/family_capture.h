/*
 * Captures of running processes.
 */
#ifndef APP_CAPTURE_FAMILY_CAPTURE_H
#define APP_CAPTURE_FAMILY_CAPTURE_H

#include "app/capture/capture.h"
#include "app/family/watch.h"

/* What can be captured: the screen, or a film of the samples in the view that is looked at. Good as
 * long as the watch. */
struct original family_original(struct watch *watch);

/* Carries out the answer to capture: it is a text then, or an error. Other answers stay. */
void family_save(struct watch *watch);

#endif
