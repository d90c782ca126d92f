#include "config.h"
#include "app/watch.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/utsname.h>

#include "app/origin.h"
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

/* What shows the same view again, of what is so then. */
static void
command_line_of(struct buf *out, const struct watch *watch, enum format format, const char *path)
{
	buf_add(out, "cowscope --batch");
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
	buf_addf(out, "' --size=%dx%d --format=%s", watch->columns, watch->rows,
	    format_at(format)->name);
	if (path) {
		buf_add(out, " -o ");
		origin_add_word(out, path);
	}
}

static void
watch_provenance(struct provenance *provenance, const struct watch *watch, const struct canvas *canvas, enum format format,
    const char *path)
{
	const struct kin *first = watch->now->kin_count ? &watch->now->kin[0] : NULL;
	struct utsname system = {.release = ""};

	*provenance = (struct provenance){.title = BUF_INIT};
	uname(&system);
	buf_addf(&provenance->title, _("cowscope: %1$s (%2$d), %3$s"), first ? first->command : "", first ? (int)first->pid : 0,
	    view_word(watch->view));
	text_canvas(&provenance->description, canvas);
	command_line_of(&provenance->command_line, watch, format, path);
	provenance_finish(provenance, system.release, watch->now->time_ns);
}

int
watch_picture(const struct watch *watch, enum format format, const char *path, struct buf *out, struct err *err)
{
	const struct format_def *def = format_at(format);
	struct canvas *canvas = canvas_new(watch->columns, watch->rows, watch->ascii);
	struct family_scene scene = watch_scene(watch);
	struct provenance provenance;
	int result;

	if (!def->picture) {
		canvas_free(canvas);
		return err_set(err, ERR_USAGE, _("a .%s of running processes cannot be made: a picture can, such as png or svg"),
		    def->ending);
	}
	family_scene_draw(canvas, &scene);
	watch_provenance(&provenance, watch, canvas, format, path);
	result = def->picture(out,
	    &(struct picture){
		.canvas = canvas,
		.theme = watch->capture_theme ? watch->capture_theme : theme_find("print"),
		.origin = provenance.origin,
		.scale = watch->scale ? watch->scale : DEFAULT_SCALE,
	    },
	    err);
	provenance_free(&provenance);
	canvas_free(canvas);
	return result;
}

int
watch_save(struct watch *watch, const char *path, char **written, struct err *err)
{
	const struct format_def *def = path ? format_by_path(path, err) : format_at(watch->capture_format);
	struct buf data = BUF_INIT;
	char usual[64], *name;
	int result;

	if (!def)
		return -1;
	snprintf(usual, sizeof(usual), USUAL_NAME ".%s", def->ending);
	name = save_name(path ? path : usual);
	result = watch_picture(watch, def->format, name, &data, err);
	free(name);
	if (result < 0 && !path && err->kind == ERR_MACHINE && def->format == FORMAT_PNG) {
		buf_free(&data);
		watch->capture_format = FORMAT_SVG; /* needs nothing that could be missing */
		return watch_save(watch, NULL, written, err);
	}
	if (result == 0)
		result = save_new(path ? path : usual, data.data, data.length, written, err);
	buf_free(&data);
	if (result == 0)
		watch->capture_format = def->format;
	return result;
}
