/*
 * --batch with -p, --open of saved samples, and --diff: samples out, no terminal.
 */
#ifndef APP_BATCH_BATCH_FAMILY_H
#define APP_BATCH_BATCH_FAMILY_H

#include "attach/attach.h"
#include "base/err.h"
#include "lang/options/options.h"

/* What options ask for; *baseline is to be freed with family_free(). -1: the saved baseline cannot be used. */
int attach_wanted(const struct options *options, struct attach_options *wanted, const struct family **baseline, struct err *err);

/* Each returns the exit status. */
int attach_batch_run(const struct options *options);
int attach_batch_saved(const struct options *options);
int attach_diff_run(const struct options *options);

#endif
