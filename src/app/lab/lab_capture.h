/*
 * Captures of the lab.
 */
#ifndef APP_LAB_LAB_CAPTURE_H
#define APP_LAB_LAB_CAPTURE_H

#include "app/capture/capture.h"
#include "app/lab/session.h"

/* Good as long as the session. */
struct original lab_original(struct session *session);

/* As capture_save(), and an entry in the notebook, if there is one. */
int lab_capture_save(
    struct session *session, const struct capture *capture, char **written, struct err *err);

#endif
