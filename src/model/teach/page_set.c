#include "config.h"
#include "model/teach/page_set.h"

#include <string.h>

#include "base/mem.h"

void
page_set_clear(struct page_set *set)
{
	memset(set, 0, sizeof(*set));
}

bool
page_set_has(const struct page_set *set, char process, uint32_t page)
{
	return is_process_name(process) && page < PAGES_MAX &&
	    set->processes[page] >> (process - 'a') & 1;
}

static void
page_set_add(struct page_set *set, char process, uint32_t page)
{
	if (is_process_name(process) && page < PAGES_MAX)
		set->processes[page] |= (uint16_t)(1u << (process - 'a'));
}

void
page_set_add_changed(struct page_set *set, const struct snapshot *now, const struct events *events)
{
	for (size_t i = 0; i < events->count; i++) {
		const struct event *event = &events->list[i];

		if (event->type != EVENT_FAULTED && event->type != EVENT_REFUSED)
			page_set_add(set, event->process, event->page);
	}
	for (size_t i = 0; i < now->act_count; i++) {
		const struct act *act = &now->acts[i];

		if (act->verb == ACT_WRITE && !act->errnum && !act->signal)
			page_set_add(set, act->process, act->page);
	}
}

bool *
page_set_flags(const struct page_set *set, const struct snapshot *now)
{
	bool *flags = mem_zero(now->process_count * now->page_count + 1, sizeof(*flags));

	for (size_t i = 0; i < now->process_count; i++)
		for (uint32_t page = 0; page < now->page_count; page++)
			flags[i * now->page_count + page] =
			    page_set_has(set, now->processes[i].name, page);
	return flags;
}

void
page_set_ranges(struct buf *out, const struct page_set *set)
{
	size_t start = out->length;

	for (char process = 'a'; is_process_name(process); process++)
		for (uint32_t page = 0, last; page < PAGES_MAX; page = last + 1) {
			last = page;
			if (!page_set_has(set, process, page))
				continue;
			while (page_set_has(set, process, last + 1))
				last++;
			buf_addf(out, last > page ? "%s%c:%u-%u" : "%s%c:%u",
			    out->length > start ? ", " : "", process, page, last);
		}
}
