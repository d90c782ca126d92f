#include "config.h"
#include "app/family/blaming.h"

#include <stdlib.h>

#include "base/mem.h"

struct inquest *
blaming_begin(const struct family *family, const struct options *options, struct err *err)
{
	pid_t *pids = mem_zero(family->member_count + 1, sizeof(*pids));
	struct inquest *inquest;
	size_t count = 0;

	for (size_t i = 0; i < family->member_count; i++)
		if (family->members[i].life == MEMBER_RUNNING ||
		    family->members[i].life == MEMBER_STOPPED)
			pids[count++] = family->members[i].pid;
	inquest = inquest_open(pids, count, options->blame_all ? 1 : INQUEST_STACK_EVERY, err);
	free(pids);
	return inquest;
}

void
blaming_settle(struct inquest *inquest, const struct family *family)
{
	const struct blame *blame;

	if (!inquest || !family->whole)
		return;
	blame = inquest_settle(inquest, family);
	family_take_partings(family, inquest_partings(inquest));
	family_take_blame(family, blame);
}
