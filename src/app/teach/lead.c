#include "config.h"
#include "app/teach/lead.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lang/keys.h"

void
lead_init(struct lead *lead, struct session *session)
{
	*lead = (struct lead){.session = session};
}

void
lead_end(struct lead *lead)
{
	if (!lead->on)
		return;
	lead->on = false;
	session_lead(lead->session, NULL);
	lead->session->anyway = false;
	lead->session->follows = false;
	player_free(&lead->player);
	lesson_free(&lead->lesson);
	free(lead->name);
	free(lead->lab);
	lead->name = lead->lab = NULL;
	lead_forget(lead);
}

void
lead_free(struct lead *lead)
{
	struct buf *const bufs[] = {&lead->title, &lead->text, &lead->keys, &lead->notes,
	    &lead->observed, &lead->line, &lead->says};

	lead_end(lead);
	for (size_t i = 0; i < sizeof(bufs) / sizeof(bufs[0]); i++)
		buf_free(bufs[i]);
}

/* A new part is read from its top. */
static void
turn_page(struct lead *lead)
{
	lead->top = 0;
	lead->skipping = lead->aside = false;
	lead->since = lead->session->now->step;
	lead->session->anyway = player_takes(&lead->player);
	lead->session->follows = lead_acts(lead);
	lead_look_ahead(lead);
	if (lead->player.stage == PLAYER_ASKS) {
		ballot_begin(&lead->ballot, lead->player.question->answer_count);
		buf_clear(&lead->observed);
	}
}

/* "cow" of "/usr/share/cowscope/lessons/cow.md" */
static char *
short_name(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash && slash[1] ? slash + 1 : path;
	size_t length = strlen(name);

	return mem_string_n(
	    name, length > 3 && strcmp(name + length - 3, ".md") == 0 ? length - 3 : length);
}

void
lead_begin(struct lead *lead, const char *name, struct lesson *lesson, able_fn *able)
{
	lead_end(lead);
	lead->on = true;
	lead->explored = false;
	lead->top_of = STEP_LIVE;
	lead->began = lead->session->now->step;
	lead->name = short_name(name);
	lead->lesson = *lesson;
	*lesson = (struct lesson){0};
	session_begin_topic(lead->session, lead->lesson.title);
	buf_clear(&lead->notes);
	buf_clear(&lead->observed);
	player_begin(&lead->player, &lead->lesson, able);
	lead_prepare(lead);
	turn_page(lead);
	lead_refresh(lead);
}

bool
lead_acts(const struct lead *lead)
{
	return lead->on && (lead->preparing != LEAD_PREPARED || lead->player.stage == PLAYER_ACTS);
}

static void
end_preparing(struct lead *lead)
{
	lead->preparing = LEAD_PREPARED;
	lead->explored = false;
	lead->began = lead->session->now->step;
	lead->lab_number = lead->session->lab_number;
	turn_page(lead);
}

const char *
lead_line(struct lead *lead)
{
	if (lead->on && lead->preparing == LEAD_PREPARES) {
		lead->preparing = LEAD_PREPARING;
		return lead->lab;
	}
	if (lead->on && lead->preparing == LEAD_PREPARING)
		end_preparing(lead);
	while (lead_acts(lead)) {
		const struct lesson_line *line = player_line(&lead->player);

		if (line && lead_is_done(lead, line))
			continue;
		if (line)
			return line->text;
		turn_page(lead);
	}
	return NULL;
}

/* What happened in a step, for the side of what was observed. */
static void
observe(struct lead *lead, const struct answer *answer)
{
	const struct session *session = lead->session;

	size_t begin;

	buf_addf(&lead->observed, "%s%s -> ", lead->observed.length ? "\n" : "", answer->command);
	begin = lead->observed.length;
	if (answer->type == ANSWER_STEP)
		events_paragraph(&lead->observed, &session->events, session_seen(session));
	if (answer->text.length)
		buf_addf(&lead->observed, "%s%s", lead->observed.length > begin ? " " : "",
		    buf_text(&answer->text));
	while (lead->observed.length && lead->observed.data[lead->observed.length - 1] == '\n')
		lead->observed.data[--lead->observed.length] = '\0';
	if (lead->observed.length == begin)
		buf_add(&lead->observed, _("nothing changed."));
}

void
lead_failed(struct lead *lead, const char *command, const char *why)
{
	buf_addf(&lead->notes, _("The kernel answered differently: %1$s: %2$s"), command, why);
	if (lead->explored)
		buf_addf(&lead->notes, " %s", _("Your own commands may be the reason."));
	buf_add_char(&lead->notes, '\n');
}

/* Somebody acts beside the lesson: what came of it is read first. */
static void
see_aside(struct lead *lead)
{
	lead->explored = lead->aside = true;
	lead->top = 0;
}

bool
lead_saw(struct lead *lead, const struct answer *answer)
{
	if (lead->on && lead->preparing == LEAD_PREPARING) {
		if (answer->type == ANSWER_ERROR)
			lead_failed(lead, answer->command, answer->error.text);
		end_preparing(lead);
		return true;
	}
	if (!lead_acts(lead)) {
		if (answer->type == ANSWER_STEP && command_defs[answer->verb].group != GROUP_STEPS)
			see_aside(lead);
		return false;
	}
	if (answer->type == ANSWER_STEP && (answer->verb == VERB_LAB || answer->verb == VERB_RESET))
		lead->explored = false;
	if (answer->type == ANSWER_STEP) {
		player_saw(&lead->player, session_seen(lead->session), &lead->session->events);
		observe(lead, answer);
	} else if (answer->type == ANSWER_TEXT && answer->text.length) {
		observe(lead, answer);
	} else if (answer->type == ANSWER_EXPECT && answer->holds == TRI_UNKNOWN) {
		buf_addf(&lead->notes, _("This could not be checked here: %1$s: %2$s.\n"),
		    answer->command, buf_text(&answer->text));
	} else if (answer->type == ANSWER_EXPECT && answer->holds == TRI_NO) {
		lead_failed(lead, answer->command, buf_text(&answer->text));
	} else if (answer->type == ANSWER_ERROR) {
		lead_failed(lead, answer->command, answer->error.text);
	}
	return answer->type == ANSWER_STEP || answer->type == ANSWER_EXPECT ||
	    answer->type == ANSWER_ERROR || answer->type == ANSWER_STATE;
}

/* Commands */

static int
not_now(struct err *err, const char *why)
{
	return err_set(err, ERR_USAGE, "%s", why);
}

/* At another stage. */
static void
arrive(struct lead *lead)
{
	lead->session->view = lead_acts(lead) ? SCENE_PANELS : lead->session->view;
	session_see(lead->session, SEEN_LIVE);
	turn_page(lead);
}

static int
lead_go_on(struct lead *lead)
{
	struct player *player = &lead->player;

	if (player->stage == PLAYER_ASKS && !player_answered(player) && !lead->skipping) {
		lead->skipping = true;
		buf_add(&lead->says, _("Space again skips the question"));
		return 0;
	}
	buf_clear(&lead->notes);
	if (player->stage == PLAYER_OVER) {
		lead_end(lead);
		return 0;
	}
	session_see(lead->session, SEEN_LIVE);
	lead_refresh(lead);
	lead_remember(lead);
	player_next(player);
	arrive(lead);
	return 0;
}

static int
take_memory(struct lead *lead, struct err *err)
{
	if (lead->player.stage != PLAYER_SHORT)
		return not_now(err, _("no step asks for memory that is not available"));
	buf_clear(&lead->notes);
	player_take(&lead->player);
	arrive(lead);
	return 0;
}

/* An answer that alone can be right is final; of several, next is done with them. */
static bool
takes_several(const struct lesson_part *question)
{
	size_t right = 0;

	for (size_t i = 0; i < question->answer_count; i++)
		right += question->answers[i].right;
	return right > 1;
}

static int
answer(struct lead *lead, uint32_t number, struct err *err)
{
	struct player *player = &lead->player;

	if (player->stage == PLAYER_ASKS && player->question->points && !number) {
		player_point_nowhere(player);
		return lead_go_on(lead);
	}
	if (player->stage != PLAYER_ASKS || player->question->points)
		return not_now(err, _("no open question is answered by a number"));
	if (number < 1 || number > player->question->answer_count)
		return err_set(
		    err, ERR_USAGE, _("the answers are 1 to %zu"), player->question->answer_count);
	player_choose(player, number - 1);
	return takes_several(player->question) ? 0 : lead_go_on(lead);
}

static int
point(struct lead *lead, const struct answer *where, struct err *err)
{
	struct player *player = &lead->player;

	if (player->stage != PLAYER_ASKS || !player->question->points)
		return not_now(err, _("no open question is answered by marking pages"));
	for (size_t i = 0; i < where->range_count; i++)
		for (uint32_t page = where->ranges[i].first; page <= where->ranges[i].last; page++)
			for (char name = 'a'; name < PROCESS_NAME_END; name++)
				if (where->processes >> (name - 'a') & 1)
					player_point(player, name, page);
	return 0;
}

static int
vote(struct lead *lead, const struct answer *counts, struct err *err)
{
	const struct player *player = &lead->player;

	if ((player->stage != PLAYER_ASKS && player->stage != PLAYER_SHOWS) || !player->question ||
	    player->question->points)
		return not_now(err, _("no question is open to vote on"));
	return ballot_vote(&lead->ballot, counts->numbers, counts->number_count, err);
}

int
lead_take(struct lead *lead, struct err *err)
{
	const struct answer *said = &lead->session->answer;

	buf_clear(&lead->says);
	if (!lead->on)
		return not_now(err, _("no lesson is running: lesson cow begins one"));
	if (said->verb == VERB_NEXT)
		return lead_go_on(lead);
	lead->skipping = false;
	switch (said->verb) {
	case VERB_ANSWER:
		return answer(lead, said->numbers[0], err);
	case VERB_POINT:
		return point(lead, said, err);
	case VERB_VOTE:
		return vote(lead, said, err);
	case VERB_ANYWAY:
		return take_memory(lead, err);
	default:
		return 0;
	}
}

/* Keys */

static enum key_stage
key_stage(const struct player *player)
{
	if (player->stage == PLAYER_ASKS)
		return player->question->points ? KEY_POINTS : KEY_ASKS;
	if (player->stage == PLAYER_SHORT)
		return KEY_SHORT;
	return player->stage == PLAYER_SHOWS ? KEY_SHOWS : KEY_TELLS;
}

/* A text that is longer than its room is read first: a screen of it at a time, of which one line
 * was there before. */
bool
guide_scroll(int *top, const struct session *session, const char *key)
{
	struct scene scene = session_scene(session);
	const struct appearance *appearance = &session->appearance;
	int shown, last = scene_guide_last(&scene, appearance->columns, appearance->rows, &shown),
		   page = shown > 1 ? shown - 1 : 1;
	bool on = strcmp(key, "Space") == 0 || strcmp(key, "PgDn") == 0;
	bool back = strcmp(key, "PgUp") == 0 || strcmp(key, "Backspace") == 0;
	int at = *top < last ? *top : last;

	if ((!on || at >= last) && (!back || at <= 0))
		return false;
	at += on ? page : -page;
	*top = at < 0 ? 0 : at < last ? at : last;
	return true;
}

void
guide_turn(int *top, uint32_t *of, const struct session *session)
{
	uint32_t step = session_is_live(session) ? STEP_LIVE : session_seen(session)->step;

	if (step != *of)
		*top = 0;
	*of = step;
}

/* What was before the lesson is not looked at by its keys. */
static bool
leads_before(const struct lead *lead, const char *key)
{
	return (strcmp(key, "PgUp") == 0 || strcmp(key, "Backspace") == 0) &&
	    session_seen(lead->session)->step <= lead->began;
}

const char *
lead_key(struct lead *lead, const char *key)
{
	if (!lead->on)
		return NULL;
	if (!session_is_live(lead->session))
		return guide_scroll(&lead->top, lead->session, key) || leads_before(lead, key)
		    ? ""
		    : NULL;
	buf_clear(&lead->line);
	if (lead->ballot.typing)
		return ballot_key(&lead->ballot, key, &lead->line) == BALLOT_IGNORES
		    ? NULL
		    : buf_text(&lead->line);
	if (guide_scroll(&lead->top, lead->session, key) || leads_before(lead, key))
		return "";
	return lesson_key_command(key, key_stage(&lead->player));
}
