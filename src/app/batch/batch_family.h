/*
 * --batch with -p, --open of saved samples, and --diff: samples out, no terminal.
 */
#ifndef APP_BATCH_BATCH_FAMILY_H
#define APP_BATCH_BATCH_FAMILY_H

#include "attach/attach.h"
#include "base/err.h"
#include "lang/options/options.h"

/* Each returns the exit status. */
int attach_batch_run(const struct options *options);
int attach_batch_saved(const struct options *options);
int attach_diff_run(const struct options *options);

#endif
