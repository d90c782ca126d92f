#include "config.h"
#include "app/batch/batch_page.h"

#include <stdlib.h>

#include "app/capture/capture.h"
#include "base/i18n.h"
#include "out/teach/lesson_page.h"

#define COARSE_MIB 256

bool
lesson_page_wanted(const struct options *options)
{
	return options->format == FORMAT_HTML && !options->has_step;
}

static long
lesson_page_coarse(int64_t kib)
{
	int64_t step = (int64_t)COARSE_MIB << 10, half = kib < 0 ? -step / 2 : step / 2;

	return (long)((kib + half) / step * COARSE_MIB);
}

static bool
lesson_page_repeats(void)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");

	return epoch && *epoch;
}

/* What the rest of the machine leaves alone, so that the page is the same each time. */
static void
lesson_page_weighed(struct buf *out, const struct memory_change *change)
{
	buf_addf(out, _("About %1$ld MiB more in buff/cache, %2$ld MiB more in shared."),
	    lesson_page_coarse(change->cache), lesson_page_coarse(change->shared));
}

static enum played_type
lesson_page_type(const struct answer *answer)
{
	if (answer->type == ANSWER_STEP)
		return PLAYED_STEP;
	if (answer->type == ANSWER_EXPECT)
		return answer->holds == TRI_UNKNOWN ? PLAYED_UNCHECKED : PLAYED_TRUE;
	return PLAYED_SAID;
}

void
lesson_page_record(struct batch *batch)
{
	const struct session *session = batch->session;
	const struct answer *answer = &session->answer;
	struct played_command command = {
	    .type = lesson_page_type(answer),
	    .command = answer->command,
	};
	struct buf text = BUF_INIT;

	if (answer->verb == VERB_WEIGH && lesson_page_repeats())
		lesson_page_weighed(&text, &session->change);
	else if (command.type != PLAYED_TRUE)
		buf_add(&text, buf_text(&answer->text));
	if (command.type == PLAYED_STEP) {
		command.before = session_seen_before(session);
		command.now = session_seen(session);
	} else {
		played_renew(batch->played, batch->player->part, session_seen(session));
	}
	played_add(batch->played, batch->player->part, &command, buf_text(&text));
	buf_free(&text);
}

void
lesson_page_leave_out(struct batch *batch, const char *needs)
{
	played_leave_out(
	    batch->played, batch->player->part, needs, buf_text(&batch->player->lacks));
}

static void
lesson_page_add_command_line(struct buf *out, const struct options *options)
{
	buf_add(out, "cowscope");
	for (size_t i = 0; i < options->command_count; i++) {
		buf_add(out, " -c ");
		provenance_add_word(out, options->commands[i]);
	}
	if (!options->output)
		buf_add(out, " --batch");
	buf_add_char(out, ' ');
	provenance_add_word(out, options->script ? options->script : options->lesson);
	if (!options->output)
		buf_add(out, " --format=html");
	else
		buf_add(out, " -o ");
	if (options->output)
		provenance_add_word(out, options->output);
}

void
lesson_page_make(struct buf *out, const struct batch *batch, const struct options *options)
{
	const struct snapshot *seen = session_seen(batch->session);
	struct provenance provenance = {.title = BUF_INIT};

	buf_add(&provenance.title, batch->played->lesson->title);
	buf_add(&provenance.description, batch->played->lesson->summary);
	lesson_page_add_command_line(&provenance.command_line, options);
	provenance_finish(&provenance, seen->machine.release, seen->time_ns);
	lesson_page(out, batch->played, &provenance.origin);
	provenance_free(&provenance);
}
