/*
 * A family whose copies are explained: samples of it, and fault events between them.
 */
#ifndef APP_FAMILY_BLAMING_H
#define APP_FAMILY_BLAMING_H

#include "blame/join/inquest.h"
#include "lang/options/options.h"

/* Watches the processes of this sample from now on. The sample after it says what was copied
 * before. NULL: refused. */
struct inquest *blaming_begin(
    const struct family *family, const struct options *options, struct err *err);

/* A further sample takes what the events told of it. inquest NULL: nothing. */
void blaming_settle(struct inquest *inquest, const struct family *family);

#endif
