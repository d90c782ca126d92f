#include "config.h"
#include "app/batch.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/capture.h"
#include "app/complain.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "out/json.h"
#include "out/text.h"
#include "view/report.h"

struct batch {
	struct session *session;
	enum format format;
	FILE *out;
	bool at_end; /* no replies, but a picture when the commands are done */
	int status;
	bool lost; /* the step of --goto is not there: no picture of another */
	bool over; /* quit, or nobody reads the answers */
};

static void
worse(struct batch *batch, int status)
{
	if (status > batch->status)
		batch->status = status;
}

static void
print(struct batch *batch, struct buf *reply)
{
	if (reply->length && (fwrite(reply->data, 1, reply->length, batch->out) != reply->length || fflush(batch->out) != 0)) {
		batch->over = true;
		worse(batch, ERR_USAGE);
	}
	buf_free(reply);
}

static void
reply_error(struct batch *batch, const char *command, const struct err *err)
{
	struct buf reply = BUF_INIT;

	worse(batch, err->kind == ERR_NONE ? ERR_USAGE : (int)err->kind);
	if (batch->at_end) {
		complain(err);
	} else if (batch->format == FORMAT_JSON) {
		json_error(&reply, command, err->text);
	} else {
		buf_addf(&reply, _("error: %s\n"), err->text);
		clean_lines(&reply);
	}
	print(batch, &reply);
}

static const char *
text_type(enum verb verb)
{
	return verb == VERB_HELP ? "help" : verb == VERB_EXPLAIN ? "explain" : verb == VERB_GLOSSARY ? "glossary"
	    : verb == VERB_REPLAY ? "replay" : verb == VERB_RECORD ? "record" : "capture";
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

static void
reply_text(struct batch *batch, struct buf *reply)
{
	const struct session *session = batch->session;
	const struct answer *answer = &session->answer;

	if (answer->type == ANSWER_STEP)
		report_step(reply, session_seen(session), &session->events);
	else if (answer->type == ANSWER_EXPECT && answer->holds)
		buf_addf(reply, _("true: %s"), answer->command);
	else if (answer->type == ANSWER_EXPECT)
		buf_addf(reply, _("false: %1$s: %2$s"), answer->command, buf_text(&answer->text));
	else if (answer->type == ANSWER_SCREEN)
		buf_addf(reply, "%s", answer->command);
	if (answer->type != ANSWER_EXPECT)
		buf_add(reply, buf_text(&answer->text));
	if (reply->length && reply->data[reply->length - 1] != '\n')
		buf_add_char(reply, '\n');
	clean_lines(reply);
}

static bool
needs_terminal(const struct answer *answer)
{
	if (command_defs[answer->verb].group == GROUP_LESSON)
		return true;
	return answer->verb == VERB_PROMPT || answer->verb == VERB_REDRAW || answer->verb == VERB_MOUSE;
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
	if (answer->type == ANSWER_EXPECT && !answer->holds)
		worse(batch, ERR_EXPECT);
	if (answer->type == ANSWER_QUIT)
		batch->over = true;
	else if (batch->at_end)
		return;
	else if (batch->format == FORMAT_JSON)
		reply_json(batch, &text);
	else
		reply_text(batch, &text);
	print(batch, &text);
}

static void
run_command(struct batch *batch, const struct command *command)
{
	struct session *session = batch->session;

	session_pump(session);
	session_start(session, command);
	session_wait(session);
	reply(batch);
}

static void
run_line(struct batch *batch, const char *line)
{
	struct command command;
	struct err err;

	while (!batch->over) {
		const char *start = line;
		int found = command_parse(&command, &line, &err);
		char *source;

		if (found == 0)
			break;
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
run_stream(struct batch *batch, FILE *in)
{
	char *line = NULL;
	size_t room = 0;
	ssize_t length;

	while (!batch->over && (length = getline(&line, &room, in)) >= 0) {
		if (length && line[length - 1] == '\n')
			line[--length] = '\0';
		if (strlen(line) != (size_t)length)
			reply_nul(batch, line);
		else
			run_line(batch, line);
	}
	free(line);
}

static int
open_streams(struct batch *batch, const struct options *options, FILE **in, struct err *err)
{
	*in = options->script ? fopen(options->script, "re") : options->command_count ? NULL : stdin;
	if (options->script && !*in)
		return err_sys(err, ERR_USAGE, errno, "%s", options->script);
	batch->out = options->output && !batch->at_end ? fopen(options->output, "we") : stdout;
	if (!batch->out)
		return err_sys(err, ERR_USAGE, errno, "%s", options->output);
	return 0;
}

/* Also behind quit. */
static void
go_to(struct batch *batch, uint32_t step)
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

/* The picture, or the history, to standard output or the file of -o. */
static void
print_picture(struct batch *batch, const struct options *options)
{
	const struct capture capture = {
	    .format = options->format,
	    .scope = options->history ? SCOPE_HISTORY : SCOPE_SCREEN,
	    .path = options->output,
	};
	struct buf data = BUF_INIT;
	struct err err;

	if (capture_make(batch->session, &capture, &data, &err) < 0)
		reply_error(batch, NULL, &err);
	else if (!options->output)
		print(batch, &data);
	else if (save_over(options->output, data.data, data.length, &err) < 0)
		reply_error(batch, NULL, &err);
	buf_free(&data);
}

int
batch_run(struct session *session, const struct options *options)
{
	struct batch batch = {
	    .session = session,
	    .format = options->format,
	    .at_end = (options->format != FORMAT_TEXT && options->format != FORMAT_JSON) || options->history,
	};
	struct err err;
	FILE *in = NULL;

	session->patience_ms = BATCH_PATIENCE_MS;
	if (open_streams(&batch, options, &in, &err) < 0) {
		complain(&err);
		return ERR_USAGE;
	}
	for (size_t i = 0; i < options->command_count; i++)
		run_line(&batch, options->commands[i]);
	if (in)
		run_stream(&batch, in);
	if (in && in != stdin)
		fclose(in);
	if (options->has_step && !options->open)
		go_to(&batch, options->step);
	if (batch.at_end && !batch.lost)
		print_picture(&batch, options);
	if (batch.out != stdout && fclose(batch.out) != 0)
		worse(&batch, ERR_USAGE);
	return batch.status;
}
