/*
 * What this machine can show, asked in one word: root, pfn, ksm, swap, thp, cachestat, disk,
 * page-sync, page-cut, linkat, one-cache, zero-page, memory.
 *
 * Each is tested or read, without changing anything; what depends on the file system is tested
 * once, on a file like the lab's own. Only a person may allow what the system's settings forbid
 * (ksm), and taking memory that isn't available.
 */
#ifndef APP_LAB_ABLE_H
#define APP_LAB_ABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

#define ABLE_MARGIN (UINT64_C(128) << 20) /* bytes of memory to leave for everything else */

/* The words, NULL-terminated. */
extern const char *const able_words[];

/* false: not on this machine; appends a sentence to reason that says why, and what would help.
 * Words outside able_words are never able. bytes: how much memory will be taken; 0: unknown, then 1
 * GiB must be available. */
bool able(const char *need, uint64_t bytes, struct buf *reason);

#endif
