/*
 * Captures: what is looked at, or the whole session, in any format of src/lang/formats.def.
 */
#ifndef APP_CAPTURE_H
#define APP_CAPTURE_H

#include "app/session.h"
#include "lang/options.h"

/* Appends the capture to out. SCOPE_HISTORY for a format that holds one picture only is an error. */
int capture_make(const struct session *session, enum format format, enum scope scope, struct buf *out, struct err *err);

/* Saves it under a name that is free: path, or the session's usual name if NULL. The ending chooses the format, which the session
 * remembers. *written is the caller's to free. */
int capture_save(struct session *session, const char *path, enum scope scope, char **written, struct err *err);

#endif
