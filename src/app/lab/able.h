/*
 * What this machine can show, asked in one word: root, pfn, ksm, swap, thp, cachestat, disk,
 * page-sync, page-cut, linkat, one-cache, zero-page, memory.
 *
 * Each is tested or read, and nothing is changed; what depends on the file system is tested once,
 * on a file like the lab's own. Only a person may allow what the system's settings forbid (ksm),
 * and taking memory that is not available.
 */
#ifndef APP_LAB_ABLE_H
#define APP_LAB_ABLE_H

#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"

#define ABLE_MARGIN (UINT64_C(128) << 20) /* bytes of memory that are left to everybody else */

/* The words, NULL-terminated. */
extern const char *const able_words[];

/* false: not here; a sentence that says why, and what would help, is added to reason. A word that
 * is none of able_words is never able. bytes: of memory, how much is to be taken; 0: not known,
 * then 1 GiB has to be available. */
bool able(const char *need, uint64_t bytes, struct buf *reason);

#endif
