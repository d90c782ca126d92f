#include "config.h"
#include "out/picture/draw.h"
#include "base/i18n.h"
#include "base/parts.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define HELPER "cowscope-draw"

static int
missing(const char *helper, struct err *err)
{
#ifdef HAVE_CAIRO
	return err_set(err, ERR_MACHINE,
	    _("PNG and PDF are drawn by %s, which is missing: install the package cowscope-draw, or "
	      "cowscope again; svg works without it"),
	    helper);
#else
	(void)helper;
	return err_set(err, ERR_MACHINE,
	    _("PNG and PDF need %s, which this cowscope was built without (--without-cairo, or "
	      "configure found no "
	      "libpango1.0-dev or pango-devel); svg works without it"),
	    HELPER);
#endif
}

int
draw_with(const char *helper, struct buf *out, const struct picture *picture,
    enum drawing_kind kind, struct err *err)
{
	const struct origin *origin = &picture->origin;
	struct drawing drawing = {
	    .kind = kind,
	    .scale = kind == DRAWING_PDF ? 1 : picture->scale,
	    .time_s = origin->time_s,
	    .texts = {origin->title, origin->description, origin->command_line, origin->software,
		origin->kernel},
	    .canvas = picture->canvas,
	    .theme = picture->theme,
	};
	struct buf input = BUF_INIT;
	int result = drawing_write(&input, &drawing, err);

	if (!result && access(helper, F_OK) != 0)
		result = missing(helper, err);
	if (!result)
		result = draw_run(helper, out, &input, DRAW_SECONDS, err);
	buf_free(&input);
	return result;
}

static int
draw_picture(
    struct buf *out, const struct picture *picture, enum drawing_kind kind, struct err *err)
{
	char *helper = part_find(PART_HELPERS, HELPER);
	int result = draw_with(helper, out, picture, kind, err);

	free(helper);
	return result;
}

int
picture_png(struct buf *out, const struct picture *picture, struct err *err)
{
	return draw_picture(out, picture, DRAWING_PNG, err);
}

int
picture_pdf(struct buf *out, const struct picture *picture, struct err *err)
{
	return draw_picture(out, picture, DRAWING_PDF, err);
}
