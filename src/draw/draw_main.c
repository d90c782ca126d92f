/*
 * cowscope-draw: takes a drawing (src/view/canvas/drawing.h) on standard input and writes PNG or
 * PDF to standard output. A separate program, so that Cairo is loaded only for pictures. Exit
 * status: 0; 2: not a drawing; 3: it can't be drawn.
 */
#include "config.h"
#include "draw/files.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INPUT_MAX (64 << 20)

static int
main_fail(enum err_kind kind, const char *text)
{
	fprintf(stderr, "%s\n", text);
	return kind;
}

static bool
main_read_all(struct buf *in)
{
	char chunk[16384];
	size_t count;

	while ((count = fread(chunk, 1, sizeof(chunk), stdin)) > 0) {
		buf_add_n(in, chunk, count);
		if (in->length > INPUT_MAX)
			return false;
	}
	return !ferror(stdin);
}

static int
main_draw(struct buf *out, const struct buf *in, struct err *err)
{
	static int (*const makers[DRAWING_KINDS])(struct buf *, const struct drawing *,
	    struct err *) = {[DRAWING_PNG] = png_file, [DRAWING_PDF] = pdf_file};
	struct drawing *drawing = drawing_read(buf_text(in), in->length, err);
	int result;

	if (!drawing)
		return -1;
	result = makers[drawing->kind](out, drawing, err);
	drawing_free(drawing);
	return result;
}

int
main(int argc, char **argv)
{
	struct buf in = BUF_INIT, out = BUF_INIT;
	struct err err = {0};
	int status = 0;

	(void)argv;
	if (argc > 1)
		return main_fail(
		    ERR_USAGE, "cowscope runs this program, with a drawing on standard input");
	if (!main_read_all(&in))
		return main_fail(ERR_USAGE, "standard input cannot be read to its end");
	if (main_draw(&out, &in, &err))
		status = main_fail(err.kind, err.text);
	else if (fwrite(buf_text(&out), 1, out.length, stdout) != out.length || fflush(stdout) != 0)
		status = main_fail(ERR_MACHINE, strerror(errno));
	buf_free(&in);
	buf_free(&out);
	return status;
}
