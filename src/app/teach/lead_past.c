#include "config.h"
#include "app/teach/lead.h"

#include <stdlib.h>

#include "base/mem.h"

/* What the lesson said at the steps that are past: who steps back reads what belongs to the
 * picture. */

void
lead_remember(struct lead *lead)
{
	const struct lesson_part *question = lead->player.question;
	struct lead_page page = {.from = lead->since, .to = lead->session->now->step};

	if (!lead->session->guide)
		return;
	page.said = guide_copy(&lead->session->guide->guide);
	if (question && question->points)
		page.pointed = mem_copy(lead->player.pointed, sizeof(*page.pointed));
	lead->past = mem_resize(lead->past, lead->past_count + 1, sizeof(*lead->past));
	lead->past[lead->past_count++] = page;
}

void
lead_forget(struct lead *lead)
{
	for (size_t i = 0; i < lead->past_count; i++) {
		guide_copy_free(lead->past[i].said);
		free(lead->past[i].pointed);
	}
	free(lead->past);
	lead->past = NULL;
	lead->past_count = 0;
}

/* The last thing said at a step that began at or before this one; NULL: nothing was. */
static const struct lead_page *
lead_past_page_at(const struct lead *lead, uint32_t step)
{
	for (size_t i = lead->past_count; i-- > 0;)
		if (lead->past[i].from <= step)
			return &lead->past[i];
	return NULL;
}

bool
lead_heard(const struct lead *lead)
{
	for (size_t i = lead->past_count; i-- > 0;) {
		const struct lead_page *page = &lead->past[i];
		enum guide_stage stage = page->said->guide.stage;

		if (page->to == lead->session->now->step &&
		    (stage == GUIDE_TELLS || stage == GUIDE_SHOWS))
			return true;
	}
	return false;
}

/* All that was said at this step, in order: the texts before a question too. */
static void
add_texts(struct lead *lead, uint32_t step)
{
	buf_clear(&lead->text);
	for (size_t i = 0; i < lead->past_count; i++) {
		const struct lead_page *page = &lead->past[i];
		const char *text = page->said->guide.text;

		if (page->from <= step && step <= page->to && text && *text)
			buf_addf(&lead->text, "%s%s", lead->text.length ? "\n" : "", text);
	}
}

static void
fill_past_page(struct lead *lead, const struct lead_page *page, struct guide *guide, bool **pointed)
{
	const struct snapshot *seen = session_seen(lead->session);
	bool said = seen->step <= page->to;

	*guide = page->said->guide;
	guide->top = lead->top;
	guide->pointed = guide->changed = NULL;
	guide->warning = guide->observed = NULL;
	if (!said || guide->stage == GUIDE_SHOWS) {
		guide->stage = GUIDE_TELLS; /* what happened is told beside it */
		guide->answer_count = 0;
	} else if (page->pointed) {
		guide->pointed = *pointed = page_set_flags(page->pointed, seen);
		guide->flags = seen->process_count * seen->page_count;
	}
}

bool
lead_looks_back(struct lead *lead, struct guide *guide, bool **pointed)
{
	uint32_t step = session_seen(lead->session)->step;
	const struct lead_page *page = lead_past_page_at(lead, step);

	if (session_is_live(lead->session) || step >= lead->since)
		return false;
	add_texts(lead, step);
	if (page)
		fill_past_page(lead, page, guide, pointed);
	else
		*guide = (struct guide){.title = lead->name, .top = lead->top};
	guide->text = buf_text(&lead->text);
	return true;
}
