/*
 * record: the session so far, as a lesson that can be played, or as a program in C.
 */
#ifndef APP_CAPTURE_RECORD_H
#define APP_CAPTURE_RECORD_H

#include "app/lab/session.h"

/* Saves it under path or, if that exists, an unused name like it; the caller frees *written. */
int record_save(const struct session *session, const char *path, char **written, struct err *err);

/* The session as one program in C, to be called path. */
int record_program(
    struct buf *out, const struct session *session, const char *path, struct err *err);

#endif
