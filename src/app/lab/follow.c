#include "config.h"
#include "app/lab/follow.h"
#include "app/lab/session_parts.h"

/* Acts on the file name a page without a process. */
static bool
is_at(const struct cursor *cursor, const struct act *act)
{
	return act->page == cursor->page && (!act->process || act->process == cursor->process);
}

void
cursor_follow(struct cursor *cursor, const struct act *acts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (is_at(cursor, &acts[i]))
			return;
	if (!count)
		return;
	cursor->page = acts[0].page;
	if (acts[0].process)
		cursor->process = acts[0].process;
}

static bool
is_in_ranges(uint32_t page, const struct page_range *ranges, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (page >= ranges[i].first && page <= ranges[i].last)
			return true;
	return false;
}

bool
cursor_aim(struct session *session, const struct command *command)
{
	const struct target *target = &command->target;
	struct page_range ranges[RANGES_MAX];
	struct cursor *cursor = &session->cursor;
	uint16_t processes = 0;
	size_t count;
	struct err err;

	if (target->which != PAGES_RANGES || target->who == WHO_MEMORY ||
	    target_pages(session, target, ranges, &count, &err) < 0 || !count)
		return false;
	if (target->who != WHO_FILE && target->who != WHO_NONE &&
	    target_processes(session, target, &processes, &err) < 0)
		return false;
	if (!is_in_ranges(cursor->page, ranges, count))
		cursor->page = ranges[0].first;
	if (processes && !(cursor->process && processes >> (cursor->process - 'a') & 1))
		cursor->process = (char)('a' + __builtin_ctz(processes));
	return true;
}
