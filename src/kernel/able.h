/*
 * What this machine can show, asked in one word: root, pfn, ksm, swap, thp, cachestat, disk, memory.
 *
 * Each is tried or read, and nothing is changed. What the system's settings forbid (ksm) is for a person to allow.
 */
#ifndef KERNEL_ABLE_H
#define KERNEL_ABLE_H

#include <stdbool.h>

#include "base/buf.h"

/* The words, NULL-terminated. */
extern const char *const able_words[];

/* false: not here; a sentence that says why, and what would help, is added to reason. A word that is none of
 * able_words is never able. */
bool able(const char *need, struct buf *reason);

#endif
