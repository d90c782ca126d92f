/*
 * What the options say about a family.
 */
#ifndef APP_FAMILY_FAMILY_OPTIONS_H
#define APP_FAMILY_FAMILY_OPTIONS_H

#include <stdbool.h>
#include <sys/types.h>

#include "attach/attach.h"
#include "base/buf.h"
#include "base/err.h"
#include "lang/options/options.h"

/* What the options ask for; free *baseline with family_free(). -1: the saved baseline can't be
 * used. */
int attach_wanted(const struct options *options, struct attach_options *wanted,
    const struct family **baseline, struct err *err);

/* Which other processes have the name given to -p; false: none has. */
bool others_text(struct buf *out, const struct attach *attach, const char *who, pid_t watched);

#endif
