/*
 * Captures of running processes: shared by watch_capture.c and watch_film.c, which makes those of many samples.
 */
#ifndef APP_WATCH_PRIVATE_H
#define APP_WATCH_PRIVATE_H

#include "app/origin.h"
#include "app/watch.h"

const struct theme *watch_theme(const struct watch *watch); /* of captures */

/* reel: of a film; NULL: of one picture. */
void watch_provenance(struct provenance *provenance, const struct watch *watch, const struct canvas *canvas, const struct capture *capture,
    const struct reel *reel);

/* As watch_capture(), for a format that holds a film. */
int watch_film(const struct watch *watch, const struct capture *capture, struct buf *out, size_t *thinned, struct err *err);

#endif
