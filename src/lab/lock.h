/*
 * A mutex in a page, for all processes that see the same bytes there: robust, so that the end of
 * who has it is noticed, and checked, so that only who has it gives it back.
 *
 * Where the mapping is private each process comes to have a page, and so a lock, of its own.
 */
#ifndef LAB_LOCK_H
#define LAB_LOCK_H

#include "lab/evidence.h"

/* 0 or an errno: EOWNERDEAD where it was got from one that died, EDEADLK where the process has it
 * already. Waits, after it said so through actor->waits. `at` needs 128 bytes, aligned to 64. */
int lock_page(char *at, const struct actor *actor);
int unlock_page(char *at);

#endif
