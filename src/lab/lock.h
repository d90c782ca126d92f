/*
 * A mutex in a page, for all processes that see the same bytes there: robust, so that the death of
 * its holder is noticed, and error-checking, so that only its holder releases it.
 *
 * In a private mapping each process ends up with a page, and so a lock, of its own.
 */
#ifndef LAB_LOCK_H
#define LAB_LOCK_H

#include "lab/evidence.h"

/* 0 or an errno: EOWNERDEAD if taken over from a process that died, EDEADLK if the process already
 * has it. Waits, after announcing it through actor->waits. `at` needs 128 bytes, aligned to 64. */
int lock_page(char *at, const struct actor *actor);
int unlock_page(char *at);

#endif
