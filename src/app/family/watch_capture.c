#include "config.h"
#include "app/family/watch_private.h"

#include <sys/utsname.h>

#include "base/i18n.h"
#include "out/picture/text.h"

static const char *
view_word(enum family_view view)
{
	static const char *const words[] = {
	    [FAMILY_PROCESSES] = "family",
	    [FAMILY_MAPPINGS] = "mappings",
	    [FAMILY_MAP] = "map",
	    [FAMILY_PAGE] = "page",
	    [FAMILY_EROSION] = "erosion",
	    [FAMILY_SAME] = "same",
	    [FAMILY_HELP] = "family",
	};

	return words[view];
}

/* What shows the same view again, of what is so then; of saved samples the same. */
static void
watch_add_command_line(struct buf *out, const struct watch *watch, const struct capture *capture)
{
	bool again = !capture_is_film(capture) || !watch->attach;

	buf_add(out, again ? "cowscope --batch" : "cowscope");
	buf_add(out, watch->attach ? " -p " : " --open=");
	provenance_add_word(out, watch->who);
	if (watch->compares)
		buf_add(out, " --compare");
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
watch_tell(const void *of, struct provenance *provenance, const struct capture *capture,
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
	watch_add_command_line(&provenance->command_line, watch, capture);
	provenance_finish(provenance, system.release, watch->now->time_ns);
}

static struct canvas *
watch_picture(const void *of)
{
	const struct watch *watch = of;
	const struct appearance *appearance = &watch->appearance;
	struct canvas *canvas =
	    canvas_new(appearance->columns, appearance->rows, appearance->ascii);
	struct family_scene scene = watch_scene(watch);

	family_scene_draw(canvas, &scene);
	return canvas;
}

struct original
watch_original(struct watch *watch)
{
	return (struct original){
	    .of = watch,
	    .appearance = &watch->appearance,
	    .usual_name = "cowscope-family",
	    .one_moment = N_("a .%s holds one sample; html and cast hold them all"),
	    .draw = watch_picture,
	    .shoot = watch_shoot,
	    .tell = watch_tell,
	};
}
