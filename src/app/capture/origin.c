#include "config.h"
#include "app/capture/origin.h"
#include "app/lab/follow.h"

#include <stdio.h>

#include "base/i18n.h"
#include "view/lab/report.h"

static void
origin_add_command(struct buf *out, const char *command)
{
	buf_add(out, " -c ");
	provenance_add_word(out, command);
}

static void
add_option(struct buf *out, const char *name, const char *value)
{
	buf_addf(out, " --%s=", name);
	provenance_add_word(out, value);
}

/* The lab in which the steps began. */
static void
add_lab(struct buf *out, const struct session *session, const struct snapshot *first)
{
	buf_addf(out, " --kind=%s --pages=%u --processes=%zu", kind_word(first->kind),
	    first->page_count, first->process_count);
	if (!session->config.path || !kind_has_file(first->kind))
		return;
	add_option(out, "file", session->config.path);
	if (session->config.allow_write)
		buf_add(out, " --allow-write");
}

/* The commands that led from the start of this lab, or of the session, to the current moment or the
 * last. */
static void
origin_add_steps(struct buf *out, const struct session *session, bool whole)
{
	const struct history *history = session->history;
	const struct snapshot *seen = session_seen(session), *first = NULL;
	uint32_t step = 0;

	for (size_t i = 0; i < history_count(history); i++) {
		const struct snapshot *moment = history_at(history, i);

		if (!whole && (moment->lab != seen->lab || moment->step > seen->step))
			continue;
		if (!first)
			add_lab(out, session, first = moment);
		else if (moment->step != step && moment->command)
			origin_add_command(out, moment->command);
		step = moment->step;
	}
}

/* Where the cursor is once those commands are done. */
static struct cursor
cursor_after_steps(const struct session *session, bool whole)
{
	const struct history *history = session->history;
	const struct snapshot *seen = session_seen(session);
	struct cursor cursor = {0, 0};
	uint32_t lab = 0;

	for (size_t i = 0; i < history_count(history); i++) {
		const struct snapshot *moment = history_at(history, i);

		if (session->saved ||
		    (!whole && (moment->lab != seen->lab || moment->step > seen->step)))
			continue;
		if (!cursor.process || moment->lab != lab)
			cursor = (struct cursor){
			    moment->process_count ? moment->processes[0].name : 0, 0};
		lab = moment->lab;
		cursor_follow(&cursor, moment->acts, moment->act_count);
	}
	if (!cursor.process && seen->process_count)
		cursor.process = seen->processes[0].name;
	return cursor;
}

/* Which part of the session is shown. */
static void
add_place(struct buf *out, const struct session *session, bool whole)
{
	struct cursor after = cursor_after_steps(session, whole);
	char command[32];

	if (session->cursor.process &&
	    (session->cursor.page != after.page || session->cursor.process != after.process)) {
		snprintf(command, sizeof(command), "select %c:%u", session->cursor.process,
		    session->cursor.page);
		origin_add_command(out, command);
	}
	if (session->view == SCENE_FRAMES)
		origin_add_command(out, "view frames");
	if (session->view == SCENE_PAGE)
		origin_add_command(out, "view page");
	if (session->view == SCENE_CODE)
		origin_add_command(out, "view code");
}

static void
origin_add_command_line(
    struct buf *out, const struct session *session, const struct capture *capture)
{
	buf_add(out, "cowscope --batch");
	if (session->saved) {
		add_option(out, "open", session->path);
		buf_addf(out, " --goto=%u", session_seen(session)->step);
		add_place(out, session, false);
	} else {
		origin_add_steps(out, session, capture_is_film(capture));
		add_place(out, session, capture_is_film(capture));
	}
	provenance_add_options(&session->appearance, capture, out);
	if (!session->saved && history_thinned(session->history))
		buf_add(out, " # without the steps that the history let go");
}

/* A film is named after its lesson or lab; a picture after its step. */
static void
origin_add_title(struct buf *out, const struct session *session, bool film)
{
	const struct snapshot *seen = session_seen(session);

	if (film && session->topic)
		buf_add(out, session->topic);
	else if (film)
		buf_addf(out,
		    NP_("cowscope: %1$s, %2$u step", "cowscope: %1$s, %2$u steps", session->step),
		    kind_word(seen->kind), session->step);
	else if (seen->command)
		buf_addf(out, _("cowscope: %1$s, step %2$u"), seen->command, seen->step);
	else
		buf_addf(out, _("cowscope: step %u"), seen->step);
}

void
origin_tell(const void *of, struct provenance *provenance, const struct capture *capture,
    const struct canvas *canvas, const struct shots *shots)
{
	const struct session *session = of;
	const struct snapshot *seen = session_seen(session);

	(void)canvas;
	(void)shots;
	origin_add_title(&provenance->title, session, capture_is_film(capture));
	report_step(&provenance->description, seen, &session->events, REPORT_CELLS);
	report_state(&provenance->description, seen);
	origin_add_command_line(&provenance->command_line, session, capture);
	provenance_finish(provenance, seen->machine.release, seen->time_ns);
}
