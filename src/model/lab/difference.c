#include "config.h"
#include "model/lab/difference.h"

#include "base/i18n.h"

static bool
differ(const struct page *then, const struct page *now)
{
	return then->state != now->state || then->mapped_by != now->mapped_by ||
	    then->dirty != now->dirty;
}

static void
page_words(struct buf *out, const struct page *page)
{
	buf_add(out, page_state_word((enum page_state)page->state));
	if (page->mapped_by > 1)
		buf_addf(out, " x%u", page->mapped_by);
	if (page->dirty == TRI_YES)
		buf_add(out, " dirty");
}

static void
say_page(
    struct buf *out, char name, uint32_t number, const struct page *then, const struct page *now)
{
	struct buf was = BUF_INIT, is = BUF_INIT;

	page_words(&was, then);
	page_words(&is, now);
	buf_addf(out, _("%1$c:%2$u was %3$s, this time it is %4$s"), name, number, buf_text(&was),
	    buf_text(&is));
	buf_free(&was);
	buf_free(&is);
}

static bool
is_alive(const struct process *process)
{
	return process && process->life != LIFE_DEAD;
}

static bool
difference_processes_differ(
    struct buf *out, const struct snapshot *then, const struct snapshot *now)
{
	for (char name = 'a'; name < PROCESS_NAME_END; name++) {
		bool was = is_alive(snapshot_process(then, name)),
		     is = is_alive(snapshot_process(now, name));

		if (was == is)
			continue;
		if (was)
			buf_addf(out, _("%c was there, this time it is not"), name);
		else
			buf_addf(out, _("%c was not there, this time it is"), name);
		return true;
	}
	return false;
}

bool
difference_words(struct buf *out, const struct snapshot *then, const struct snapshot *now)
{
	uint32_t pages = then->page_count < now->page_count ? then->page_count : now->page_count;

	for (uint32_t number = 0; number < pages; number++)
		for (size_t i = 0; i < then->process_count; i++) {
			const struct process *was = &then->processes[i],
					     *is = snapshot_process(now, was->name);

			if (!is_alive(was) || !is_alive(is) ||
			    !differ(&was->pages[number], &is->pages[number]))
				continue;
			say_page(out, was->name, number, &was->pages[number], &is->pages[number]);
			return true;
		}
	return difference_processes_differ(out, then, now);
}
