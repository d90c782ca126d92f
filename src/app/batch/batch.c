#include "config.h"
#include "app/batch/batch.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/batch/batch_page.h"
#include "app/batch/complain.h"
#include "app/capture/lab_capture.h"
#include "app/teach/lessons.h"
#include "base/i18n.h"
#include "base/io.h"
#include "base/mem.h"
#include "out/json/json.h"
#include "out/save.h"
#include "view/lab/report.h"

static void
worse(struct batch *batch, int status)
{
	if (status > batch->status)
		batch->status = status;
}

void
batch_print(struct batch *batch, struct buf *reply)
{
	int status = output_write(&batch->out, reply);

	if (status) {
		worse(batch, status);
		batch->over = true;
	}
	buf_free(reply);
}

static void
fail_lesson(struct batch *batch, const char *why)
{
	buf_clear(&batch->failure);
	buf_add(&batch->failure, why);
}

static void
reply_error(struct batch *batch, const char *command, const struct err *err)
{
	struct buf reply = BUF_INIT;

	worse(batch, err->kind == ERR_NONE ? ERR_USAGE : (int)err->kind);
	if (batch->player)
		fail_lesson(batch, err->text);
	if (batch->at_end) {
		if (!batch->player)
			complain(err);
	} else if (batch->format == FORMAT_JSON) {
		json_error(&reply, command, err->text);
	} else {
		buf_addf(&reply, _("error: %s\n"), err->text);
		clean_lines(&reply);
	}
	batch_print(batch, &reply);
}

static const char *
text_type(enum verb verb)
{
	return verb == VERB_HELP    ? "help"
	    : verb == VERB_EXPLAIN  ? "explain"
	    : verb == VERB_GLOSSARY ? "glossary"
	    : verb == VERB_REPLAY   ? "replay"
	    : verb == VERB_RECORD   ? "record"
				    : "capture";
}

static void
reply_json(struct batch *batch, struct buf *reply)
{
	const struct session *session = batch->session;
	const struct answer *answer = &session->answer;

	switch (answer->type) {
	case ANSWER_EXPECT:
		json_expect(reply, answer->command, answer->holds, buf_text(&answer->text));
		break;
	case ANSWER_TEXT:
		if (answer->verb == VERB_WEIGH) {
			const struct memory_change *is = &session->change;

			json_weigh(reply, answer->command,
			    &(struct weight){is->used, is->cache, is->shared, is->available,
				is->dirty, is->anon},
			    buf_text(&answer->text));
			break;
		}
		json_text(reply, text_type(answer->verb), answer->command, buf_text(&answer->text));
		break;
	case ANSWER_STATE:
		if (answer->verb == VERB_SHOW && answer->choice == WHAT_SCREEN) {
			json_text(reply, "screen", answer->command, buf_text(&answer->text));
			break;
		}
		__attribute__((fallthrough));
	default:
		json_snapshot(reply, session_seen(session), &session->events, answer->command);
		break;
	}
}

/* A lesson is as wide as the screen. */
static size_t
report_cells(const struct batch *batch)
{
	return batch->player ? (size_t)batch->session->appearance.columns : REPORT_CELLS;
}

static void
reply_text(struct batch *batch, struct buf *reply)
{
	const struct session *session = batch->session;
	const struct answer *answer = &session->answer;

	if (answer->type == ANSWER_STEP)
		report_step(reply, session_seen(session), &session->events, report_cells(batch));
	else if (answer->type == ANSWER_EXPECT && answer->holds == TRI_YES)
		buf_addf(reply, _("true: %s"), answer->command);
	else if (answer->type == ANSWER_EXPECT && answer->holds == TRI_NO)
		buf_addf(reply, _("false: %1$s: %2$s"), answer->command, buf_text(&answer->text));
	else if (answer->type == ANSWER_EXPECT)
		buf_addf(
		    reply, _("not checked: %1$s: %2$s"), answer->command, buf_text(&answer->text));
	else if (answer->type == ANSWER_SCREEN)
		buf_addf(reply, "%s", answer->command);
	if (answer->type != ANSWER_EXPECT)
		buf_add(reply, buf_text(&answer->text));
	if (reply->length && reply->data[reply->length - 1] != '\n')
		buf_add_char(reply, '\n');
	clean_lines(reply);
	if (batch->player)
		batch_fit(batch, reply);
}

static bool
needs_terminal(const struct answer *answer)
{
	if (command_defs[answer->verb].group == GROUP_LESSON)
		return true;
	return answer->verb == VERB_PROMPT || answer->verb == VERB_REDRAW ||
	    answer->verb == VERB_MOUSE;
}

static void
reply(struct batch *batch)
{
	const struct answer *answer = &batch->session->answer;
	struct buf text = BUF_INIT;
	struct err err;

	if (answer->type == ANSWER_ERROR) {
		reply_error(batch, answer->command, &answer->error);
		return;
	}
	if (answer->type == ANSWER_SCREEN && needs_terminal(answer)) {
		err_set(&err, ERR_USAGE, _("%s needs a terminal"), answer->command);
		reply_error(batch, answer->command, &err);
		return;
	}
	batch->untold |=
	    answer->type == ANSWER_EXPECT && answer->holds == TRI_UNKNOWN && !batch->player;
	if (answer->type == ANSWER_EXPECT && answer->holds == TRI_NO) {
		worse(batch, ERR_EXPECT);
		if (batch->player)
			fail_lesson(batch, buf_text(&answer->text));
	}
	if (batch->played && batch->player)
		lesson_page_record(batch);
	if (answer->type == ANSWER_STEP && batch->player)
		player_saw(batch->player, session_seen(batch->session), &batch->session->events);
	if (answer->type == ANSWER_QUIT)
		batch->over = true;
	else if (batch->at_end)
		return;
	else if (batch->format == FORMAT_JSON)
		reply_json(batch, &text);
	else
		reply_text(batch, &text);
	batch_print(batch, &text);
}

static void
run_command(struct batch *batch, const struct command *command)
{
	struct session *session = batch->session;

	session_pump(session);
	session_start(session, command);
	session_wait(session);
	lab_save(session);
	reply(batch);
}

void
batch_line(struct batch *batch, const char *line)
{
	struct command command;
	struct err err;

	while (!batch->over && !batch->failure.length) {
		const char *start = line;
		int found = command_parse(&command, &line, &err);
		char *source;

		if (found == 0)
			break;
		batch->told = true;
		if (found < 0) {
			source = mem_string_n(start, (size_t)(line - start));
			reply_error(batch, source, &err);
			free(source);
			continue;
		}
		run_command(batch, &command);
		command_free(&command);
	}
}

static void
reply_nul(struct batch *batch, const char *line)
{
	struct err err;

	err_set(&err, ERR_USAGE, _("the line holds a NUL byte; \\x00 between quotes writes one"));
	reply_error(batch, line, &err);
}

static void
run_stream(struct batch *batch, int in, const char *name)
{
	struct io_lines lines = {.fd = in};
	struct err err;
	char *line;
	size_t length;
	int found = 1;

	while (!batch->over && (found = io_line(&lines, &line, &length)) > 0)
		if (strlen(line) != length)
			reply_nul(batch, line);
		else
			batch_line(batch, line);
	if (found < 0) {
		err_sys(
		    &err, ERR_USAGE, errno, _("cannot read %s"), name ? name : _("standard input"));
		worse(batch, complain(&err));
	}
	io_lines_free(&lines);
}

/* A name means a script if there is such a file, else a lesson; a name in .md means a lesson. */
static bool
is_lesson(const char *word)
{
	size_t length = strlen(word);
	struct stat status;

	if (length > 3 && strcmp(word + length - 3, ".md") == 0)
		return true;
	return !strchr(word, '/') && (stat(word, &status) < 0 || S_ISDIR(status.st_mode));
}

/* What is played after the commands of -c. */
struct source {
	int in;     /* of the script; -1: none */
	char *path; /* of the lesson; NULL: none */
	struct lesson lesson;
};

static void
close_source(struct source *source)
{
	if (source->in > STDERR_FILENO)
		close(source->in);
	if (source->path)
		lesson_free(&source->lesson);
	free(source->path);
}

/* A saved session can be shown without a command, so a person at a terminal isn't waited for. */
static int
standard_input(const struct options *options)
{
	return options->command_count || (options->open && isatty(STDIN_FILENO)) ? -1
										 : STDIN_FILENO;
}

static void
say_what_is_read(int in)
{
	struct buf text = BUF_INIT;

	if (in != STDIN_FILENO || !isatty(STDIN_FILENO))
		return;
	buf_add(
	    &text, _("cowscope: reads commands from the terminal, one a line; Ctrl-D ends them\n"));
	say_aside(&text);
	buf_free(&text);
}

static int
open_source(struct source *source, const struct options *options, struct err *err)
{
	if (options->lesson)
		return lesson_open(&source->lesson, &source->path, options->lesson, err);
	if (!options->script)
		source->in = standard_input(options);
	else if (is_lesson(options->script))
		return lesson_open(&source->lesson, &source->path, options->script, err);
	else if ((source->in = open(options->script, O_RDONLY | O_CLOEXEC)) < 0)
		return err_sys(err, ERR_USAGE, errno, _("cannot read %s"), options->script);
	return 0;
}

static int
batch_open_output(struct batch *batch, const struct options *options, struct err *err)
{
	return output_open(&batch->out, batch->at_end ? NULL : options->output, err);
}

/* Also after quit. */
static void
batch_go_to(struct batch *batch, uint32_t step)
{
	char line[32];
	struct command command;
	struct err err;
	const char *rest = line;

	snprintf(line, sizeof(line), "goto %u", step);
	if (command_parse(&command, &rest, &err) != 1)
		return;
	run_command(batch, &command);
	command_free(&command);
	batch->lost = batch->session->answer.type == ANSWER_ERROR;
}

/* To standard output or the file of -o. */
static void
batch_save(struct batch *batch, const struct options *options, struct buf *data)
{
	struct err err;

	if (!options->output)
		batch_print(batch, data);
	else if (save_over(options->output, data->data, data->length, &err) < 0)
		reply_error(batch, NULL, &err);
	buf_free(data);
}

/* The picture, or the history. */
static void
print_picture(struct batch *batch, const struct options *options)
{
	const struct capture capture = {
	    .format = options->format,
	    .scope = options->history ? SCOPE_HISTORY : SCOPE_SCREEN,
	    .path = options->output,
	};
	struct original original = lab_original(batch->session);
	struct buf data = BUF_INIT;
	struct err err;

	if (capture_make(&original, &capture, &data, NULL, &err) < 0)
		reply_error(batch, NULL, &err);
	else
		batch_save(batch, options, &data);
	buf_free(&data);
}

/* A lesson that failed has no page. */
static void
play_page(struct batch *batch, const struct options *options, const struct source *source)
{
	struct buf data = BUF_INIT;
	struct played played;

	played_begin(&played, &source->lesson);
	batch->played = &played;
	batch->paged = true;
	batch_lesson(batch, &source->lesson, source->path);
	if (!batch->status) {
		lesson_page_make(&data, batch, options);
		batch_save(batch, options, &data);
	}
	batch->played = NULL;
	played_free(&played);
}

int
batch_run(struct session *session, const struct options *options)
{
	struct batch batch = {
	    .session = session,
	    .format = options->format,
	    .at_end = (options->format != FORMAT_TEXT && options->format != FORMAT_JSON) ||
		options->history,
	};
	struct err err;
	struct source source = {.in = -1};

	session->patience_ms = BATCH_PATIENCE_MS;
	session->follows = true;
	if (open_source(&source, options, &err) < 0 ||
	    batch_open_output(&batch, options, &err) < 0) {
		close_source(&source);
		complain(&err);
		return ERR_USAGE;
	}
	for (size_t i = 0; i < options->command_count; i++)
		batch_line(&batch, options->commands[i]);
	say_what_is_read(source.in);
	if (source.in >= 0)
		run_stream(&batch, source.in, options->script);
	else if (source.path && lesson_page_wanted(options))
		play_page(&batch, options, &source);
	else if (source.path)
		batch_lesson(&batch, &source.lesson, source.path);
	close_source(&source);
	if (options->open && !batch.told)
		batch_line(&batch, "show");
	if (options->has_step && !options->open)
		batch_go_to(&batch, options->step);
	if (batch.at_end && !batch.lost && !batch.paged)
		print_picture(&batch, options);
	worse(&batch, output_close(&batch.out));
	return batch.status ? batch.status : batch.untold ? ERR_MACHINE : 0;
}
