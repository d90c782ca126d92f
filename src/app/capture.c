#include "config.h"
#include "app/capture.h"

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

/* The texts of a struct origin, which borrows them. */
struct provenance {
	struct buf title, description, command_line, kernel;
	struct origin origin;
};

static void
add_quoted(struct buf *out, const char *text)
{
	buf_add(out, " -c '");
	for (; *text; text++)
		if (*text == '\'')
			buf_add(out, "'\\''");
		else
			buf_add_char(out, *text);
	buf_add_char(out, '\'');
}

/* The commands that led from the start of this lab to the moment looked at. */
static void
add_command_line(struct buf *out, const struct session *session, const struct snapshot *seen)
{
	uint32_t step = UINT32_MAX;

	buf_addf(out, "cowscope --batch --kind=%s --pages=%u --processes=%u", kind_word(seen->kind), seen->page_count,
	    session->config.processes);
	for (size_t i = 0; i < history_count(session->history); i++) {
		const struct snapshot *moment = history_at(session->history, i);

		if (moment->lab != seen->lab || moment->step > seen->step || moment->step == step)
			continue;
		if (step != UINT32_MAX && moment->command)
			add_quoted(out, moment->command);
		step = moment->step;
	}
	buf_addf(out, " --size=%dx%d", session->columns, session->rows);
}

static uint64_t
origin_time(const struct snapshot *seen)
{
	const char *epoch = getenv("SOURCE_DATE_EPOCH");
	char *end;
	unsigned long long seconds;

	if (epoch && *epoch) {
		seconds = strtoull(epoch, &end, 10);
		if (*end == '\0')
			return seconds;
	}
	return seen->time_ns / 1000000000u;
}

static void
provenance_of(struct provenance *provenance, const struct session *session)
{
	const struct snapshot *seen = session_seen(session);

	*provenance = (struct provenance){.title = BUF_INIT};
	if (seen->command)
		buf_addf(&provenance->title, _("cowscope: %1$s, step %2$u"), seen->command, seen->step);
	else
		buf_addf(&provenance->title, _("cowscope: step %u"), seen->step);
	report_step(&provenance->description, session_seen_before(session), seen, &session->events);
	report_state(&provenance->description, seen);
	add_command_line(&provenance->command_line, session, seen);
	buf_addf(&provenance->kernel, "Linux %s", seen->machine.release);
	provenance->origin = (struct origin){
	    .title = buf_text(&provenance->title),
	    .description = buf_text(&provenance->description),
	    .command_line = buf_text(&provenance->command_line),
	    .software = PACKAGE_STRING,
	    .kernel = buf_text(&provenance->kernel),
	    .time_s = origin_time(seen),
	};
}

static void
provenance_free(struct provenance *provenance)
{
	buf_free(&provenance->title);
	buf_free(&provenance->description);
	buf_free(&provenance->command_line);
	buf_free(&provenance->kernel);
}

static const struct theme *
capture_theme(const struct session *session)
{
	return session->capture_theme ? session->capture_theme : theme_find("print");
}

static int
make_picture(const struct session *session, const struct format_def *format, struct buf *out, struct err *err)
{
	struct canvas *canvas = canvas_new(session->columns, session->rows, session->ascii);
	struct scene scene = session_scene(session);
	struct provenance provenance;
	struct picture picture;
	int result;

	scene_draw(canvas, &scene);
	provenance_of(&provenance, session);
	picture = (struct picture){
	    .canvas = canvas,
	    .theme = capture_theme(session),
	    .origin = provenance.origin,
	    .scale = session->scale ? session->scale : DEFAULT_SCALE,
	};
	result = format->picture(out, &picture, err);
	provenance_free(&provenance);
	canvas_free(canvas);
	return result;
}

/* One moment as a step of a film. */
static void
film_step_of(struct film_step *step, const struct session *session, size_t index)
{
	const struct snapshot *now = history_at(session->history, index), *before = history_before(session->history, index);
	struct canvas *canvas = canvas_new(session->columns, session->rows, session->ascii);
	struct scene scene = session_scene(session);
	struct buf text = BUF_INIT;
	struct events events;

	events_between(&events, before, now);
	events_paragraph(&text, &events, before, now);
	scene.now = now;
	scene.before = before;
	scene.events = &events;
	scene.recorded = false;
	scene.still = true;
	scene_draw(canvas, &scene);
	*step = (struct film_step){
	    .canvas = canvas,
	    .step = now->step,
	    .command = now->command ? now->command : "",
	    .text = buf_take(&text),
	    .time_ns = now->time_ns,
	};
	events_free(&events);
}

static void
film_step_free(struct film_step *step)
{
	canvas_free((struct canvas *)(uintptr_t)step->canvas);
	free((char *)(uintptr_t)step->text);
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
make_film(const struct session *session, const struct format_def *format, struct buf *out, struct err *err)
{
	struct provenance provenance;
	struct film_step *steps;
	struct film film = {.theme = capture_theme(session), .dark = theme_find("dark")};
	int result;

	film.count = film_steps(&steps, session);
	film.steps = steps;
	provenance_of(&provenance, session);
	film.origin = provenance.origin;
	result = format->film(out, &film, err);
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

int
capture_make(const struct session *session, enum format format, enum scope scope, struct buf *out, struct err *err)
{
	const struct format_def *def = format_at(format);

	if (format == FORMAT_JSON)
		return make_json(session, scope, out);
	if (def->film && (scope == SCOPE_HISTORY || !def->picture))
		return make_film(session, def, out, err);
	if (!def->picture)
		return err_set(err, ERR_USAGE, _("captures as .%s cannot be made yet"), def->ending);
	if (scope == SCOPE_HISTORY)
		return err_set(err, ERR_USAGE, _("a .%s holds one step; html, cast and json hold the history"), def->ending);
	return make_picture(session, def, out, err);
}

/* The capture's entry in the notebook: the picture's link, and the screen as text. */
static int
note(const struct session *session, const char *picture, struct err *err)
{
	struct buf text = BUF_INIT, explanation = BUF_INIT;
	struct provenance provenance;
	int result = capture_make(session, FORMAT_TEXT, SCOPE_SCREEN, &text, err);

	if (result == 0) {
		events_paragraph(&explanation, &session->events, session_seen_before(session), session_seen(session));
		provenance_of(&provenance, session);
		result = notes_append(session->notes,
		    &(struct note){
			.heading = provenance.origin.title,
			.explanation = buf_text(&explanation),
			.picture = picture,
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
capture_save(struct session *session, const char *path, enum scope scope, char **written, struct err *err)
{
	const struct format_def *def = path ? format_by_path(path, err) : format_at(session->capture_format);
	struct buf data = BUF_INIT;
	char usual[64];
	int result;

	if (!def)
		return -1;
	snprintf(usual, sizeof(usual), USUAL_NAME ".%s", def->ending);
	result = capture_make(session, def->format, scope, &data, err);
	if (result < 0 && !path && err->kind == ERR_MACHINE && def->format == FORMAT_PNG) {
		session->capture_format = FORMAT_SVG; /* needs nothing that could be missing */
		return capture_save(session, NULL, scope, written, err);
	}
	if (result == 0)
		result = save_new(path ? path : usual, data.data, data.length, written, err);
	buf_free(&data);
	if (result < 0)
		return -1;
	session->capture_format = def->format;
	if (session->notes && note(session, *written, err) < 0) {
		free(*written);
		return -1;
	}
	return 0;
}
