/* replay: the commands of a recorded lab once more, in a new one, comparing each step with the
 * recording. */
#include "config.h"
#include "app/lab/session_parts.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "model/lab/difference.h"

struct replay {
	char *command;                /* "replay 3" */
	char **lines;                 /* of the steps; the first starts the lab */
	const struct snapshot **then; /* each as it was, held; NULL: not kept */
	uint32_t first;               /* the recorded step of lines[0] */
	size_t count, next, compared;
	struct buf difference;
};

void
replay_free(struct replay *replay)
{
	if (!replay)
		return;
	for (size_t i = 0; i < replay->count; i++) {
		free(replay->lines[i]);
		snapshot_free(replay->then[i]);
	}
	free(replay->lines);
	free(replay->then);
	free(replay->command);
	buf_free(&replay->difference);
	free(replay);
}

/* The step as it was when its command was done, before anything else changed. */
static const struct snapshot *
kept(const struct history *history, uint32_t step)
{
	size_t at = step ? history_find(history, step - 1) : 0;

	if (history_at(history, at)->step < step && at + 1 < history_count(history))
		at++;
	return history_at(history, at)->step == step ? snapshot_hold(history_at(history, at))
						     : NULL;
}

static void
replay_fill(struct replay *replay, const struct session *session, const struct past_step *lab)
{
	struct buf line = BUF_INIT;

	buf_addf(&line, "lab %s pages=%u processes=%u", kind_word(lab->kind), lab->pages,
	    lab->processes);
	if (lab->one_vma)
		buf_add(&line, " vmas=one");
	replay->first = lab->step;
	for (size_t i = 0; i < replay->count; i++) {
		replay->lines[i] = i ? mem_string(lab[i].command) : buf_take(&line);
		replay->then[i] = kept(session->history, lab[i].step);
	}
}

static int
replay_prepare(struct session *session, const struct command *command, struct err *err)
{
	const struct past_step *lab;
	struct replay *replay;

	if (session->saved)
		return err_set(err, ERR_USAGE,
		    _("this is a saved session: its steps can be looked at, not acted on"));
	if (command->count > session->step)
		return err_set(err, ERR_USAGE, _("there is no step %1$u; the last is %2$u"),
		    command->count, session->step);
	lab = past_lab(&session->past, command->count);
	if (!lab)
		return err_set(err, ERR_USAGE,
		    _("the commands that led to step %u are no longer kept"), command->count);
	replay = mem_zero(1, sizeof(*replay));
	replay->command = mem_string(command->source);
	replay->count = command->count - lab->step + 1;
	replay->lines = mem_zero(replay->count, sizeof(*replay->lines));
	replay->then = mem_zero(replay->count, sizeof(struct snapshot *));
	replay_fill(replay, session, lab);
	session->replay = replay;
	return 0;
}

static void
replay_compare(struct session *session, struct replay *replay)
{
	size_t index = replay->next - 1;
	const struct snapshot *then = replay->then[index];

	if (!then || replay->difference.length)
		return;
	replay->compared++;
	if (!difference_words(&replay->difference, then, session->now))
		return;
	buf_clear(&replay->difference);
	buf_addf(&replay->difference, _("the kernel answered differently at step %1$u, %2$s: "),
	    replay->first + (uint32_t)index, replay->lines[index]);
	difference_words(&replay->difference, then, session->now);
}

static void
conclude(struct session *session, struct replay *replay)
{
	struct answer *answer = &session->answer;

	free(answer->command);
	answer->command = mem_string(replay->command);
	answer->verb = VERB_REPLAY;
	if (answer->type != ANSWER_ERROR) {
		answer->type = ANSWER_TEXT;
		buf_clear(&answer->text);
		if (replay->difference.length)
			buf_add(&answer->text, buf_text(&replay->difference));
		else
			buf_addf(&answer->text,
			    NP_("this is step %1$u again: the kernel answered the same, in %2$zu step that was compared",
				"this is step %1$u again: the kernel answered the same, in %2$zu steps that were compared",
				replay->compared),
			    replay->first + (uint32_t)replay->count - 1, replay->compared);
	}
	session->replay = NULL;
	replay_free(replay);
}

static bool
replay_start_next(struct session *session, struct replay *replay)
{
	const char *line = replay->lines[replay->next++];
	struct command command;
	struct err err;

	if (command_parse(&command, &line, &err) <= 0) {
		answer_fail(&session->answer, &err);
		return false;
	}
	session_start(session, &command);
	command_free(&command);
	return true;
}

void
replay_go(struct session *session)
{
	struct replay *replay = session->replay;

	while (!session->job) {
		if (replay->next && session->answer.type != ANSWER_ERROR)
			replay_compare(session, replay);
		if (session->answer.type == ANSWER_ERROR || replay->next == replay->count ||
		    !replay_start_next(session, replay)) {
			conclude(session, replay);
			return;
		}
	}
}

void
replay_start(struct session *session, const struct command *command)
{
	struct err err;

	if (replay_prepare(session, command, &err) < 0)
		answer_fail(&session->answer, &err);
	else
		replay_go(session);
}
