#include "config.h"

#include <stdlib.h>

#include "base/by_pid.h"
#include "base/dice.h"
#include "tap.h"

#define PIDS 200
#define STEPS 20000

struct noted {
	pid_t pid;
	unsigned note;
};

/* Whether all of these, and no others, are there, ascending and with their notes. */
static bool
holds(const struct by_pid *all, const unsigned notes[PIDS])
{
	const struct noted *list = all->list;
	size_t at = 0;

	for (pid_t pid = 0; pid < PIDS; pid++) {
		const struct noted *one = by_pid_find(all, pid);

		if (!notes[pid] != !one)
			return false;
		if (one && (one != &list[at++] || one->pid != pid || one->note != notes[pid]))
			return false;
	}
	return at == all->count;
}

static void
beside_a_plain_table(void)
{
	struct by_pid all = {.each = sizeof(struct noted)};
	struct dice dice = {1};
	unsigned notes[PIDS] = {0}, differ = 0;

	ok(holds(&all, notes), "an empty one has nobody");
	for (unsigned step = 1; step <= STEPS; step++) {
		pid_t pid = (pid_t)dice_below(&dice, PIDS);

		if (dice_below(&dice, 2)) {
			by_pid_drop(&all, pid);
			notes[pid] = 0;
		} else {
			struct noted *one = by_pid_add(&all, pid);

			differ += one->pid != pid || one->note != notes[pid];
			one->note = notes[pid] = step;
		}
		differ += !holds(&all, notes);
	}
	is_number(differ, 0, "added and dropped %d times", STEPS);
	free(all.list);
}

int
main(void)
{
	beside_a_plain_table();
	return done_testing();
}
