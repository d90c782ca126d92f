#include "config.h"
#include "app/teach/quiz_run.h"
#include "app/lab/able.h"
#include "base/clock.h"

#include "base/i18n.h"

#define SEEDS 1000000

void
quiz_run_init(struct quiz_run *run, struct session *session, uint64_t seed)
{
	struct buf reason = BUF_INIT;

	*run = (struct quiz_run){.session = session, .seed = seed, .chosen = -1};
	if (!seed)
		run->seed = 1 + clock_real_ns() / 1000 % (SEEDS - 1);
	quiz_init(&run->quiz, run->seed, able("page-sync", 0, &reason));
	buf_free(&reason);
}

void
quiz_run_free(struct quiz_run *run)
{
	quiz_free(&run->quiz);
	buf_free(&run->commands);
	buf_free(&run->reason);
	buf_free(&run->setup);
	buf_free(&run->next_setup);
	snapshot_free(run->before);
}

static void
quiz_run_fail(struct quiz_run *run, const struct err *failure)
{
	run->failure = *failure;
	run->moment = QUIZ_FAILED;
}

/* The command that was under way is done. */
static void
take_step(struct quiz_run *run)
{
	struct session *session = run->session;

	run->acts = false;
	if (session->answer.type == ANSWER_ERROR) {
		quiz_run_fail(run, &session->answer.error);
		return;
	}
	if (run->moment != QUIZ_ACTING)
		return;
	if (run->reason.length)
		buf_add_char(&run->reason, ' ');
	events_paragraph(&run->reason, &session->events, session_seen(session));
}

/* false: none is left. */
static bool
start_command(struct quiz_run *run)
{
	const char *start = buf_text(&run->commands), *line = start + run->done;
	struct command command;
	struct err err;
	int found = command_parse(&command, &line, &err);

	run->done = (size_t)(line - start);
	if (found < 0)
		quiz_run_fail(run, &err);
	if (found <= 0)
		return false;
	session_start(run->session, &command);
	if (command.def->verb == VERB_LAB)
		buf_clear(&run->next_setup);
	buf_add(&run->next_setup, run->next_setup.length ? "; " : "");
	buf_add(&run->next_setup, command.source);
	command_free(&command);
	run->acts = true;
	return true;
}

static void
clear_commands(struct quiz_run *run)
{
	buf_clear(&run->commands);
	run->done = 0;
}

static void
take_commands(struct quiz_run *run)
{
	const struct question *question = &run->quiz.question;

	clear_commands(run);
	for (size_t i = 0; i < question->deed_count; i++) {
		buf_add(&run->commands, i ? "; " : "");
		deed_command(&run->commands, &question->deeds[i]);
	}
}

static void
quiz_run_prepare(struct quiz_run *run)
{
	clear_commands(run);
	session_look(run->session);
	if (quiz_stage(&run->quiz, run->session->now, &run->commands) ||
	    !quiz_ask(&run->quiz, run->session->now))
		return;
	snapshot_free(run->before);
	run->before = snapshot_hold(run->session->now);
	buf_clear(&run->reason);
	buf_clear(&run->setup);
	buf_add(&run->setup, buf_text(&run->next_setup));
	run->chosen = -1;
	take_commands(run);
	run->moment = run->quiz.question.way == WAY_FORWARD ? QUIZ_ASKING : QUIZ_ACTING;
}

static void
quiz_run_judge(struct quiz_run *run)
{
	bool good = quiz_judge(&run->quiz, run->session->now);

	if (!run->reason.length)
		buf_add(&run->reason, _("Nothing changed."));
	if (run->quiz.question.way == WAY_FORWARD) {
		quiz_answer(&run->quiz, run->chosen);
		run->moment = QUIZ_JUDGED;
	} else {
		run->moment = good ? QUIZ_ASKING : QUIZ_PREPARING;
		clear_commands(run);
	}
}

static void
quiz_run_go_on(struct quiz_run *run)
{
	if (run->moment == QUIZ_PREPARING)
		quiz_run_prepare(run);
	else
		quiz_run_judge(run);
}

void
quiz_run_go(struct quiz_run *run)
{
	while (!session_busy(run->session) &&
	    (run->moment == QUIZ_PREPARING || run->moment == QUIZ_ACTING)) {
		if (run->acts)
			take_step(run);
		if (run->moment != QUIZ_FAILED && !start_command(run) && run->moment != QUIZ_FAILED)
			quiz_run_go_on(run);
	}
}

void
quiz_run_answer(struct quiz_run *run, int choice)
{
	run->chosen = choice;
	if (run->quiz.question.way == WAY_FORWARD) {
		run->moment = QUIZ_ACTING;
		return;
	}
	quiz_answer(&run->quiz, choice);
	take_commands(run);
	run->moment = QUIZ_JUDGED;
}

void
quiz_run_next(struct quiz_run *run)
{
	clear_commands(run);
	run->moment = QUIZ_PREPARING;
}
