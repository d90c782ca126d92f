/*
 * record: the session so far, as a lesson that can be played.
 */
#ifndef APP_CAPTURE_RECORD_H
#define APP_CAPTURE_RECORD_H

#include "app/lab/session.h"

/* Saves it under path, or a name beside it that is free; *written is the caller's to free. */
int record_save(const struct session *session, const char *path, char **written, struct err *err);

#endif
