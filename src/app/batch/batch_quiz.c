#include "config.h"
#include "app/batch/batch_quiz.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/batch/batch.h"
#include "app/batch/complain.h"
#include "app/batch/output.h"
#include "app/teach/quiz_run.h"
#include "base/i18n.h"
#include "base/io.h"
#include "out/json/json.h"
#include "out/teach/json_quiz.h"
#include "view/lab/report.h"

#define INDENT "    "

struct quiz_batch {
	struct quiz_run run;
	bool json, over, at_end; /* at_end: of the answers */
	struct output out;
	struct io_lines in;
	int status; /* why it is over */
	unsigned told;
};

static void
quiz_batch_print(struct quiz_batch *batch, struct buf *text)
{
	batch->status = output_write(&batch->out, text);
	batch->over = batch->over || batch->status;
	buf_free(text);
}

static struct quiz_line
quiz_batch_line_of(const struct quiz_batch *batch)
{
	return (struct quiz_line){
	    .quiz = &batch->run.quiz,
	    .seed = batch->run.seed,
	    .before = batch->run.before,
	    .now = batch->run.session->now,
	    .chosen = batch->run.chosen,
	    .setup = buf_text(&batch->run.setup),
	    .command = buf_text(&batch->run.commands),
	    .reason = buf_text(&batch->run.reason),
	};
}

static void
add_lines(struct buf *out, const char *text)
{
	while (*text) {
		size_t length = strcspn(text, "\n");
		struct buf line = BUF_INIT;

		buf_add_n(&line, text, length);
		report_paragraph(out, buf_text(&line), INDENT);
		buf_free(&line);
		text += length + (text[length] == '\n');
	}
}

static void
quiz_batch_tell_question(struct quiz_batch *batch)
{
	const struct question *question = &batch->run.quiz.question;
	struct buf text = BUF_INIT;

	if (batch->json) {
		struct quiz_line line = quiz_batch_line_of(batch);

		json_question(&text, &line);
		quiz_batch_print(batch, &text);
		return;
	}
	if (batch->told++ == 0)
		buf_addf(&text, _("cowscope quiz --seed=%llu asks the same again.\n"),
		    (unsigned long long)batch->run.seed);
	buf_addf(&text, _("\nQuestion %u\n"), batch->told);
	if (question->situation)
		add_lines(&text, question->situation);
	add_lines(&text, question->text);
	for (size_t i = 0; i < question->choice_count; i++)
		buf_addf(&text, "  %zu  %s\n", i + 1, question->choices[i]);
	quiz_batch_print(batch, &text);
}

static void
add_verdict(struct buf *out, const struct quiz_run *run)
{
	int right = run->quiz.question.right;
	const char *answer = right < 0 ? "" : run->quiz.question.choices[right];

	if (right < 0)
		buf_addf(out, "%s\n", question_uncounted(&run->quiz.question));
	else if (run->chosen < 0)
		buf_addf(out, _("Answer %1$d is right: %2$s\n"), right + 1, answer);
	else if (run->chosen == right)
		buf_addf(out, _("Right, answer %1$d: %2$s\n"), right + 1, answer);
	else
		buf_addf(out, _("No, answer %1$d is right: %2$s\n"), right + 1, answer);
	if (run->chosen >= 0 && run->chosen != right && run->quiz.question.mistakes[run->chosen])
		report_paragraph(out, run->quiz.question.mistakes[run->chosen], INDENT);
}

static void
tell_verdict(struct quiz_batch *batch)
{
	const struct quiz_run *run = &batch->run;
	struct buf text = BUF_INIT;

	if (batch->json) {
		struct quiz_line line = quiz_batch_line_of(batch);

		json_judged(&text, &line);
	} else {
		add_verdict(&text, run);
		buf_addf(&text, "%s%s\n", INDENT, buf_text(&run->commands));
		report_paragraph(&text, buf_text(&run->reason), INDENT);
		if (run->quiz.answered)
			buf_addf(&text, _("Score: %1$u of %2$u.\n"), run->quiz.score,
			    run->quiz.answered);
	}
	quiz_batch_print(batch, &text);
}

static void
complain_of_answer(struct quiz_batch *batch, const char *line)
{
	struct buf text = BUF_INIT;
	struct err err;

	err_set(&err, ERR_USAGE, _("an answer is a number from 1 to %zu, or an empty line to skip"),
	    batch->run.quiz.question.choice_count);
	if (batch->json)
		json_error(&text, line, err.text);
	else
		buf_addf(&text, _("error: %s\n"), err.text);
	quiz_batch_print(batch, &text);
}

/* The next line of standard input, borrowed; NULL: there are no more. */
static const char *
read_wish(struct quiz_batch *batch)
{
	char *line = NULL;
	size_t length;
	struct err err;
	int found = batch->at_end || batch->over ? 0 : io_line(&batch->in, &line, &length);

	if (found < 0) {
		err_sys(&err, ERR_USAGE, errno, _("cannot read %s"), _("standard input"));
		batch->status = complain(&err);
		batch->over = true;
	}
	batch->at_end = found <= 0;
	return found > 0 ? line : NULL;
}

/* The index of the choice; -1: skipped. */
static int
read_answer(struct quiz_batch *batch)
{
	const char *line;
	char *end;
	long number = 0;

	while ((line = read_wish(batch))) {
		number = strtol(line, &end, 10);
		if (*end == '\0' && number >= 0 &&
		    (size_t)number <= batch->run.quiz.question.choice_count &&
		    (number > 0 || end == line))
			break;
		complain_of_answer(batch, line);
		number = 0;
	}
	return (int)number - 1;
}

/* In JSON each line read has one reply, so that the other side can look at the lab at leisure: it
 * asks for the next question. */
static void
await_wish(struct quiz_batch *batch)
{
	if (batch->json)
		read_wish(batch);
}

static void
carry_on(struct quiz_batch *batch)
{
	struct quiz_run *run = &batch->run;

	for (quiz_run_go(run); session_busy(run->session); quiz_run_go(run))
		session_wait(run->session);
}

static int
run_questions(struct quiz_batch *batch, unsigned wanted)
{
	struct quiz_run *run = &batch->run;

	for (unsigned count = 0; !batch->over && (!wanted || count < wanted); count++) {
		int choice;

		await_wish(batch);
		if (batch->over || (batch->at_end && !wanted))
			break;
		if (count)
			quiz_run_next(run);
		carry_on(batch);
		if (run->moment == QUIZ_FAILED)
			return complain(&run->failure);
		quiz_batch_tell_question(batch);
		choice = read_answer(batch);
		if (batch->over || (batch->at_end && !wanted))
			break;
		quiz_run_answer(run, choice);
		carry_on(batch);
		if (run->moment == QUIZ_FAILED)
			return complain(&run->failure);
		tell_verdict(batch);
	}
	return batch->status;
}

int
quiz_batch_run(struct session *session, const struct options *options)
{
	struct quiz_batch batch = {
	    .json = options->format == FORMAT_JSON,
	    .in = {.fd = STDIN_FILENO},
	};
	struct err err;
	int status, closed;

	session->patience_ms = BATCH_PATIENCE_MS;
	if (output_open(&batch.out, options->output, &err) < 0)
		return complain(&err);
	quiz_run_init(&batch.run, session, options->seed);
	status = run_questions(&batch, options->questions);
	quiz_run_free(&batch.run);
	io_lines_free(&batch.in);
	closed = output_close(&batch.out);
	return closed ? closed : status;
}
