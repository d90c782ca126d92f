/*
 * Captures of the lab.
 */
#ifndef APP_CAPTURE_LAB_CAPTURE_H
#define APP_CAPTURE_LAB_CAPTURE_H

#include "app/capture/capture.h"
#include "app/lab/session.h"

/* Good as long as the session. */
struct original lab_original(struct session *session);

/* Carries out the answer to capture or record: it is a text then, or an error. Other answers stay.
 * A capture gets an entry in the notebook, if there is one. */
void lab_save(struct session *session);

#endif
