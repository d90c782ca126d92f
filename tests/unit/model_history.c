#include "config.h"

#include "model/lab/classify.h"
#include "model/lab/history.h"
#include "model_fixture.h"
#include "tap.h"

static struct snapshot *
moment(uint32_t step, uint32_t lab)
{
	struct snapshot *snapshot = snapshot_new(10, 3);

	snapshot->step = step;
	snapshot->lab = lab;
	return snapshot;
}

static void
add(struct history *history, uint32_t step, uint32_t lab)
{
	struct snapshot *snapshot = moment(step, lab);

	history_add(history, snapshot);
	snapshot_free(snapshot);
}

static void
finding(void)
{
	struct history *history = history_new(SIZE_MAX);

	add(history, 0, 1);
	add(history, 1, 1);
	add(history, 1, 1);
	add(history, 3, 1);
	add(history, 4, 2);
	is_number(history_find(history, 1), 2, "a step is its last moment");
	is_number(history_find(history, 2), 2, "a step that is not there is the one before");
	is_number(history_find(history, 99), 4, "beyond the end is the last");
	ok(history_before(history, 3) == history_at(history, 2),
	    "before a step: the last moment of the step before");
	ok(history_before(history, 2) == history_at(history, 0),
	    "the moments of one step have the same before");
	ok(history_before(history, 0) == NULL, "nothing is before the first");
	ok(history_before(history, 4) == NULL, "nor before a new lab");
	history_free(history);
}

static void
bounded(void)
{
	struct snapshot *one = moment(0, 1);
	size_t bound = 100 * snapshot_bytes(one), bytes = 0;
	struct history *history = history_new(bound);
	bool ascending = true;

	snapshot_free(one);
	for (uint32_t step = 0; step < 10000; step++)
		add(history, step, 1);
	for (size_t i = 0; i < history_count(history); i++) {
		bytes += snapshot_bytes(history_at(history, i));
		ascending = ascending &&
		    (i == 0 || history_at(history, i)->step > history_at(history, i - 1)->step);
	}
	ok(bytes <= bound, "10,000 steps stay within the bound");
	ok(ascending, "in order");
	is_number(history_at(history, 0)->step, 0, "the first is kept");
	is_number(history_at(history, history_count(history) - 1)->step, 9999, "and the last");
	is_number(
	    history_thinned(history), 10000 - history_count(history), "what went was counted");
	ok(history_count(history) >= 25, "a good part is kept");
	history_free(history);
}

/* An hour in which nothing happens: the newest is another each time, and nothing is kept. */
static void
at_rest(void)
{
	struct history *history = history_new(1 << 30);
	struct snapshot *now;

	add(history, 0, 1);
	add(history, 1, 1);
	for (int i = 0; i < 45000; i++) {
		now = moment(1, 1);
		now->memory.used_kib = 1024u * (unsigned)i;
		if (i == 0)
			ok(!snapshot_lab_differs(history_at(history, 1), now),
			    "only the machine's memory is another");
		if (i == 0)
			ok(snapshot_differs(history_at(history, 1), now), "which is seen");
		history_replace(history, now);
		snapshot_free(now);
	}
	is_number(history_count(history), 2, "and no moment");
	is_number(history_at(history, 1)->memory.used_kib, 1024 * 44999,
	    "the newest is the last that was read");
	is_number(history_thinned(history), 0, "nothing went for it");
	history_free(history);
}

int
main(void)
{
	finding();
	bounded();
	at_rest();
	return done_testing();
}
