/*
 * A student's file in a lab. All of it runs in a process of its own, which tells what it found
 * through a pipe: when the time is over it is killed, and its lab ends with it.
 */
#include "config.h"
#include "app/grade/grade_run.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/grade/grade_check.h"
#include "app/grade/grade_script.h"
#include "app/lab/session.h"
#include "base/clock.h"
#include "base/i18n.h"
#include "base/io.h"
#include "base/mem.h"
#include "lang/teach/lesson_may.h"

#define WORKER_PATIENCE_MS 10000 /* for a process of the lab that doesn't answer */

/* What a message is about, besides the index of a command of the check. */
#define ABOUT_STUDENT UINT32_MAX       /* its file was played */
#define ABOUT_FAILURE (UINT32_MAX - 1) /* there is no grade; holds: the kind of the error */

struct grade_message {
	uint32_t about;
	int32_t holds;
	uint32_t length; /* of the text that follows */
};

struct lab_result {
	bool told;
	enum tri holds;
	char *text;
};

struct lab_grading {
	const struct lab_config *config;
	const struct grade_check *check;
	const char *path;            /* of the student's file */
	struct grade_script *script; /* NULL: only the check's commands are played */
	struct lab_result *results;  /* of check->commands, and of the student's file at the end */
	int64_t deadline_ms;
	int pipe;
	struct session session;
};

/* The child. */

static void
lab_tell(const struct lab_grading *grading, uint32_t about, int holds, const char *text)
{
	struct grade_message head = {about, holds, (uint32_t)strlen(text)};

	if (io_write(grading->pipe, &head, sizeof(head)) < 0 ||
	    io_write(grading->pipe, text, head.length) < 0)
		_exit(ERR_MACHINE);
}

static const struct answer *
lab_do(struct lab_grading *grading, const struct command *command)
{
	struct session *session = &grading->session;

	session_pump(session);
	session_start(session, command);
	session_wait(session);
	return &session->answer;
}

/* -1: it can't be set up: nobody is graded. */
static int
lab_set_up(struct lab_grading *grading)
{
	const struct grade_check *check = grading->check;

	for (size_t i = 0; i < check->setup; i++) {
		const struct answer *answer = lab_do(grading, &check->commands[i].command);
		struct err err;

		if (answer->type != ANSWER_ERROR)
			continue;
		err_set(&err, answer->error.kind, "%s:%d: %s", check->path, check->commands[i].line,
		    answer->error.text);
		lab_tell(grading, ABOUT_FAILURE, (int)err.kind, err.text);
		return -1;
	}
	return 0;
}

static void
student_fault(struct buf *fault, int line, const char *text)
{
	if (!fault->length)
		buf_addf(fault, _("line %1$d: %2$s"), line, text);
}

static void
student_line(struct lab_grading *grading, const char *text, struct buf *fault)
{
	int line = grading->script->line;
	struct command command;
	struct err err;
	int found;

	while ((found = command_parse(&command, &text, &err)) != 0) {
		if (found < 0 || student_may(&command, &err) < 0) {
			student_fault(fault, line, err.text);
		} else {
			const struct answer *answer = lab_do(grading, &command);

			if (answer->type == ANSWER_ERROR)
				student_fault(fault, line, answer->error.text);
		}
		if (found > 0)
			command_free(&command);
	}
}

/* What it does wrong is told, and the rest is played. */
static void
lab_play_student(struct lab_grading *grading)
{
	struct grade_script *script = grading->script;
	struct buf fault = BUF_INIT;
	bool whole;
	char *line;

	if (script->too_large)
		buf_addf(&fault, _("the file is too large: at most %zu bytes"), GRADE_SCRIPT_MOST);
	while ((line = grade_script_line(script, &whole)))
		if (whole)
			student_line(grading, line, &fault);
		else
			student_fault(&fault, script->line, _("the line holds a NUL byte"));
	lab_tell(grading, ABOUT_STUDENT, fault.length ? TRI_NO : TRI_YES, buf_text(&fault));
	buf_free(&fault);
}

static void
lab_judge(struct lab_grading *grading)
{
	const struct grade_check *check = grading->check;

	for (size_t i = check->setup; i < check->count; i++) {
		const struct answer *answer = lab_do(grading, &check->commands[i].command);

		if (answer->type == ANSWER_ERROR)
			lab_tell(grading, (uint32_t)i, TRI_NO, answer->error.text);
		else if (answer->type == ANSWER_EXPECT)
			lab_tell(grading, (uint32_t)i, answer->holds, buf_text(&answer->text));
	}
}

static void
lab_play(struct lab_grading *grading)
{
	struct err err;

	if (session_open(&grading->session, grading->config, &err) < 0) {
		lab_tell(grading, ABOUT_FAILURE, (int)err.kind, err.text);
		return;
	}
	grading->session.patience_ms = WORKER_PATIENCE_MS;
	grading->session.led = true;
	if (lab_set_up(grading) == 0) {
		if (grading->script)
			lab_play_student(grading);
		lab_judge(grading);
	}
	session_close(&grading->session);
}

/* The parent. */

/* Whole messages of what came. -1: there is no grade. */
static int
results_take(struct lab_grading *grading, const struct buf *came, struct err *err)
{
	const char *at = buf_text(came), *end = at + came->length;
	size_t count = grading->check->count;
	struct grade_message head;

	while ((size_t)(end - at) >= sizeof(head)) {
		struct lab_result *result;

		memcpy(&head, at, sizeof(head));
		at += sizeof(head);
		if ((size_t)(end - at) < head.length)
			return 0;
		if (head.about == ABOUT_FAILURE)
			return err_set(
			    err, (enum err_kind)head.holds, "%.*s", (int)head.length, at);
		result = &grading->results[head.about == ABOUT_STUDENT ? count : head.about];
		free(result->text);
		*result =
		    (struct lab_result){true, (enum tri)head.holds, mem_string_n(at, head.length)};
		at += head.length;
	}
	return 0;
}

/* Until it ends, or the time is over. */
static void
results_hear(const struct lab_grading *grading, int fd, struct buf *came)
{
	struct pollfd in = {fd, POLLIN, 0};
	char room[4096];

	for (;;) {
		int64_t left = grading->deadline_ms - clock_ms();
		ssize_t got;

		if (left <= 0)
			return;
		if (poll(&in, 1, (int)left) <= 0)
			continue;
		got = read(fd, room, sizeof(room));
		if (got == 0 || (got < 0 && errno != EINTR))
			return;
		if (got > 0)
			buf_add_n(came, room, (size_t)got);
	}
}

static int
lab_child(struct lab_grading *grading, pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		return ERR_MACHINE;
	lab_play(grading);
	return 0;
}

/* One round: the check with the student's file, or without. */
static int
lab_round(struct lab_grading *grading, struct err *err)
{
	struct buf came = BUF_INIT;
	pid_t parent = getpid(), child;
	int ends[2], result;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return err_sys(err, ERR_MACHINE, errno, "pipe");
	child = fork();
	if (child == 0) {
		close(ends[0]);
		grading->pipe = ends[1];
		_exit(lab_child(grading, parent));
	}
	close(ends[1]);
	if (child < 0) {
		close(ends[0]);
		return err_sys(err, ERR_MACHINE, errno, "fork");
	}
	results_hear(grading, ends[0], &came);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	close(ends[0]);
	result = results_take(grading, &came, err);
	buf_free(&came);
	return result;
}

static bool
results_unknown(const struct lab_grading *grading)
{
	for (size_t i = 0; i < grading->check->count; i++)
		if (grading->results[i].told && grading->results[i].holds == TRI_UNKNOWN)
			return true;
	return false;
}

static void
results_free(struct lab_result *results, size_t count)
{
	for (size_t i = 0; i < count; i++)
		free(results[i].text);
	free(results);
}

/* What can't be told without the student either is the machine's fault; all else is theirs. */
static int
results_blame(struct lab_grading *grading, struct err *err)
{
	size_t count = grading->check->count;
	struct lab_grading alone = *grading;
	int result;

	if (!results_unknown(grading))
		return 0;
	alone.script = NULL;
	alone.results = mem_zero(count + 1, sizeof(*alone.results));
	alone.deadline_ms = clock_ms() + (grading->check->count + 1) * (int64_t)WORKER_PATIENCE_MS;
	result = lab_round(&alone, err);
	for (size_t i = 0; i < count; i++)
		if (grading->results[i].holds == TRI_UNKNOWN &&
		    !(alone.results[i].told && alone.results[i].holds == TRI_UNKNOWN))
			grading->results[i].holds = TRI_NO;
	results_free(alone.results, count + 1);
	return result;
}

static void
lab_rows(struct grade *grade, const struct lab_grading *grading)
{
	const struct grade_check *check = grading->check;
	const struct lab_result *played = &grading->results[check->count];
	const char *over = _("it was not reached before the time was over");

	grade_add(grade,
	    &(struct grade_row){
		.file = grading->path,
		.what = _("it holds only commands that can be done"),
		.holds = played->told ? played->holds : TRI_NO,
		.found = played->told ? played->text : over,
	    });
	for (size_t i = check->setup; i < check->count; i++) {
		const struct grade_command *command = &check->commands[i];
		const struct lab_result *result = &grading->results[i];

		if (!result->told && !grade_check_expects(command))
			continue;
		grade_add(grade,
		    &(struct grade_row){
			.file = check->path,
			.line = command->line,
			.what = command->command.source,
			.holds = result->told ? result->holds : TRI_NO,
			.found = result->told ? result->text : over,
		    });
	}
}

static int
lab_grade(struct grade *grade, struct lab_grading *grading, struct err *err)
{
	size_t count = grading->check->count;
	int result;

	grading->results = mem_zero(count + 1, sizeof(*grading->results));
	result = lab_round(grading, err);
	if (result == 0)
		result = results_blame(grading, err);
	if (result == 0)
		lab_rows(grade, grading);
	results_free(grading->results, count + 1);
	return result;
}

int
grade_lab(struct grade *grade, const struct options *options, const struct lab_config *config,
    struct err *err)
{
	struct grade_check check;
	struct grade_script script;
	struct lab_grading grading = {
	    .config = config,
	    .check = &check,
	    .path = options->student,
	    .script = &script,
	    .deadline_ms = clock_ms() + 1000 * (int64_t)grade_time_limit(options),
	};
	int result;

	if (grade_check_open(&check, options->grade, err) < 0)
		return -1;
	result = grade_script_open(&script, options->student, err);
	if (result == 0) {
		result = lab_grade(grade, &grading, err);
		grade_script_close(&script);
	}
	grade_check_close(&check);
	return result;
}
