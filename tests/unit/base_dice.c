#include "config.h"

#include "base/dice.h"
#include "tap.h"

/* The first numbers of splitmix64 from 0: e220a839 7b1dcdaf, 6e789e6a a1b965f4, 06c45d18 8009454f.
 */
static void
numbers(void)
{
	struct dice dice = {0};

	is_number(dice_below(&dice, 1u << 31), 0xe220a839u >> 1,
	    "the first number of seed 0, on every machine");
	is_number(dice_below(&dice, 1u << 31), 0x6e789e6au >> 1, "the second");
	is_number(dice_below(&dice, 16), 0, "a small one is the highest bits of the third");
}

static void
limits(void)
{
	struct dice dice = {7};
	bool seen[6] = {false}, within = true;

	for (int i = 0; i < 1000; i++) {
		uint32_t number = dice_below(&dice, 6);

		within = within && number < 6;
		seen[number % 6] = true;
	}
	ok(within, "a die has six sides");
	ok(seen[0] && seen[1] && seen[2] && seen[3] && seen[4] && seen[5], "and all of them come");
	is_number(dice_below(&dice, 1), 0, "of one there is one");
}

static void
orders(void)
{
	struct dice dice = {7};
	size_t order[20];
	bool seen[20] = {false}, moved = false;

	dice_order(&dice, order, 20);
	for (size_t i = 0; i < 20; i++) {
		seen[order[i]] = true;
		moved = moved || order[i] != i;
	}
	for (size_t i = 0; i < 20; i++)
		ok(seen[i], "an order holds %zu", i);
	ok(moved, "and is another one");
}

int
main(void)
{
	numbers();
	limits();
	orders();
	return done_testing();
}
