#include "config.h"
#include "app/family/watch.h"

#include <assert.h>
#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "view/family/family_report.h"

#define SECOND_NS 1e9

static_assert(FAMILY_VIEWS == REEL_VIEWS, "a picture for each view but the help");

size_t
watch_film_view(const struct watch *watch)
{
	return watch->view < FAMILY_VIEWS ? watch->view : FAMILY_PROCESSES;
}

/* The current sample in these views; first_ns: of the first sample. */
static void
watch_film_add(
    struct reel *reel, const struct watch *watch, size_t from, size_t end, uint64_t first_ns)
{
	const struct family *now = watch->now;
	struct canvas *views[REEL_VIEWS] = {NULL};
	struct reel_sample sample = {.number = now->number, .time_ns = now->time_ns};
	struct buf text = BUF_INIT;

	for (size_t i = from; i < end; i++) {
		struct family_scene scene = watch_scene(watch);

		scene.view = (enum family_view)i;
		scene.clock_ns = now->end_ns;
		if (watch->view != FAMILY_PAGE)
			scene.looks = NULL;
		sample.views[i] = views[i] = canvas_new(
		    watch->appearance.columns, watch->appearance.rows, watch->appearance.ascii);
		family_scene_draw(views[i], &scene);
	}
	buf_addf(&text, _("Sample %1$llu, %2$.1f s after the first.\n"),
	    (unsigned long long)now->number,
	    now->time_ns > first_ns ? (double)(now->time_ns - first_ns) / SECOND_NS : 0.0);
	family_sentences(&text, now, watch->erosion);
	sample.text = buf_text(&text);
	reel_add(reel, &sample);
	buf_free(&text);
	for (size_t i = from; i < end; i++)
		canvas_free(views[i]);
}

void
watch_keep(struct watch *watch)
{
	if (!watch->attach || watch->reading)
		return;
	watch_look(watch);
	watch_film_add(watch->reel, watch, 0, REEL_VIEWS,
	    reel_count(watch->reel) ? reel_at(watch->reel, 0).time_ns : watch->now->time_ns);
}

/* Saved samples are all at hand: draws them as one steps through them now. */
static struct reel *
of_saved(const struct watch *watch)
{
	struct reel *reel = reel_new(REEL_BYTES);
	size_t view = watch_film_view(watch);
	struct watch copy = *watch;

	copy.now = family_hold(watch->now);
	copy.looks = NULL;
	copy.erosion = erosion_new();
	for (size_t i = 0; i < watch->saved_count; i++) {
		erosion_add(copy.erosion, watch->saved[i]);
		watch_see(&copy, i);
		watch_film_add(reel, &copy, view, view + 1, watch->saved[0]->time_ns);
	}
	erosion_free(copy.erosion);
	family_free(copy.now);
	return reel;
}

struct reel *
watch_film(const struct watch *watch)
{
	return watch->attach ? watch->reel : of_saved(watch);
}
