/*
 * 340 random canvases, or ROUNDS, read and drawn as cowscope-draw does: each in a process of its
 * own, since Pango starts threads, and what has threads must not fork.
 */
#include "config.h"

#include "../unit/tap.h"
#include "draw/files.h"
#include "draw/trial.h"
#include "random.h"

#define CANVASES 340

static bool
is_file(const struct buf *file, enum drawing_kind kind)
{
	const char *start = kind == DRAWING_PNG ? "\x89PNG\r\n\x1a\n" : "%PDF-";

	return file->length > 100 && memcmp(file->data, start, strlen(start)) == 0;
}

static bool
drawn(const struct drawing *drawing, struct err *err)
{
	struct buf bytes = BUF_INIT, file = BUF_INIT;
	struct drawing *read;
	bool good = false, died = false;

	if (drawing_write(&bytes, drawing, err) == 0 &&
	    (read = drawing_read(bytes.data, bytes.length, err))) {
		good = trial(read->kind == DRAWING_PNG ? png_file : pdf_file, &file, read, &died,
			   err) == 0 &&
		    is_file(&file, read->kind);
		drawing_free(read);
	}
	if (died)
		err_set(err, ERR_MACHINE, "it died");
	buf_free(&bytes);
	buf_free(&file);
	return good;
}

int
main(void)
{
	const uint64_t canvases = random_rounds(CANVASES);

	for (uint64_t number = 1; number <= canvases; number++) {
		uint64_t seed = number;
		struct err err = {0};
		struct canvas *canvas = random_canvas(&seed);
		struct drawing drawing = random_drawing(&seed, canvas);

		if (!drawn(&drawing, &err))
			ok(false, "random canvas %d is drawn: %s", (int)number, err.text);
		canvas_free(canvas);
	}
	ok(tap_failed == 0, "%d random canvases are drawn", (int)canvases);
	return done_testing();
}
