#include "config.h"
#include "blame/join/kindred.h"

struct kindred_one *
kindred_enter(struct kindred *kindred, pid_t pid)
{
	struct kindred_one *one = by_pid_find(&kindred->all, pid);

	if (!one && kindred->all.count < KINDRED_MOST)
		one = by_pid_add(&kindred->all, pid);
	kindred->missed |= !one;
	return one;
}

void
kindred_forked(struct kindred *kindred, pid_t pid, pid_t parent, uint64_t time_ns)
{
	struct kindred_one *one = kindred_enter(kindred, pid);

	if (!one)
		return;
	kindred->unseen += one->ended && !one->seen; /* the PID was reused already */
	*one =
	    (struct kindred_one){.pid = pid, .parent = parent, .forked = true, .born_ns = time_ns};
}

void
kindred_ended(struct kindred *kindred, pid_t pid)
{
	struct kindred_one *one = by_pid_find(&kindred->all, pid);

	if (one)
		one->ended = true;
}

uint64_t
kindred_program_since(const struct kindred *kindred, pid_t pid)
{
	const struct kindred_one *one = by_pid_find(&kindred->all, pid);

	return one ? one->exec_ns : 0;
}

void
kindred_settle(struct kindred *kindred)
{
	struct kindred_one *list = kindred->all.list;
	size_t kept = 0;

	for (size_t i = 0; i < kindred->all.count; i++) {
		const struct kindred_one *one = &list[i];

		kindred->unseen += one->ended && !one->seen;
		if (!one->ended)
			list[kept++] = *one;
	}
	kindred->all.count = kept;
}
