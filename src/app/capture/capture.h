/*
 * Captures: the current screen, or the history that led to it, in any format of
 * src/lang/options/formats.def; for the lab (lab_capture.h) and for running processes
 * (family_capture.h).
 */
#ifndef APP_CAPTURE_CAPTURE_H
#define APP_CAPTURE_CAPTURE_H

#include <stddef.h>
#include <stdint.h>

#include "view/canvas/appearance.h"
#include "base/buf.h"
#include "base/err.h"
#include "lang/command.h"
#include "lang/options/options.h"
#include "out/picture/picture.h"

struct capture {
	enum format format;
	enum scope scope;
	const char *path; /* where it will be; NULL: not in a file */
	uint32_t pace_ms; /* of a cast; 0: the appearance's */
};

/* The texts that a struct origin borrows. */
struct provenance {
	struct buf title, description, command_line, kernel;
	struct origin origin;
};

/* One moment of a film, with its own canvas, text and state. */
struct shot {
	struct canvas *canvas;
	char *text, *state; /* state NULL: none */
	uint32_t step;
	const char *command; /* "": none; borrowed */
	uint64_t time_ns;
};

struct shots {
	struct shot *list; /* at least one */
	size_t count;
	size_t thinned; /* moments that were dropped to save memory */
};

/* What can be captured. */
struct original {
	const void *of;                /* for its functions */
	struct appearance *appearance; /* remembers the format */
	const char *usual_name;        /* of a file, without an ending */
	/* refuses a film in a format of pictures; %s is its ending */
	const char *one_moment;
	struct canvas *(*draw)(const void *of);
	void (*shoot)(const void *of, struct shots *shots);
	void (*tell)(const void *of, struct provenance *provenance, const struct capture *capture,
	    const struct canvas *canvas,
	    const struct shots *shots); /* title, description, command line, and
					   provenance_finish(); shots NULL: a picture */
	/* as a program in C: the whole session; NULL: there is none */
	int (*program)(
	    const void *of, const struct capture *capture, struct buf *out, struct err *err);
	/* as JSON; NULL: there is none */
	void (*data)(const void *of, enum scope scope, struct buf *out);
};

/* Appends it to out. thinned, which may be NULL: how many moments are missing. A film in a format
 * of pictures is an error. */
int capture_make(const struct original *original, const struct capture *capture, struct buf *out,
    size_t *thinned, struct err *err);

/* Saves it under an unused name: capture->path, or the usual name if NULL. The ending chooses the
 * format, which is remembered. The caller frees *written. */
int capture_save(const struct original *original, const struct capture *capture, char **written,
    size_t *thinned, struct err *err);

/* Does it hold more than one moment? */
bool capture_is_film(const struct capture *capture);

/* Once title, description and command line are set: adds the kernel's release and the time, and the
 * origin that borrows them all. */
void provenance_finish(struct provenance *provenance, const char *release, uint64_t time_ns);
void provenance_free(struct provenance *provenance);

/* For command lines: a word for the shell; and the options that make a capture look like this one,
 * up to its file.
 */
void provenance_add_word(struct buf *out, const char *text);
void provenance_add_options(
    const struct appearance *appearance, const struct capture *capture, struct buf *out);

#endif
