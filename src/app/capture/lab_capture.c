#include "config.h"
#include "app/capture/lab_capture.h"

#include <stdlib.h>

#include "app/capture/origin.h"
#include "app/capture/record.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "out/json/json.h"
#include "out/picture/notes.h"
#include "view/lab/report.h"

static struct canvas *
lab_picture(const void *of)
{
	const struct session *session = of;
	const struct appearance *appearance = &session->appearance;
	struct canvas *canvas =
	    canvas_new(appearance->columns, appearance->rows, appearance->ascii);
	struct scene scene = session_scene(session);

	scene_draw(canvas, &scene);
	return canvas;
}

static void
take_shot(struct shot *shot, const struct session *session, size_t index)
{
	const struct snapshot *now = history_at(session->history, index),
			      *before = history_before(session->history, index);
	const struct appearance *appearance = &session->appearance;
	struct canvas *canvas =
	    canvas_new(appearance->columns, appearance->rows, appearance->ascii);
	struct scene scene = session_scene(session);
	struct buf text = BUF_INIT, state = BUF_INIT;
	struct events events;

	events_between(&events, before, now);
	events_paragraph(&text, &events, now);
	report_state(&state, now);
	scene.now = now;
	scene.before = before;
	scene.events = &events;
	scene.recorded = false;
	scene.guide = NULL; /* it belongs to one step only */
	scene.still = true;
	scene_draw(canvas, &scene);
	*shot = (struct shot){
	    .canvas = canvas,
	    .step = now->step,
	    .command = now->command ? now->command : "",
	    .text = buf_take(&text),
	    .state = buf_take(&state),
	    .time_ns = now->time_ns,
	};
	events_free(&events);
}

/* The last moment of every step. */
static void
lab_shoot(const void *of, struct shots *shots)
{
	const struct session *session = of;
	const struct history *history = session->history;
	size_t moments = history_count(history);

	*shots = (struct shots){.list = mem_zero(moments, sizeof(*shots->list))};
	for (size_t i = 0; i < moments; i++)
		if (i + 1 == moments ||
		    history_at(history, i + 1)->step != history_at(history, i)->step)
			take_shot(&shots->list[shots->count++], session, i);
}

/* One line per moment. */
static void
lab_data(const void *of, enum scope scope, struct buf *out)
{
	const struct session *session = of;
	const struct history *history = session->history;

	if (scope == SCOPE_SCREEN) {
		json_snapshot(
		    out, session_seen(session), &session->events, session_seen(session)->command);
		return;
	}
	for (size_t i = 0; i < history_count(history); i++) {
		struct events events;

		events_between(&events, history_before(history, i), history_at(history, i));
		json_snapshot(
		    out, history_at(history, i), &events, history_at(history, i)->command);
		events_free(&events);
	}
}

static int
lab_program(const void *of, const struct capture *capture, struct buf *out, struct err *err)
{
	return record_program(out, of, capture->path ? capture->path : "x.c", err);
}

struct original
lab_original(struct session *session)
{
	return (struct original){
	    .of = session,
	    .appearance = &session->appearance,
	    .usual_name = "cowscope",
	    .one_moment = N_("a .%s holds one step; html, cast and json hold the history"),
	    .draw = lab_picture,
	    .shoot = lab_shoot,
	    .tell = origin_tell,
	    .program = lab_program,
	    .data = lab_data,
	};
}

/* The capture's entry in the notebook: the picture's link, and the screen as text. */
static int
note_capture(const struct original *original, const struct capture *capture, struct err *err)
{
	const struct session *session = original->of;
	struct buf text = BUF_INIT, explanation = BUF_INIT;
	struct provenance provenance = {.title = BUF_INIT};
	int result =
	    capture_make(original, &(struct capture){.format = FORMAT_TEXT}, &text, NULL, err);

	if (result == 0) {
		events_paragraph(&explanation, &session->events, session_seen(session));
		origin_tell(session, &provenance, capture, NULL, NULL);
		result = notes_append(session->notes,
		    &(struct note){
			.heading = provenance.origin.title,
			.explanation = buf_text(&explanation),
			.picture = capture->path,
			.text = buf_text(&text),
			.command_line = provenance.origin.command_line,
		    },
		    err);
		provenance_free(&provenance);
	}
	buf_free(&text);
	buf_free(&explanation);
	return result;
}

static int
lab_capture_save(struct session *session, char **written, struct err *err)
{
	struct original original = lab_original(session);
	struct capture capture = {
	    .scope = (enum scope)session->answer.choice,
	    .path = session->answer.path,
	    .pace_ms = session->answer.pace_ms,
	};

	if (capture_save(&original, &capture, written, NULL, err) < 0)
		return -1;
	capture.format = session->appearance.format;
	capture.path = *written;
	if (!session->notes || note_capture(&original, &capture, err) == 0)
		return 0;
	free(*written);
	return -1;
}

void
lab_save(struct session *session)
{
	struct answer *answer = &session->answer;
	char *written;
	struct err err;
	int result;

	if (answer->type != ANSWER_SAVE)
		return;
	result = answer->verb == VERB_RECORD ? record_save(session, answer->path, &written, &err)
					     : lab_capture_save(session, &written, &err);
	if (result < 0)
		answer_fail(answer, &err);
	else
		answer_saved(answer, written);
}
