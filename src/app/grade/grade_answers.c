/*
 * A lesson or the quiz, answered by a file: one answer a line, an empty one skips. The lesson is
 * played, and each question becomes a row of the grade once the kernel has answered it.
 */
#include "config.h"
#include "app/grade/grade_run.h"

#include <stdlib.h>
#include <string.h>

#include "app/batch/complain.h"
#include "app/grade/grade_script.h"
#include "app/lab/able.h"
#include "app/lab/session.h"
#include "app/teach/lessons.h"
#include "app/teach/player.h"
#include "app/teach/quiz_run.h"
#include "base/i18n.h"
#include "lang/target.h"

#define WORKER_PATIENCE_MS 10000

struct answering {
	const struct options *options;
	struct session session;
	struct grade_script script;
	struct grade *grade;
	const char *said; /* the last answer; "": skipped; NULL: there are no more lines */
	int line;         /* of the answer that the question got; 0: none */
};

static int
answers_fault(struct answering *answering, const char *text, struct err *err)
{
	return grade_script_fault(&answering->script, answering->script.line, text, err);
}

/* -1: the file is damaged here. */
static int
answers_next(struct answering *answering, struct err *err)
{
	bool whole = true;
	const char *line = grade_script_line(&answering->script, &whole);

	answering->said = line ? line + strspn(line, " \t") : NULL;
	answering->line = line ? answering->script.line : 0;
	if (!whole)
		return answers_fault(answering, _("the line holds a NUL byte"), err);
	return 0;
}

static void
answers_row(struct answering *answering, const char *what, bool right, const char *found)
{
	grade_add(answering->grade,
	    &(struct grade_row){
		.file = answering->line ? answering->options->answers : NULL,
		.line = answering->line,
		.what = what,
		.holds = right ? TRI_YES : TRI_NO,
		.found = found,
	    });
}

/* A number from 0 to most; -1: none. Moves *at past it. */
static int
answers_number(const char **at, size_t most)
{
	char *end;
	long number = strtol(*at, &end, 10);

	if (end == *at || number < 0 || (size_t)number > most || **at == '+' || **at == '-' ||
	    (*end && !strchr(" \t", *end)))
		return -1;
	*at = end + strspn(end, " \t");
	return (int)number;
}

/* Lessons. */

static int
lesson_choose(struct answering *answering, struct player *player, struct err *err)
{
	size_t most = player->question->answer_count;
	const char *at = answering->said;
	struct err why;

	while (*at) {
		int number = answers_number(&at, most);

		if (number <= 0) {
			err_set(&why, ERR_USAGE,
			    _("an answer here is a number from 1 to %zu, or several with blanks between; an empty line skips"),
			    most);
			return answers_fault(answering, why.text, err);
		}
		if (!player->chosen[number - 1])
			player_choose(player, (size_t)number - 1);
	}
	return 0;
}

static void
lesson_point_target(struct player *player, const struct target *target)
{
	for (size_t i = 0; i < target->range_count; i++)
		for (uint32_t page = target->ranges[i].first; page <= target->ranges[i].last;
		     page++)
			for (char name = 'a'; name < PROCESS_NAME_END; name++)
				if (target->processes >> (name - 'a') & 1 &&
				    !(player->pointed->processes[page] >> (name - 'a') & 1))
					player_point(player, name, page);
}

/* "a:2 b:0-3"; 0: none will change */
static int
lesson_point(struct answering *answering, struct player *player, struct err *err)
{
	char *rest = NULL, *said = strdup(answering->said);
	bool good = said != NULL;
	struct target target;
	struct err why;

	if (good && strcmp(said, "0") == 0) {
		player_point_nowhere(player);
		free(said);
		return 0;
	}
	for (char *word = good ? strtok_r(said, " \t", &rest) : NULL; word && good;
	     word = strtok_r(NULL, " \t", &rest)) {
		good = target_parse(&target, word, false, &why) == 0 && target.who == WHO_NAMED &&
		    target.which == PAGES_RANGES;
		if (good)
			lesson_point_target(player, &target);
	}
	free(said);
	return good
	    ? 0
	    : answers_fault(answering,
		  _("an answer here is pages such as a:2 b:0-3, or 0 for none; an empty line skips"),
		  err);
}

static int
lesson_answer(struct answering *answering, struct player *player, struct err *err)
{
	if (answers_next(answering, err) < 0)
		return -1;
	if (!answering->said || !*answering->said)
		return 0;
	return player->question->points ? lesson_point(answering, player, err)
					: lesson_choose(answering, player, err);
}

static void
lesson_right(struct buf *out, const struct player *player)
{
	const struct lesson_part *question = player->question;

	if (question->points) {
		page_set_ranges(out, player->changed);
		if (!out->length)
			buf_add(out, "0");
		return;
	}
	for (size_t i = 0; i < question->answer_count; i++)
		if (question->answers[i].right)
			buf_addf(out, "%s%zu", out->length ? " " : "", i + 1);
}

static void
lesson_row(struct answering *answering, struct player *player)
{
	const struct lesson_part *question = player->question;
	bool answered = player_answered(player);
	struct buf right = BUF_INIT, found = BUF_INIT;

	lesson_right(&right, player);
	if (!answered)
		buf_addf(&found, _("not answered; right is %s"), buf_text(&right));
	else
		buf_addf(
		    &found, _("answered %1$s; right is %2$s"), answering->said, buf_text(&right));
	answers_row(answering, question->block_count ? question->blocks[0].text : "",
	    answered && player_is_right(player), buf_text(&found));
	buf_free(&right);
	buf_free(&found);
}

/* -1: the lesson itself fails here. */
static int
lesson_command(struct answering *answering, struct player *player, const char *path,
    const struct command *command, int line, struct err *err)
{
	struct session *session = &answering->session;
	const struct answer *answer = &session->answer;

	session_pump(session);
	session_start(session, command);
	session_wait(session);
	if (answer->type == ANSWER_STEP)
		player_saw(player, session_seen(session), &session->events);
	if (answer->type == ANSWER_ERROR)
		return err_set(err, ERR_MACHINE, "%s:%d: %s", path, line, answer->error.text);
	if (answer->type == ANSWER_EXPECT && answer->holds == TRI_NO)
		return err_set(err, ERR_MACHINE, "%s:%d: %s", path, line, buf_text(&answer->text));
	return 0;
}

static int
lesson_acts(struct answering *answering, struct player *player, const char *path, struct err *err)
{
	const struct lesson_line *line;
	struct command command;

	while ((line = player_line(player))) {
		const char *text = line->text;
		int found, result = 0;

		while (result == 0 && (found = command_parse(&command, &text, err)) != 0) {
			result = found < 0
			    ? -1
			    : lesson_command(answering, player, path, &command, line->line, err);
			if (found > 0)
				command_free(&command);
		}
		if (result < 0)
			return -1;
	}
	return 0;
}

static int
answers_play(struct answering *answering, struct player *player, const char *path, struct err *err)
{
	while (player->stage != PLAYER_OVER) {
		if (player->stage == PLAYER_ACTS) {
			if (lesson_acts(answering, player, path, err) < 0)
				return -1;
			continue;
		}
		if (player->stage == PLAYER_ASKS && lesson_answer(answering, player, err) < 0)
			return -1;
		if (player_leaves_out(player) && player->question &&
		    answers_next(answering, err) < 0) /* nobody is asked here, but the line is */
			return -1;
		if (player->stage == PLAYER_SHOWS)
			lesson_row(answering, player);
		player_next(player);
	}
	return 0;
}

/* More answers than questions: the file belongs to another lesson. */
static int
answers_end(struct answering *answering, struct err *err)
{
	do
		if (answers_next(answering, err) < 0)
			return -1;
	while (answering->said && !*answering->said);
	if (!answering->said)
		return 0;
	return answers_fault(answering, _("there is no question left for this answer"), err);
}

static int
answer_lesson(struct answering *answering, struct err *err)
{
	struct lesson lesson;
	struct player player;
	char *path;
	int result;

	if (lesson_open(&lesson, &path, answering->options->lesson, err) < 0)
		return -1;
	answering->session.led = true;
	player_begin(&player, &lesson, able);
	result = answers_play(answering, &player, path, err);
	if (result == 0)
		result = answers_end(answering, err);
	player_free(&player);
	lesson_free(&lesson);
	free(path);
	return result;
}

/* The quiz. */

static int
quiz_answer_of(
    struct answering *answering, const struct question *question, int *choice, struct err *err)
{
	const char *at = answering->said;
	struct err why;

	*choice = -1;
	if (!at || !*at)
		return 0;
	*choice = answers_number(&at, question->choice_count) - 1;
	if (*choice >= 0 && !*at)
		return 0;
	err_set(&why, ERR_USAGE, _("an answer is a number from 1 to %zu, or an empty line to skip"),
	    question->choice_count);
	return answers_fault(answering, why.text, err);
}

static int
quiz_go_on(struct quiz_run *run, struct err *err)
{
	for (quiz_run_go(run); session_busy(run->session); quiz_run_go(run))
		session_wait(run->session);
	if (run->moment != QUIZ_FAILED)
		return 0;
	*err = run->failure;
	return -1;
}

/* One that counts for nothing has no row. */
static void
quiz_row(struct answering *answering, const struct question *question, int choice)
{
	struct buf found = BUF_INIT;

	if (question->right < 0)
		return;
	if (choice < 0)
		buf_addf(&found, _("not answered; right is %d"), question->right + 1);
	else
		buf_addf(
		    &found, _("answered %1$d; right is %2$d"), choice + 1, question->right + 1);
	answers_row(answering, question->text, choice == question->right, buf_text(&found));
	buf_free(&found);
}

static int
answer_questions(struct answering *answering, struct quiz_run *run, struct err *err)
{
	unsigned wanted = answering->options->questions;
	int choice;

	for (unsigned count = 0; !wanted || count < wanted; count++) {
		if (answers_next(answering, err) < 0)
			return -1;
		if (!answering->said && !wanted)
			return 0;
		if (count)
			quiz_run_next(run);
		if (quiz_go_on(run, err) < 0 ||
		    quiz_answer_of(answering, &run->quiz.question, &choice, err) < 0)
			return -1;
		quiz_run_answer(run, choice);
		if (quiz_go_on(run, err) < 0)
			return -1;
		quiz_row(answering, &run->quiz.question, choice);
	}
	return answers_end(answering, err);
}

static int
answer_quiz(struct answering *answering, struct err *err)
{
	struct quiz_run run;
	int result;

	quiz_run_init(&run, &answering->session, answering->options->seed);
	result = answer_questions(answering, &run, err);
	quiz_run_free(&run);
	return result;
}

static int
answers_take(struct answering *answering, const struct lab_config *config, struct err *err)
{
	int result;

	if (answering->script.too_large)
		return err_set(err, ERR_USAGE, _("%1$s is too large: at most %2$zu bytes"),
		    answering->script.path, GRADE_SCRIPT_MOST);
	if (session_open(&answering->session, config, err) < 0)
		return -1;
	answering->session.patience_ms = WORKER_PATIENCE_MS;
	result =
	    answering->options->quiz ? answer_quiz(answering, err) : answer_lesson(answering, err);
	session_close(&answering->session);
	return result;
}

int
grade_answers_run(const struct options *options, const struct lab_config *config)
{
	struct grade grade = {
	    .name = options->quiz ? "quiz" : options->lesson,
	    .student = options->answers,
	};
	struct answering answering = {.options = options, .grade = &grade};
	struct err err;
	int status;

	if (grade_script_open(&answering.script, options->answers, &err) < 0)
		return complain(&err);
	if (answers_take(&answering, config, &err) < 0)
		status = complain(&err);
	else
		status = grade_write(&grade, options);
	grade_script_close(&answering.script);
	grade_free(&grade);
	return status;
}
