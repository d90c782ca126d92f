/*
 * --batch: commands in, one reply per command out, no terminal.
 */
#ifndef APP_BATCH_H
#define APP_BATCH_H

#include "app/session.h"
#include "lang/options.h"

#define BATCH_PATIENCE_MS 10000 /* for a worker that does not answer */

/* Runs the commands of -c, then those of the script, or of standard input where neither is given. Returns the exit status. */
int batch_run(struct session *session, const struct options *options);

#endif
