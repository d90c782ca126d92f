/*
 * record: the session so far, as a lesson that can be played.
 */
#ifndef APP_CAPTURE_RECORD_H
#define APP_CAPTURE_RECORD_H

#include "app/lab/session.h"

/* Saves it under path or, if that exists, an unused name like it; the caller frees *written. */
int record_save(const struct session *session, const char *path, char **written, struct err *err);

#endif
