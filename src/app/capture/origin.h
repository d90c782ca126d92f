/*
 * The origin of a capture of the lab: its title, the state in words, and the command line that
 * recreates it.
 */
#ifndef APP_CAPTURE_ORIGIN_H
#define APP_CAPTURE_ORIGIN_H

#include "app/capture/capture.h"
#include "app/lab/session.h"

/* As struct original requires. */
void origin_tell(const void *session, struct provenance *provenance, const struct capture *capture,
    const struct canvas *canvas, const struct shots *shots);

#endif
