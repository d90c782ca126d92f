#include "config.h"
#include "app/capture/family_capture.h"

#include <assert.h>
#include <stdlib.h>
#include <sys/utsname.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "out/picture/text.h"
#include "view/family/blame_chart.h"

static const char *
view_word(enum family_view view)
{
	return family_view_words[view < FAMILY_VIEWS ? view : FAMILY_PROCESSES];
}

/* The command that shows the same view again, as it is then; for saved samples, the same
 * picture. */
static void
family_add_command_line(struct buf *out, const struct watch *watch, const struct capture *capture)
{
	bool again = !capture_is_film(capture) || !watch->attach;

	buf_add(out, again ? "cowscope --batch" : "cowscope");
	buf_add(out, watch->attach ? " -p " : " --open=");
	provenance_add_word(out, watch->who);
	if (watch->copies)
		buf_add(out, " --compare");
	if (watch->siblings)
		buf_add(out, " --compare=siblings");
	if (watch->options->blame)
		buf_add(out, watch->options->blame_all ? " --blame=all" : " --blame");
	if (watch->baseline) {
		buf_add(out, " --baseline=");
		provenance_add_word(out, watch->baseline);
	}
	buf_addf(out, " -c 'view %s", view_word(watch->view));
	if (watch->view == FAMILY_EROSION && watch->cursor.erosion != EROSION_OF_PROCESSES)
		buf_add(out, "; view deeper");
	if (watch->view == FAMILY_EROSION && watch->cursor.erosion == EROSION_OF_ONE &&
	    watch->cursor.member < watch->now->member_count)
		buf_addf(out, "; select %s", watch->now->members[watch->cursor.member].name);
	buf_add(out, "'");
	if (!again)
		return;
	provenance_add_options(&watch->appearance, capture, out);
}

static void
family_tell(const void *of, struct provenance *provenance, const struct capture *capture,
    const struct canvas *canvas, const struct shots *shots)
{
	const struct watch *watch = of;
	const struct member *first = watch->now->member_count ? &watch->now->members[0] : NULL;
	const char *command = first ? first->command : "", *view = view_word(watch->view);
	int pid = first ? (int)first->pid : 0;
	struct utsname system = {.release = ""};

	uname(&system);
	if (shots && shots->thinned)
		buf_addf(&provenance->title,
		    _("cowscope: %1$s (%2$d), %3$s, samples: %4$zu of %5$zu, fewer of the older ones"),
		    command, pid, view, shots->count, shots->count + shots->thinned);
	else if (shots)
		buf_addf(&provenance->title, _("cowscope: %1$s (%2$d), %3$s, samples: %4$zu"),
		    command, pid, view, shots->count);
	else
		buf_addf(&provenance->title, _("cowscope: %1$s (%2$d), %3$s"), command, pid, view);
	text_canvas(&provenance->description, canvas);
	family_add_command_line(&provenance->command_line, watch, capture);
	provenance_finish(provenance, system.release, watch->now->time_ns);
}

static struct canvas *
family_picture(const void *of)
{
	const struct watch *watch = of;
	const struct appearance *appearance = &watch->appearance;
	struct canvas *canvas =
	    canvas_new(appearance->columns, appearance->rows, appearance->ascii);
	struct family_scene scene = watch_scene(watch);

	if (watch->view == FAMILY_BLAME && scene.now && scene.now->blame)
		blame_chart_draw(
		    canvas, 1, 0, appearance->columns - 1, appearance->rows, scene.now->blame);
	else
		family_scene_draw(canvas, &scene);
	return canvas;
}

static void
family_shoot(const void *of, struct shots *shots)
{
	const struct watch *watch = of;
	struct reel *reel = watch_film(watch);
	size_t count = reel_count(reel);

	assert(count); /* nothing can be filmed before the first sample, and nobody asks */
	*shots = (struct shots){
	    .list = mem_zero(count, sizeof(*shots->list)),
	    .count = count,
	    .thinned = reel_thinned(reel),
	};
	for (size_t i = 0; i < count; i++) {
		struct reel_sample sample = reel_at(reel, i);

		shots->list[i] = (struct shot){
		    .canvas = reel_picture(reel, i, watch_film_view(watch),
			watch->appearance.columns, watch->appearance.rows),
		    .step = (uint32_t)sample.number,
		    .command = "",
		    .text = mem_string(sample.text),
		    .time_ns = sample.time_ns,
		};
	}
	if (reel != watch->reel)
		reel_free(reel);
}

struct original
family_original(struct watch *watch)
{
	return (struct original){
	    .of = watch,
	    .appearance = &watch->appearance,
	    .usual_name = "cowscope-family",
	    .one_moment = N_("a .%s holds one sample; html and cast hold them all"),
	    .draw = family_picture,
	    .shoot = family_shoot,
	    .tell = family_tell,
	};
}

void
family_save(struct watch *watch)
{
	struct answer *answer = &watch->answer;
	struct capture capture = {
	    .scope = (enum scope)answer->choice,
	    .path = answer->path,
	    .pace_ms = answer->pace_ms,
	};
	struct original original = family_original(watch);
	char *written;
	size_t thinned;
	struct err err;

	if (answer->type != ANSWER_SAVE)
		return;
	if (capture_save(&original, &capture, &written, &thinned, &err) < 0) {
		answer_fail(answer, &err);
		return;
	}
	if (!thinned) {
		answer_saved(answer, written);
		return;
	}
	answer->type = ANSWER_TEXT;
	buf_addf(&answer->text, _("saved as %1$s, without %2$zu of the older samples"), written,
	    thinned);
	free(written);
}
