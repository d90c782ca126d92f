#include "config.h"
#include "base/mem.h"
#include "out/picture/areas.h"
#include "out/picture/markup.h"
#include "out/picture/picture.h"
#include "out/picture/runs.h"
#include "out/picture/shapes.h"
#include "view/canvas/look.h"
#include "view/canvas/strokes.h"

#include <stdlib.h>

#define FONTS \
	"'DejaVu Sans Mono',Menlo,'Lucida Console','Liberation Mono','Noto Sans Mono',monospace"
#define FONT_SIZE "13.29" /* a letter of these fonts is 0.602 as wide: 8.0 */

enum layer_kind { LAYER_FILL, LAYER_SOLID, LAYER_EDGE, LAYER_KINDS };

/* Everything of one kind and colour is one path. */
struct layer {
	enum layer_kind kind;
	uint32_t color;
	struct areas areas;
	struct buf path; /* the rest */
};

struct svg_sheet {
	const struct picture *picture;
	struct layer *layers;
	size_t count;
};

static struct layer *
layer_of(struct svg_sheet *sheet, enum layer_kind kind, uint32_t color)
{
	struct layer *layer;

	for (size_t i = 0; i < sheet->count; i++)
		if (sheet->layers[i].kind == kind && sheet->layers[i].color == color)
			return &sheet->layers[i];
	sheet->layers = mem_resize(sheet->layers, sheet->count + 1, sizeof(*layer));
	layer = &sheet->layers[sheet->count++];
	*layer = (struct layer){.kind = kind, .color = color};
	return layer;
}

static void
add_strokes(struct svg_sheet *sheet, const struct look *look, uint32_t code, int x, int y)
{
	static const struct cell_size size = {SVG_CELL_WIDTH, SVG_CELL_HEIGHT, 1};
	struct stroke strokes[STROKES_MAX];
	size_t count = strokes_of(code, &size, strokes);

	for (size_t i = 0; i < count; i++) {
		const struct stroke *stroke = &strokes[i];
		uint32_t color = look_mix(look->foreground, look->background, stroke->quarters);

		areas_add(&layer_of(sheet, LAYER_SOLID, color)->areas,
		    (struct area){x + stroke->x, y + stroke->y, stroke->width, stroke->height});
	}
}

static void
add_shape(struct svg_sheet *sheet, uint32_t color, const struct shape *shape, int x, int y)
{
	enum layer_kind kind = shape->outline ? LAYER_EDGE : LAYER_SOLID;

	buf_addf(&layer_of(sheet, kind, color)->path, "M%d %d%s", x, y, shape->path);
}

static void
svg_add_cell(struct svg_sheet *sheet, int column, int row)
{
	const struct cell *cell = canvas_at(sheet->picture->canvas, column, row);
	struct look look = look_of(sheet->picture->theme, cell);
	int x = column * SVG_CELL_WIDTH, y = row * SVG_CELL_HEIGHT;
	const struct shape *shape = shape_of(cell_code(cell));

	if (look.background != sheet->picture->theme->background)
		areas_add(&layer_of(sheet, LAYER_FILL, look.background)->areas,
		    (struct area){x, y, SVG_CELL_WIDTH, SVG_CELL_HEIGHT});
	if (look.underline)
		areas_add(&layer_of(sheet, LAYER_SOLID, look.foreground)->areas,
		    (struct area){x, y + SVG_BASELINE + 2, SVG_CELL_WIDTH, 1});
	if (cell->width != 1)
		return;
	if (shape)
		add_shape(sheet, look.foreground, shape, x, y);
	else
		add_strokes(sheet, &look, cell_code(cell), x, y);
}

static void
svg_add_path(struct buf *out, struct layer *layer)
{
	static const char *const looks[LAYER_KINDS] = {
	    [LAYER_FILL] = "shape-rendering=\"crispEdges\" fill=\"",
	    [LAYER_SOLID] = "fill=\"",
	    [LAYER_EDGE] = "fill=\"none\" stroke=\"",
	};

	buf_addf(out, "<path %s", looks[layer->kind]);
	markup_color(out, layer->color);
	buf_add(out, "\" d=\"");
	areas_path(out, &layer->areas);
	buf_addf(out, "%s\"/>\n", buf_text(&layer->path));
}

static void
add_paths(struct buf *out, const struct picture *picture)
{
	struct svg_sheet sheet = {picture, NULL, 0};

	for (int row = 0; row < picture->canvas->rows; row++)
		for (int column = 0; column < picture->canvas->columns; column++)
			svg_add_cell(&sheet, column, row);
	for (int kind = 0; kind < LAYER_KINDS; kind++)
		for (size_t i = 0; i < sheet.count; i++)
			if (sheet.layers[i].kind == (enum layer_kind)kind)
				svg_add_path(out, &sheet.layers[i]);
	for (size_t i = 0; i < sheet.count; i++) {
		areas_free(&sheet.layers[i].areas);
		buf_free(&sheet.layers[i].path);
	}
	free(sheet.layers);
}

/* Is a letter there, not a blank, a line or a shape? */
static bool
svg_is_letter(const struct cell *cell)
{
	static const struct cell_size size = {SVG_CELL_WIDTH, SVG_CELL_HEIGHT, 1};
	struct stroke strokes[STROKES_MAX];
	uint32_t code;

	if (!cell || cell_is_blank(cell))
		return false;
	code = cell_code(cell);
	return cell->width == 2 || (!shape_of(code) && !strokes_of(code, &size, strokes));
}

static bool
is_run_letter(const struct picture *picture, const struct look *look, int column, int row)
{
	const struct cell *cell = canvas_at(picture->canvas, column, row);
	struct look other;

	if (!svg_is_letter(cell) || cell_box(cell))
		return false;
	other = look_of(picture->theme, cell);
	return other.foreground == look->foreground && other.bold == look->bold;
}

/* The column after the run: letters of one look with single blanks between them. */
static int
svg_run_end(const struct picture *picture, const struct look *look, int column, int row)
{
	const struct cell *cell = canvas_at(picture->canvas, column, row);

	if (cell_box(cell))
		return column + 1;
	for (;;) {
		if (is_run_letter(picture, look, column + 1, row))
			column += 1;
		else if ((cell = canvas_at(picture->canvas, column + 1, row)) && cell->width == 1 &&
		    cell_is_blank(cell) && is_run_letter(picture, look, column + 2, row))
			column += 2;
		else
			return column + 1;
	}
}

static void
add_text_start(struct buf *out, const struct picture *picture, const struct look *look,
    const struct cell *cell, int column, int row)
{
	int x = column * SVG_CELL_WIDTH + (cell->width == 2 ? SVG_CELL_WIDTH : 0);

	buf_addf(out, "<text x=\"%d\" y=\"%d\"", x, row * SVG_CELL_HEIGHT + SVG_BASELINE);
	if (cell->width == 2)
		buf_add(out, " text-anchor=\"middle\"");
	if (look->foreground != picture->theme->foreground) {
		buf_add(out, " fill=\"");
		markup_color(out, look->foreground);
		buf_add(out, "\"");
	}
	buf_add(out, look->bold ? " font-weight=\"bold\">" : ">");
}

static void
add_row_text(struct buf *out, const struct picture *picture, int row)
{
	const struct canvas *canvas = picture->canvas;

	for (int column = 0; column < canvas->columns;) {
		const struct cell *cell = canvas_at(canvas, column, row);
		struct look look = look_of(picture->theme, cell);
		int end = column + 1;

		if (svg_is_letter(cell)) {
			end = svg_run_end(picture, &look, column, row);
			add_text_start(out, picture, &look, cell, column, row);
			for (; column < end; column++)
				markup_cell(out, canvas_at(canvas, column, row));
			buf_add(out, "</text>\n");
		}
		column = end;
	}
}

static void
svg_add_fact(struct buf *out, const char *name, const char *text)
{
	buf_addf(out, "<dc:%s>", name);
	markup_text(out, text);
	buf_addf(out, "</dc:%s>\n", name);
}

static void
svg_add_metadata(struct buf *out, const struct origin *origin)
{
	struct buf date = BUF_INIT;

	buf_add(out,
	    "<metadata><rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\""
	    " xmlns:dc=\"http://purl.org/dc/elements/1.1/\">"
	    "<rdf:Description rdf:about=\"\">\n");
	svg_add_fact(out, "source", origin->command_line);
	svg_add_fact(out, "creator", origin->software);
	svg_add_fact(out, "coverage", origin->kernel);
	markup_date(&date, origin->time_s);
	if (date.length)
		svg_add_fact(out, "date", buf_text(&date));
	svg_add_fact(out, "format", "image/svg+xml");
	buf_add(out, "</rdf:Description></rdf:RDF></metadata>\n");
	buf_free(&date);
}

static void
svg_add_head(struct buf *out, const struct picture *picture)
{
	int width = picture->canvas->columns * SVG_CELL_WIDTH;
	int height = picture->canvas->rows * SVG_CELL_HEIGHT;

	buf_addf(out,
	    "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n"
	    "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%1$d\" height=\"%2$d\""
	    " viewBox=\"0 0 %1$d %2$d\" role=\"img\">\n<title>",
	    width, height);
	markup_text(out, picture->origin.title);
	buf_add(out, "</title>\n<desc>");
	markup_lines(out, picture->origin.description);
	buf_add(out, "</desc>\n");
	svg_add_metadata(out, &picture->origin);
	buf_addf(out, "<rect width=\"%d\" height=\"%d\" fill=\"", width, height);
	markup_color(out, picture->theme->background);
	buf_add(out, "\"/>\n");
}

int
picture_svg(struct buf *out, const struct picture *picture, struct err *err)
{
	(void)err;
	svg_add_head(out, picture);
	add_paths(out, picture);
	buf_add(out, "<g font-family=\"" FONTS "\" font-size=\"" FONT_SIZE "\" fill=\"");
	markup_color(out, picture->theme->foreground);
	buf_add(out, "\">\n");
	for (int row = 0; row < picture->canvas->rows; row++)
		add_row_text(out, picture, row);
	buf_add(out, "</g>\n</svg>\n");
	return 0;
}
