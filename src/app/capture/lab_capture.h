/*
 * Captures of the lab.
 */
#ifndef APP_CAPTURE_LAB_CAPTURE_H
#define APP_CAPTURE_LAB_CAPTURE_H

#include "app/capture/capture.h"
#include "app/lab/session.h"

/* Valid as long as the session. */
struct original lab_original(struct session *session);

/* Carries out an answer to capture or record, which then becomes a text or an error. Leaves other
 * answers alone. A capture gets an entry in the notebook, if there is one. */
void lab_save(struct session *session);

#endif
