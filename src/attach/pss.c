/*
 * Pss. For smaps_rollup the kernel walks all pages of a process, so it is read seldom: between the
 * windows of a sample one process after the other, beside a whole sample as many at once as there
 * are cores.
 */
#include "config.h"
#include "attach/attach_private.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>

#include "base/clock.h"
#include "base/mem.h"

#define MOST_KIB (UINT64_C(2) << 20) /* above this, the target would feel the walk */
#define EVERY_NS UINT64_C(10000000000)
#define SHARE 1000 /* Pss takes at most one part in this many of the time */

struct round {
	struct attach *attach;
	atomic_size_t next; /* subject */
};

static bool
may_be_read(const struct held *held)
{
	return held->pagemap >= 0 && !held->lost && held->rss_kib <= MOST_KIB;
}

static bool
is_due(const struct attach *attach, const struct attach_subject *subject, uint64_t now_ns)
{
	const struct held *held = &subject->held;
	uint64_t keep = held->pss_cost_ns * SHARE;

	keep = keep > EVERY_NS ? keep : EVERY_NS;
	return may_be_read(held) &&
	    (!held->pss_ns || (subject->fresh && held->pss_ns < attach->began_ns) ||
		now_ns - held->pss_ns > keep);
}

static void *
read_due(void *data)
{
	struct round *round = data;
	uint64_t now_ns = clock_real_ns();
	size_t i;

	while ((i = atomic_fetch_add(&round->next, 1)) < round->attach->subject_count)
		if (is_due(round->attach, &round->attach->subjects[i], now_ns))
			held_read_pss(&round->attach->subjects[i].held, clock_real_ns());
	return NULL;
}

void
pss_read_all(struct attach *attach)
{
	struct round round = {.attach = attach};
	pthread_t others[READERS_MOST];
	size_t count = readers_start(others,
	    attach->threads < attach->subject_count ? attach->threads : attach->subject_count,
	    read_due, &round);

	read_due(&round);
	while (count)
		pthread_join(others[--count], NULL);
}

bool
pss_read_one(struct attach *attach)
{
	uint64_t now_ns = clock_real_ns();

	for (size_t i = 0; i < attach->subject_count; i++) {
		struct attach_subject *subject =
		    &attach->subjects[attach->pss_next++ % attach->subject_count];

		if (subject->held.rss_kib && is_due(attach, subject, now_ns)) {
			held_read_pss(&subject->held, now_ns);
			return true;
		}
	}
	return false;
}

void
pss_tell(const struct attach *attach, struct family *family)
{
	for (size_t i = 0; i < attach->subject_count; i++) {
		const struct held *held = &attach->subjects[i].held;

		if (!may_be_read(held))
			continue;
		family->members[i].pss_kib = held->pss_ns ? held->pss_kib : COUNT_UNKNOWN;
		family->members[i].pss_ns = held->pss_ns;
	}
}
