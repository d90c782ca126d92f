#include "config.h"
#include "draw/files.h"
#include "draw/sheet.h"
#include "draw/trial.h"

#include <cairo-pdf.h>
#include <time.h>

#define POINTS 0.75 /* of a pixel: 72 to the inch, not 96 */

void
file_time(char out[32], uint64_t time_s)
{
	time_t seconds = (time_t)time_s;
	struct tm tm;

	out[0] = '\0';
	if (seconds < 0 || (uint64_t)seconds != time_s || !gmtime_r(&seconds, &tm) ||
	    tm.tm_year > 9999 - 1900)
		return;
	strftime(out, 32, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

static cairo_status_t
pdf_append(void *closure, const unsigned char *bytes, unsigned count)
{
	buf_add_n(closure, bytes, count);
	return CAIRO_STATUS_SUCCESS;
}

static void
set_metadata(cairo_surface_t *surface, const struct drawing *drawing)
{
	char when[32];

	file_time(when, drawing->time_s);
	cairo_pdf_surface_set_metadata(
	    surface, CAIRO_PDF_METADATA_TITLE, drawing->texts[DRAWING_TITLE]);
	cairo_pdf_surface_set_metadata(
	    surface, CAIRO_PDF_METADATA_SUBJECT, drawing->texts[DRAWING_COMMAND_LINE]);
	cairo_pdf_surface_set_metadata(
	    surface, CAIRO_PDF_METADATA_KEYWORDS, drawing->texts[DRAWING_KERNEL]);
	cairo_pdf_surface_set_metadata(
	    surface, CAIRO_PDF_METADATA_CREATOR, drawing->texts[DRAWING_SOFTWARE]);
	cairo_pdf_surface_set_metadata(
	    surface, CAIRO_PDF_METADATA_CREATE_DATE, *when ? when : "1970-01-01T00:00:00Z");
}

static int
draw_pdf(struct buf *out, const struct drawing *drawing, bool outlines, struct err *err)
{
	struct cell_size cell = sheet_cell(1);
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(pdf_append, out,
	    drawing->canvas->columns * cell.width * POINTS,
	    drawing->canvas->rows * cell.height * POINTS);
	cairo_t *cairo = cairo_create(surface);
	cairo_status_t status;
	int result;

	set_metadata(surface, drawing);
	cairo_scale(cairo, POINTS, POINTS);
	result = sheet_draw(cairo, drawing, &cell, outlines, err);
	status = cairo_status(cairo);
	cairo_destroy(cairo);
	cairo_surface_finish(surface);
	if (!status)
		status = cairo_surface_status(surface);
	cairo_surface_destroy(surface);
	if (!result && status)
		result = err_set(err, ERR_MACHINE, "%s", cairo_status_to_string(status));
	return result;
}

static int
with_fonts(struct buf *out, const struct drawing *drawing, struct err *err)
{
	return draw_pdf(out, drawing, false, err);
}

/* If Cairo can't embed the fonts, letters are shapes: visible, but not selectable. */
int
pdf_file(struct buf *out, const struct drawing *drawing, struct err *err)
{
	bool died;
	int result = trial(with_fonts, out, drawing, &died, err);

	return died ? draw_pdf(out, drawing, true, err) : result;
}
