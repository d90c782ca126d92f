/*
 * A family whose copies are explained: samples of it, and fault events between them.
 */
#ifndef APP_FAMILY_BLAMING_H
#define APP_FAMILY_BLAMING_H

#include "blame/join/inquest.h"
#include "lang/options/options.h"

/* Watches the processes of this sample from now on. The sample after it says what had been copied
 * before. NULL: refused. */
struct inquest *blaming_begin(
    const struct family *family, const struct options *options, struct err *err);

/* Gives a further sample what the events tell about it. inquest NULL: does nothing. */
void blaming_settle(struct inquest *inquest, const struct family *family);

#endif
