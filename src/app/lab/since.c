#include "config.h"
#include "app/lab/session_parts.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "model/lab/classify.h"

void
since_hear(struct since *since, const struct act *acts, size_t count)
{
	if (!count)
		return;
	since->acts = mem_resize(since->acts, since->count + count, sizeof(*acts));
	memcpy(since->acts + since->count, acts, count * sizeof(*acts));
	since->count += count;
}

void
since_free(struct since *since)
{
	snapshot_free(since->base);
	free(since->acts);
	*since = (struct since){NULL, NULL, 0};
}

void
since_begin(struct since *since, const struct snapshot *base)
{
	const struct snapshot *held = snapshot_hold(base);

	since_free(since);
	since->base = held;
}

/* The snapshot keeps its own acts. */
void
since_classify(const struct since *since, struct snapshot *now)
{
	struct act *own = now->acts;
	size_t own_count = now->act_count;

	now->acts = since->acts;
	now->act_count = since->count;
	classify(now, since->base && since->base->lab == now->lab ? since->base : NULL);
	now->acts = own;
	now->act_count = own_count;
}

/* A stopped process has not, nor has one that waits for a lock. */
bool
since_is_open(const struct session *session, const struct snapshot *now)
{
	for (size_t i = 0; i < now->process_count; i++)
		if (now->processes[i].asked && now->processes[i].life == LIFE_BUSY &&
		    !now->processes[i].waits)
			return true;
	return session->resident.stashed > 0;
}

void
since_settle(struct session *session)
{
	if (session->since.base == session->now)
		return;
	session_refresh(session, NULL, 0);
	since_begin(&session->since, session->now);
}
