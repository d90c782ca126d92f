/*
 * Where a capture of the lab comes from: its title, the state in words, and the command line that recreates it.
 */
#ifndef APP_ORIGIN_H
#define APP_ORIGIN_H

#include "app/capture.h"
#include "app/session.h"

/* As struct original wants it. */
void origin_tell(const void *session, struct provenance *provenance, const struct capture *capture, const struct canvas *canvas,
    const struct shots *shots);

#endif
