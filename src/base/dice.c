#include "config.h"
#include "base/dice.h"

uint32_t
dice_below(struct dice *dice, uint32_t limit)
{
	uint64_t mixed = dice->state += UINT64_C(0x9E3779B97F4A7C15);

	mixed = (mixed ^ mixed >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
	mixed = (mixed ^ mixed >> 27) * UINT64_C(0x94D049BB133111EB);
	mixed ^= mixed >> 31;
	return (uint32_t)(((mixed >> 32) * limit) >> 32);
}

void
dice_order(struct dice *dice, size_t *order, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t at = dice_below(dice, (uint32_t)i + 1);

		order[i] = order[at];
		order[at] = i;
	}
}
