/*
 * Pss: the kernel walks all pages of a process for smaps_rollup, so it is read seldom. Beside a whole sample as many
 * processes are read at once as there are cores.
 */
#include "config.h"
#include "attach/private.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/mem.h"

#define MOST_KIB (UINT64_C(2) << 20) /* above, the walk would be felt */
#define EVERY_NS UINT64_C(10000000000)
#define SHARE 1000 /* of the time, at most one part for Pss */

struct round {
	struct held **due;
	size_t count;
	atomic_size_t next;
};

static bool
is_due(const struct held *held, bool fresh, uint64_t rss_kib, uint64_t now_ns)
{
	uint64_t keep = held->pss_cost_ns * SHARE;

	if (held->pagemap < 0 || held->lost || rss_kib > MOST_KIB)
		return false;
	keep = keep > EVERY_NS ? keep : EVERY_NS;
	return !held->pss_ns || fresh || now_ns - held->pss_ns > keep;
}

static void *
read_due(void *data)
{
	struct round *round = data;
	size_t i;

	while ((i = atomic_fetch_add(&round->next, 1)) < round->count)
		held_read_pss(round->due[i], clock_real_ns());
	return NULL;
}

static void
read_by(struct round *round, size_t threads)
{
	pthread_t others[READERS_MOST];
	size_t count = readers_start(others, threads < round->count ? threads : round->count, read_due, round);

	read_due(round);
	while (count)
		pthread_join(others[--count], NULL);
}

void
pss_read(struct attach *attach, struct family *family)
{
	struct round round = {.due = mem_zero(attach->member_count + 1, sizeof(*round.due))};
	uint64_t now_ns = clock_real_ns();

	for (size_t i = 0; i < attach->member_count; i++) {
		struct member *member = &attach->members[i];

		if (is_due(&member->held, member->fresh, kin_rss_kib(family, &family->kin[i]), now_ns))
			round.due[round.count++] = &member->held;
	}
	read_by(&round, attach->at_once ? attach->threads : 1);
	for (size_t i = 0; i < attach->member_count; i++) {
		const struct held *held = &attach->members[i].held;

		if (held->pagemap < 0 || held->lost || kin_rss_kib(family, &family->kin[i]) > MOST_KIB)
			continue;
		family->kin[i].pss_kib = held->pss_kib;
		family->kin[i].pss_ns = held->pss_ns;
	}
	free(round.due);
}
