#include "config.h"
#include "app/watch_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>

#include "base/i18n.h"
#include "out/formats.h"
#include "out/text.h"

#define USUAL_NAME "cowscope-family"
#define DEFAULT_SCALE 2

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

const struct theme *
watch_theme(const struct watch *watch)
{
	return watch->appearance.theme ? watch->appearance.theme : theme_find("print");
}

static bool
is_film(const struct capture *capture)
{
	return capture->scope == SCOPE_HISTORY || !format_at(capture->format)->picture;
}

/* What shows the same view again, of what is so then; of saved samples the same. */
static void
command_line_of(struct buf *out, const struct watch *watch, const struct capture *capture)
{
	bool again = !is_film(capture) || !watch->attach;

	buf_add(out, again ? "cowscope --batch" : "cowscope");
	buf_add(out, watch->attach ? " -p " : " --open=");
	origin_add_word(out, watch->who);
	if (watch->compares)
		buf_add(out, " --compare");
	if (watch->baseline) {
		buf_add(out, " --baseline=");
		origin_add_word(out, watch->baseline);
	}
	buf_addf(out, " -c 'view %s", view_word(watch->view));
	if (watch->view == FAMILY_EROSION && watch->cursor.erosion != EROSION_OF_PROCESSES)
		buf_add(out, "; view deeper");
	if (watch->view == FAMILY_EROSION && watch->cursor.erosion == EROSION_OF_ONE && watch->cursor.kin < watch->now->kin_count)
		buf_addf(out, "; select %s", watch->now->kin[watch->cursor.kin].name);
	buf_add(out, "'");
	if (!again)
		return;
	buf_addf(out, " --size=%dx%d --format=%s", watch->appearance.columns, watch->appearance.rows, format_at(capture->format)->name);
	if (capture->pace_ms)
		buf_addf(out, " --seconds=%u.%03u", capture->pace_ms / 1000, capture->pace_ms % 1000);
	if (capture->scope == SCOPE_HISTORY)
		buf_add(out, " --history");
	if (capture->path) {
		buf_add(out, " -o ");
		origin_add_word(out, capture->path);
	}
}

void
watch_provenance(struct provenance *provenance, const struct watch *watch, const struct canvas *canvas, const struct capture *capture,
    const struct reel *reel)
{
	const struct kin *first = watch->now->kin_count ? &watch->now->kin[0] : NULL;
	const char *command = first ? first->command : "", *view = view_word(watch->view);
	int pid = first ? (int)first->pid : 0;
	struct utsname system = {.release = ""};

	*provenance = (struct provenance){.title = BUF_INIT};
	uname(&system);
	if (reel && reel_thinned(reel))
		buf_addf(&provenance->title, _("cowscope: %1$s (%2$d), %3$s, samples: %4$zu of %5$zu, fewer of the older ones"), command, pid, view,
		    reel_count(reel), reel_count(reel) + reel_thinned(reel));
	else if (reel)
		buf_addf(&provenance->title, _("cowscope: %1$s (%2$d), %3$s, samples: %4$zu"), command, pid, view, reel_count(reel));
	else
		buf_addf(&provenance->title, _("cowscope: %1$s (%2$d), %3$s"), command, pid, view);
	text_canvas(&provenance->description, canvas);
	command_line_of(&provenance->command_line, watch, capture);
	provenance_finish(provenance, system.release, watch->now->time_ns);
}

static int
make_picture(const struct watch *watch, const struct capture *capture, struct buf *out, struct err *err)
{
	struct canvas *canvas = canvas_new(watch->appearance.columns, watch->appearance.rows, watch->appearance.ascii);
	struct family_scene scene = watch_scene(watch);
	struct provenance provenance;
	int result;

	family_scene_draw(canvas, &scene);
	watch_provenance(&provenance, watch, canvas, capture, NULL);
	result = format_at(capture->format)->picture(out,
	    &(struct picture){
		.canvas = canvas,
		.theme = watch_theme(watch),
		.origin = provenance.origin,
		.scale = watch->appearance.scale ? watch->appearance.scale : DEFAULT_SCALE,
	    },
	    err);
	provenance_free(&provenance);
	canvas_free(canvas);
	return result;
}

int
watch_capture(const struct watch *watch, const struct capture *capture, struct buf *out, size_t *thinned, struct err *err)
{
	const struct format_def *def = format_at(capture->format);

	if (thinned)
		*thinned = 0;
	if (capture->pace_ms && capture->format != FORMAT_CAST)
		return err_set(err, ERR_USAGE, _("a .%s has no pace; seconds= is for a cast"), def->ending);
	if (def->film && (capture->scope == SCOPE_HISTORY || !def->picture))
		return watch_film(watch, capture, out, thinned, err);
	if (!def->picture)
		return err_set(err, ERR_USAGE, _("a .%s of running processes cannot be made: a picture can, such as png or svg"),
		    def->ending);
	if (capture->scope == SCOPE_HISTORY)
		return err_set(err, ERR_USAGE, _("a .%s holds one sample; html and cast hold them all"), def->ending);
	return make_picture(watch, capture, out, err);
}

int
watch_save(struct watch *watch, const struct capture *wanted, char **written, size_t *thinned, struct err *err)
{
	const struct format_def *def = wanted->path ? format_by_path(wanted->path, err) : format_at(watch->appearance.format);
	struct capture capture = *wanted;
	struct buf data = BUF_INIT;
	char usual[64], *name;
	int result;

	if (!def)
		return -1;
	snprintf(usual, sizeof(usual), USUAL_NAME ".%s", def->ending);
	name = save_name(wanted->path ? wanted->path : usual);
	capture.format = def->format;
	capture.path = name;
	result = watch_capture(watch, &capture, &data, thinned, err);
	free(name);
	if (result < 0 && !wanted->path && err->kind == ERR_MACHINE && def->format == FORMAT_PNG) {
		buf_free(&data);
		watch->appearance.format = FORMAT_SVG; /* needs nothing that could be missing */
		return watch_save(watch, wanted, written, thinned, err);
	}
	if (result == 0)
		result = save_new(wanted->path ? wanted->path : usual, data.data, data.length, written, err);
	buf_free(&data);
	if (result == 0 && def->picture)
		watch->appearance.format = def->format;
	return result;
}
