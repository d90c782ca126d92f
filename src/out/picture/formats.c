#include "config.h"
#include "out/picture/formats.h"
#include "base/i18n.h"
#include "out/picture/notes.h"

#include <string.h>

#define PICTURE_AND_FILM_TEXT picture_text, NULL
#define PICTURE_AND_FILM_JSON NULL, NULL
#define PICTURE_AND_FILM_ANSI picture_ansi, NULL
#define PICTURE_AND_FILM_SVG picture_svg, NULL
#define PICTURE_AND_FILM_HTML picture_html, film_html
#define PICTURE_AND_FILM_PNG picture_png, NULL
#define PICTURE_AND_FILM_PDF picture_pdf, NULL
#define PICTURE_AND_FILM_MD picture_md, NULL
#define PICTURE_AND_FILM_C NULL, NULL
#define PICTURE_AND_FILM_CAST NULL, film_cast

static const struct format_def formats[FORMAT_COUNT] = {
#define FORMAT(constant, name, ending, help) \
	{FORMAT_##constant, name, ending, PICTURE_AND_FILM_##constant, help},
#include "lang/options/formats.def"
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

const struct format_def *
format_by_path(const char *path, struct err *err)
{
	int format = format_of_ending(path, err);

	return format < 0 ? NULL : &formats[format];
}
