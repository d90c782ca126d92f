/*
 * Pseudo-random numbers, the same for the same seed on every machine (splitmix64).
 */
#ifndef BASE_DICE_H
#define BASE_DICE_H

#include <stddef.h>
#include <stdint.h>

struct dice {
	uint64_t state; /* the seed, at first */
};

/* [0, limit); limit is at least 1. */
uint32_t dice_below(struct dice *dice, uint32_t limit);

/* Puts the numbers 0 to count - 1 into order, in any order. */
void dice_order(struct dice *dice, size_t *order, size_t count);

#endif
