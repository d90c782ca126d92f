#include "config.h"
#include "app/capture.h"
#include "app/origin.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "out/formats.h"
#include "out/json.h"
#include "out/notes.h"
#include "out/text.h"
#include "view/report.h"

#define USUAL_NAME "cowscope"
#define DEFAULT_SCALE 2

static const struct theme *
capture_theme(const struct session *session)
{
	return session->appearance.theme ? session->appearance.theme : theme_find("print");
}

static int
make_picture(const struct session *session, const struct capture *capture, struct buf *out, struct err *err)
{
	struct canvas *canvas = canvas_new(session->appearance.columns, session->appearance.rows, session->appearance.ascii);
	struct scene scene = session_scene(session);
	struct provenance provenance;
	struct picture picture;
	int result;

	scene_draw(canvas, &scene);
	provenance_of(&provenance, session, capture);
	picture = (struct picture){
	    .canvas = canvas,
	    .theme = capture_theme(session),
	    .origin = provenance.origin,
	    .scale = session->appearance.scale ? session->appearance.scale : DEFAULT_SCALE,
	};
	result = format_at(capture->format)->picture(out, &picture, err);
	provenance_free(&provenance);
	canvas_free(canvas);
	return result;
}

/* One moment as a step of a film. */
static void
film_step_of(struct film_step *step, const struct session *session, size_t index)
{
	const struct snapshot *now = history_at(session->history, index), *before = history_before(session->history, index);
	struct canvas *canvas = canvas_new(session->appearance.columns, session->appearance.rows, session->appearance.ascii);
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
	scene.guide = NULL; /* it stands at one step only */
	scene.still = true;
	scene_draw(canvas, &scene);
	*step = (struct film_step){
	    .canvas = canvas,
	    .step = now->step,
	    .command = now->command ? now->command : "",
	    .text = buf_take(&text),
	    .state = buf_take(&state),
	    .time_ns = now->time_ns,
	};
	events_free(&events);
}

static void
film_step_free(struct film_step *step)
{
	canvas_free((struct canvas *)(uintptr_t)step->canvas);
	free((char *)(uintptr_t)step->text);
	free((char *)(uintptr_t)step->state);
}

/* The last moment of every step. */
static size_t
film_steps(struct film_step **steps, const struct session *session)
{
	size_t moments = history_count(session->history), count = 0;

	*steps = mem_zero(moments, sizeof(**steps));
	for (size_t i = 0; i < moments; i++)
		if (i + 1 == moments || history_at(session->history, i + 1)->step != history_at(session->history, i)->step)
			film_step_of(&(*steps)[count++], session, i);
	return count;
}

static int
make_film(const struct session *session, const struct capture *capture, struct buf *out, struct err *err)
{
	struct provenance provenance;
	struct film_step *steps;
	struct film film = {.theme = capture_theme(session), .dark = theme_find("dark")};
	int result;

	film.count = film_steps(&steps, session);
	film.steps = steps;
	film.seconds_a_step = capture_pace(session, capture) / 1000.0;
	provenance_of(&provenance, session, capture);
	film.origin = provenance.origin;
	result = format_at(capture->format)->film(out, &film, err);
	provenance_free(&provenance);
	for (size_t i = 0; i < film.count; i++)
		film_step_free(&steps[i]);
	free(steps);
	return result;
}

/* One line a moment. */
static int
make_json(const struct session *session, enum scope scope, struct buf *out)
{
	const struct history *history = session->history;

	if (scope == SCOPE_SCREEN) {
		json_snapshot(out, session_seen(session), &session->events, session_seen(session)->command);
		return 0;
	}
	for (size_t i = 0; i < history_count(history); i++) {
		struct events events;

		events_between(&events, history_before(history, i), history_at(history, i));
		json_snapshot(out, history_at(history, i), &events, history_at(history, i)->command);
		events_free(&events);
	}
	return 0;
}

uint32_t
capture_pace(const struct session *session, const struct capture *capture)
{
	return capture->pace_ms ? capture->pace_ms : session->appearance.pace_ms;
}

int
capture_make(const struct session *session, const struct capture *capture, struct buf *out, struct err *err)
{
	const struct format_def *def = format_at(capture->format);

	if (capture->pace_ms && capture->format != FORMAT_CAST)
		return err_set(err, ERR_USAGE, _("a .%s has no pace; seconds= is for a cast"), def->ending);
	if (capture->format == FORMAT_JSON)
		return make_json(session, capture->scope, out);
	if (def->film && (capture->scope == SCOPE_HISTORY || !def->picture))
		return make_film(session, capture, out, err);
	if (!def->picture)
		return err_set(err, ERR_USAGE, _("captures as .%s cannot be made yet"), def->ending);
	if (capture->scope == SCOPE_HISTORY)
		return err_set(err, ERR_USAGE, _("a .%s holds one step; html, cast and json hold the history"), def->ending);
	return make_picture(session, capture, out, err);
}

/* The capture's entry in the notebook: the picture's link, and the screen as text. */
static int
note(const struct session *session, const struct capture *capture, struct err *err)
{
	struct buf text = BUF_INIT, explanation = BUF_INIT;
	struct provenance provenance;
	int result = capture_make(session, &(struct capture){.format = FORMAT_TEXT}, &text, err);

	if (result == 0) {
		events_paragraph(&explanation, &session->events, session_seen(session));
		provenance_of(&provenance, session, capture);
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

int
capture_save(struct session *session, const struct capture *wanted, char **written, struct err *err)
{
	const struct format_def *def = wanted->path ? format_by_path(wanted->path, err) : format_at(session->appearance.format);
	struct capture capture = *wanted;
	struct buf data = BUF_INIT;
	char usual[64], *name;
	int result;

	if (!def)
		return -1;
	snprintf(usual, sizeof(usual), USUAL_NAME ".%s", def->ending);
	capture.format = def->format;
	name = save_name(wanted->path ? wanted->path : usual);
	capture.path = name; /* for the metadata: what recreates it must not replace another */
	result = capture_make(session, &capture, &data, err);
	free(name);
	capture.path = wanted->path ? wanted->path : usual;
	if (result < 0 && !wanted->path && err->kind == ERR_MACHINE && def->format == FORMAT_PNG) {
		buf_free(&data);
		session->appearance.format = FORMAT_SVG; /* needs nothing that could be missing */
		return capture_save(session, wanted, written, err);
	}
	if (result == 0)
		result = save_new(capture.path, data.data, data.length, written, err);
	buf_free(&data);
	if (result < 0)
		return -1;
	session->appearance.format = def->format;
	capture.path = *written;
	if (session->notes && note(session, &capture, err) < 0) {
		free(*written);
		return -1;
	}
	return 0;
}
