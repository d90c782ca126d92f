/*
 * The table of lang/options/formats.def with each format's writer.
 */
#ifndef OUT_PICTURE_FORMATS_H
#define OUT_PICTURE_FORMATS_H

#include "base/err.h"
#include "lang/options/options.h"
#include "out/picture/picture.h"

struct format_def {
	enum format format;
	const char *name, *ending;
	/* NULL: a format that holds no single picture, or no session. Both for JSON and C: they
	 * aren't pictures of a canvas. */
	int (*picture)(struct buf *out, const struct picture *picture, struct err *err);
	int (*film)(struct buf *out, const struct film *film, struct err *err);
	const char *help; /* untranslated */
};

const struct format_def *format_at(enum format format);
const struct format_def *format_by_name(const char *name); /* NULL: there is none */

/* By the ending of the file's name, in either case. NULL: the error lists the endings. */
const struct format_def *format_by_path(const char *path, struct err *err);

#endif
