#include "config.h"
#include "out/formats.h"
#include "base/i18n.h"
#include "out/notes.h"

#include <string.h>
#include <strings.h>

#define PICTURE_AND_FILM_TEXT picture_text, NULL
#define PICTURE_AND_FILM_JSON NULL, NULL
#define PICTURE_AND_FILM_ANSI picture_ansi, NULL
#define PICTURE_AND_FILM_SVG picture_svg, NULL
#define PICTURE_AND_FILM_HTML picture_html, film_html
#define PICTURE_AND_FILM_PNG picture_png, NULL
#define PICTURE_AND_FILM_PDF picture_pdf, NULL
#define PICTURE_AND_FILM_MD picture_md, NULL
#define PICTURE_AND_FILM_CAST NULL, film_cast

static const struct format_def formats[FORMAT_COUNT] = {
#define FORMAT(constant, name, ending, help)                                                       \
	{FORMAT_##constant, name, ending, PICTURE_AND_FILM_##constant, help},
#include "lang/formats.def"
#undef FORMAT
};

const struct format_def *
format_at(enum format format)
{
	return &formats[format];
}

const struct format_def *
format_by_name(const char *name)
{
	for (int i = 0; i < FORMAT_COUNT; i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

static const char *
ending_of(const char *path)
{
	const char *slash = strrchr(path, '/'), *name = slash ? slash + 1 : path;
	const char *dot = strrchr(name, '.');

	return dot && dot > name ? dot + 1 : "";
}

const struct format_def *
format_by_path(const char *path, struct err *err)
{
	struct buf endings = BUF_INIT;

	for (int i = 0; i < FORMAT_COUNT; i++)
		if (strcasecmp(formats[i].ending, ending_of(path)) == 0)
			return &formats[i];
	for (int i = 0; i < FORMAT_COUNT; i++)
		buf_addf(&endings, "%s.%s", i ? ", " : "", formats[i].ending);
	err_set(err, ERR_USAGE, _("the name's ending chooses the format: it is one of %s"),
	    buf_text(&endings));
	buf_free(&endings);
	return NULL;
}
