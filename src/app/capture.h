/*
 * Captures: what is looked at, or the whole session, in any format of src/lang/formats.def.
 */
#ifndef APP_CAPTURE_H
#define APP_CAPTURE_H

#include "app/session.h"
#include "lang/options.h"

struct capture {
	enum format format;
	enum scope scope;
	const char *path; /* where it will be; NULL: not in a file */
	uint32_t pace_ms; /* of a cast; 0: the session's */
};

/* Appends the capture to out. SCOPE_HISTORY for a format that holds one picture only is an error. */
int capture_make(const struct session *session, const struct capture *capture, struct buf *out, struct err *err);

/* Saves it under a name that is free: path, or the session's usual name if NULL. The ending chooses the format, which the session
 * remembers. *written is the caller's to free. */
int capture_save(struct session *session, const struct capture *capture, char **written, struct err *err);

uint32_t capture_pace(const struct session *session, const struct capture *capture);

#endif
