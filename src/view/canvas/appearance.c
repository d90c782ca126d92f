#include "config.h"
#include "view/canvas/appearance.h"

#define COLUMNS 80
#define ROWS 24
#define SCALE 2

struct appearance
appearance_of_batch(const struct options *options, const struct theme *theme)
{
	return (struct appearance){
	    .columns = options->columns ? options->columns : COLUMNS,
	    .rows = options->rows ? options->rows : ROWS,
	    .ascii = options->ascii,
	    .theme = options->theme ? theme : NULL,
	    .scale = options->scale,
	    .pace_ms = options->pace_ms,
	};
}

struct appearance
appearance_of_screen(const struct options *options, bool ascii)
{
	return (struct appearance){
	    .columns = COLUMNS,
	    .rows = ROWS,
	    .ascii = options->ascii || ascii,
	    .format = FORMAT_PNG,
	    .pace_ms = options->pace_ms,
	};
}

const struct theme *
appearance_theme(const struct appearance *appearance)
{
	return appearance->theme ? appearance->theme : theme_find("print");
}

unsigned
appearance_scale(const struct appearance *appearance)
{
	return appearance->scale ? appearance->scale : SCALE;
}

void
appearance_add_options(const struct appearance *appearance, enum format format, struct buf *out)
{
	buf_addf(out, " --size=%dx%d", appearance->columns, appearance->rows);
	if (appearance->ascii)
		buf_add(out, " --ascii");
	if (appearance->theme)
		buf_addf(out, " --theme=%s", appearance->theme->name);
	if (appearance->scale && format == FORMAT_PNG)
		buf_addf(out, " --scale=%u", appearance->scale);
}
