#include "config.h"
#include "app/teach/lead.h"

#include <stdlib.h>

#include "base/i18n.h"

/* What the guide shows of a lesson. */

/* Which of those parts that are shown: "cow 3/12". */
static void
fill_title(struct lead *lead)
{
	size_t at = 0, count = 0;

	for (size_t i = 0; i < lead->lesson.part_count; i++) {
		if (lead->lesson.parts[i].type == LESSON_COMMANDS)
			continue;
		count++;
		at += i <= lead->player.part;
	}
	buf_clear(&lead->title);
	buf_addf(&lead->title, "%s %zu/%zu", lead->name, at, count);
}

static void
fill_over(struct lead *lead)
{
	const struct player *player = &lead->player;

	buf_addf(&lead->text, "%s\n", _("The lesson is over; the lab stays as it is."));
	if (player->asked)
		buf_addf(
		    &lead->text, _("Right answers: %1$u of %2$u.\n"), player->right, player->asked);
}

static void
fill_heading(struct lead *lead)
{
	const struct lesson *lesson = &lead->lesson;

	if (lesson->title)
		buf_addf(&lead->text, "%s\n", lesson->title);
	if (lesson->summary)
		buf_addf(&lead->text, "%s\n", lesson->summary);
}

static void
fill_text(struct lead *lead)
{
	const struct player *player = &lead->player;
	const struct lesson_part *part = player_part(player);

	buf_clear(&lead->text);
	if (player->part == 0)
		fill_heading(lead);
	if (player->stage == PLAYER_OVER)
		fill_over(lead);
	else if (player->stage == PLAYER_LACKS)
		buf_addf(&lead->text,
		    _("The next step is left out: this machine lacks what it needs. %s"),
		    buf_text(&player->lacks));
	else if (player->stage == PLAYER_SHORT)
		buf_addf(&lead->text,
		    _("%s\nTake it anyway? If memory runs out, its process is killed first."),
		    buf_text(&player->lacks));
	else if (part && (player->stage == PLAYER_TELLS || player->stage == PLAYER_ASKS))
		player_text(&lead->text, part);
}

static void
fill_keys(struct lead *lead)
{
	const struct player *player = &lead->player;
	struct buf *keys = &lead->keys;

	buf_clear(keys);
	if (lead->ballot.typing)
		buf_add(keys, _("0-9 count  Enter next  Esc give up"));
	else if (!session_is_live(lead->session))
		buf_add(keys, _("Space forward  PgUp back  > live"));
	else if (player->stage == PLAYER_OVER)
		buf_add(keys, _("Space leave"));
	else if (player->stage == PLAYER_SHORT)
		buf_add(keys, _("y take it  Space skip"));
	else if (player->stage != PLAYER_ASKS)
		buf_add(keys, _("Space next  PgUp back"));
	else if (player->question->points)
		buf_add(keys,
		    player_answered(player) ? _("x mark  arrows move  Space done")
					    : _("x mark  n none  arrows move  Space skip"));
	else
		buf_addf(keys,
		    player_answered(player) ? _("1-%zu answer  Space done  V vote")
					    : _("1-%zu answer  Space skip  V vote"),
		    player->question->answer_count);
}

static enum guide_stage
guide_stage(const struct player *player)
{
	if (player->stage == PLAYER_ASKS)
		return player->question->points ? GUIDE_POINTS : GUIDE_ASKS;
	if (player->stage == PLAYER_SHORT)
		return GUIDE_ASKS;
	return player->stage == PLAYER_SHOWS ? GUIDE_SHOWS : GUIDE_TELLS;
}

static void
lead_fill_answers(const struct lead *lead, struct guide *guide)
{
	const struct lesson_part *question = lead->player.question;

	guide->answer_count =
	    question && !player_leaves_out(&lead->player) ? question->answer_count : 0;
	for (size_t i = 0; i < guide->answer_count; i++)
		guide->answers[i] = (struct guide_answer){
		    .text = question->answers[i].text,
		    .reason = question->answers[i].reason,
		    .right = question->answers[i].right,
		    .chosen = lead->player.chosen[i],
		};
	if (guide->answer_count)
		ballot_show(&lead->ballot, guide);
}

/* The flags of the pages pointed at, and of those that changed: the caller frees both. */
static void
fill_pages(const struct lead *lead, struct guide *guide, bool **pointed, bool **changed)
{
	const struct snapshot *now = session_seen(lead->session);
	const struct player *player = &lead->player;

	if (!player->question || !player->question->points || player_leaves_out(player))
		return;
	guide->pointed = *pointed = page_set_flags(player->pointed, now);
	if (player->stage == PLAYER_SHOWS)
		guide->changed = *changed = page_set_flags(player->changed, now);
	guide->nothing = player->nothing;
	guide->flags = now->process_count * now->page_count;
}

void
lead_refresh(struct lead *lead)
{
	struct guide guide;
	bool *pointed = NULL, *changed = NULL;

	if (!lead->on || (lead_acts(lead) && lead->session->guide))
		return;
	guide_turn(&lead->top, &lead->top_of, lead->session);
	guide = (struct guide){.top = lead->top};
	if (lead_looks_back(lead, &guide, &pointed)) {
		fill_keys(lead);
		guide.keys = buf_text(&lead->keys);
		session_lead(lead->session, &guide);
		free(pointed);
		return;
	}
	guide.stage = guide_stage(&lead->player);
	guide.aside = lead->aside;
	guide.heard = lead_heard(lead);
	fill_title(lead);
	fill_text(lead);
	fill_keys(lead);
	fill_pages(lead, &guide, &pointed, &changed);
	lead_fill_answers(lead, &guide);
	guide.title = buf_text(&lead->title);
	guide.text = buf_text(&lead->text);
	guide.keys = buf_text(&lead->keys);
	guide.warning = lead->notes.length ? buf_text(&lead->notes) : NULL;
	guide.observed = lead->player.stage == PLAYER_SHOWS && lead->observed.length
	    ? buf_text(&lead->observed)
	    : NULL;
	guide.score = (int)lead->player.right;
	guide.asked = (int)lead->player.asked;
	session_lead(lead->session, &guide);
	free(pointed);
	free(changed);
}
