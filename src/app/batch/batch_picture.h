/*
 * --batch when a picture of running processes, or of saved samples of them, is asked for.
 */
#ifndef APP_BATCH_BATCH_PICTURE_H
#define APP_BATCH_BATCH_PICTURE_H

#include "app/family/watch.h"
#include "lang/options/options.h"

/* --batch: the commands of -c, then the screen in the format asked for. Returns the exit status. */
int attach_picture_run(struct watch *watch, const struct options *options);

#endif
