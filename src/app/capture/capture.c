#include "config.h"
#include "app/capture/capture.h"

#include <stdio.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "out/picture/formats.h"
#include "out/save.h"

static uint32_t
pace_of(const struct original *original, const struct capture *capture)
{
	return capture->pace_ms ? capture->pace_ms : original->appearance->pace_ms;
}

bool
capture_is_film(const struct capture *capture)
{
	return capture->scope == SCOPE_HISTORY || !format_at(capture->format)->picture;
}

static int
make_picture(const struct original *original, const struct capture *capture, struct buf *out,
    struct err *err)
{
	struct canvas *canvas = original->draw(original->of);
	struct provenance provenance = {.title = BUF_INIT};
	struct picture picture = {
	    .canvas = canvas,
	    .theme = appearance_theme(original->appearance),
	    .scale = appearance_scale(original->appearance),
	};
	int result;

	original->tell(original->of, &provenance, capture, canvas, NULL);
	picture.origin = provenance.origin;
	result = format_at(capture->format)->picture(out, &picture, err);
	provenance_free(&provenance);
	canvas_free(canvas);
	return result;
}

static struct film_step *
steps_of(const struct shots *shots)
{
	struct film_step *steps = mem_zero(shots->count, sizeof(*steps));

	for (size_t i = 0; i < shots->count; i++) {
		const struct shot *shot = &shots->list[i];

		steps[i] = (struct film_step){
		    .canvas = shot->canvas,
		    .step = shot->step,
		    .command = shot->command,
		    .text = shot->text,
		    .state = shot->state ? shot->state : "",
		    .time_ns = shot->time_ns,
		};
	}
	return steps;
}

static void
shots_free(struct shots *shots)
{
	for (size_t i = 0; i < shots->count; i++) {
		canvas_free(shots->list[i].canvas);
		free(shots->list[i].text);
		free(shots->list[i].state);
	}
	free(shots->list);
}

static int
make_film(const struct original *original, const struct capture *capture, struct buf *out,
    size_t *thinned, struct err *err)
{
	struct provenance provenance = {.title = BUF_INIT};
	struct film film = {
	    .theme = appearance_theme(original->appearance),
	    .dark = theme_find("dark"),
	    .seconds_a_step = pace_of(original, capture) / 1000.0,
	};
	struct film_step *steps;
	struct shots shots;
	int result;

	original->shoot(original->of, &shots);
	steps = steps_of(&shots);
	film.steps = steps;
	film.count = shots.count;
	original->tell(
	    original->of, &provenance, capture, shots.list[shots.count - 1].canvas, &shots);
	film.origin = provenance.origin;
	result = format_at(capture->format)->film(out, &film, err);
	*thinned = shots.thinned;
	provenance_free(&provenance);
	free(steps);
	shots_free(&shots);
	return result;
}

int
capture_make(const struct original *original, const struct capture *capture, struct buf *out,
    size_t *thinned, struct err *err)
{
	const struct format_def *def = format_at(capture->format);
	size_t missing = 0;
	int result;

	if (capture->pace_ms && capture->format != FORMAT_CAST)
		return err_set(
		    err, ERR_USAGE, _("a .%s has no pace; seconds= is for a cast"), def->ending);
	if (capture->format == FORMAT_C && original->program) {
		result = original->program(original->of, capture, out, err);
	} else if (capture->format == FORMAT_JSON && original->data) {
		original->data(original->of, capture->scope, out);
		result = 0;
	} else if (def->film && capture_is_film(capture)) {
		result = make_film(original, capture, out, &missing, err);
	} else if (!def->picture) {
		return err_set(err, ERR_USAGE,
		    _("a .%s cannot show running processes: use a picture such as png or svg"),
		    def->ending);
	} else if (capture->scope == SCOPE_HISTORY) {
		return err_set(err, ERR_USAGE, _(original->one_moment), def->ending);
	} else {
		result = make_picture(original, capture, out, err);
	}
	if (thinned)
		*thinned = missing;
	return result;
}

/* With the name that it will have, as far as is known now: the command that recreates it must not
 * replace another. */
static int
make_named(const struct original *original, const struct capture *capture, struct buf *out,
    size_t *thinned, struct err *err)
{
	char *name = save_name(capture->path);
	struct capture named = *capture;
	int result;

	named.path = name;
	result = capture_make(original, &named, out, thinned, err);
	free(name);
	return result;
}

int
capture_save(const struct original *original, const struct capture *wanted, char **written,
    size_t *thinned, struct err *err)
{
	enum format *format = &original->appearance->format;
	const struct format_def *def =
	    wanted->path ? format_by_path(wanted->path, err) : format_at(*format);
	struct capture capture = *wanted;
	struct buf data = BUF_INIT;
	char usual[64];
	int result;

	if (!def)
		return -1;
	snprintf(usual, sizeof(usual), "%s.%s", original->usual_name, def->ending);
	capture.format = def->format;
	capture.path = wanted->path ? wanted->path : usual;
	result = make_named(original, &capture, &data, thinned, err);
	if (result < 0 && !wanted->path && err->kind == ERR_MACHINE && def->format == FORMAT_PNG) {
		buf_free(&data);
		*format = FORMAT_SVG; /* requires nothing that could be missing */
		return capture_save(original, wanted, written, thinned, err);
	}
	if (result == 0)
		result = save_new(capture.path, data.data, data.length, written, err);
	buf_free(&data);
	if (result == 0)
		*format = def->format;
	return result;
}
