#include "config.h"
#include "view/family/blame_chart.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"

#define HEAD_ROWS 4
#define NUMBER_CELLS 13 /* " 100 %  1234M" */
#define BAR_LEAST 6
#define CAUSES_LEAST 4 /* rows for causes, before code has any */

struct blame_chart {
	struct canvas *canvas;
	int column, row, limit, row_limit;
	int label; /* cells of a bar's name */
	const struct blame *blame;
};

static struct pen
chart_pen(const struct blame_chart *chart, int column, enum role role)
{
	return pen_at(chart->canvas, column, chart->row, chart->limit, role);
}

/* Half a cell more if the share has it; anything above zero is visible. */
static void
chart_bar(struct pen *pen, uint64_t part, uint64_t whole, int room)
{
	int halves = whole ? (int)((double)part / (double)whole * room * 2 + 0.5) : 0;

	if (!halves && part)
		halves = 1;
	for (; halves > 1; halves -= 2)
		pen_glyph(pen, "█", "=");
	if (halves)
		pen_glyph(pen, "▌", "-");
}

static void
chart_row(struct blame_chart *chart, const char *label, enum role role, uint64_t part,
    uint64_t whole, const char *size)
{
	int bar = chart->column + chart->label + 1;
	int numbers = chart->limit - NUMBER_CELLS;
	struct pen pen = chart_pen(chart, chart->column, ROLE_PLAIN);

	pen.limit = bar - 1;
	pen_clip(&pen, label);
	pen = chart_pen(chart, bar, role);
	pen.limit = numbers;
	if (numbers - bar >= BAR_LEAST)
		chart_bar(&pen, part, whole, numbers - bar);
	pen = chart_pen(chart, most(numbers, bar), ROLE_EMPHASIS);
	if (part && !blame_percent(part, whole))
		pen_text(&pen, "  <1 %");
	else
		pen_printf(&pen, " %3u %%", blame_percent(part, whole));
	pen_printf(&pen, "%6s", size);
	chart->row++;
}

static void
chart_title(struct blame_chart *chart, const char *title, const char *behind)
{
	struct pen pen = chart_pen(chart, chart->column, ROLE_TITLE);

	chart->row++;
	if (chart->row >= chart->row_limit)
		return;
	pen.row = chart->row;
	pen_text(&pen, title);
	pen.role = ROLE_DIM;
	pen_part(&pen, "  %s", behind);
	chart->row++;
}

static void
chart_size(char text[24], uint64_t kib)
{
	if (kib < 10240)
		snprintf(text, 24, "%lluK", (unsigned long long)kib);
	else
		snprintf(text, 24, "%lluM", (unsigned long long)((kib + 512) / 1024));
}

static void
chart_causes(struct blame_chart *chart, int rows)
{
	const struct blame *blame = chart->blame;
	struct buf behind = BUF_INIT;

	buf_addf(&behind,
	    NP_("of %llu page that was copied", "of %llu pages that were copied", blame->copies),
	    (unsigned long long)blame->copies);
	chart_title(chart, _("Why"), buf_text(&behind));
	for (size_t i = 0; i < blame->cause_count && rows > 0; i++, rows--) {
		const struct blame_cause *cause = &blame->causes[i];
		char size[24];

		if (chart->row >= chart->row_limit)
			break;
		chart_size(size, blame_kib(blame, cause->pages));
		chart_row(chart, cause_meaning(cause->cause),
		    cause->cause == CAUSE_UNKNOWN ? ROLE_DIM : ROLE_CACHED, cause->pages,
		    blame->copies, size);
	}
	buf_free(&behind);
}

static void
code_label(struct buf *label, const struct blame_code *code)
{
	buf_add(label, *code->function ? code->function : "?");
	if (*code->source)
		buf_addf(label, " %s", code->source);
	if (code->command)
		buf_addf(label, " (%s)", code->command);
}

static void
chart_code(struct blame_chart *chart)
{
	const struct blame *blame = chart->blame;
	struct buf text = BUF_INIT;

	if (!blame->code_count || chart->row + 2 >= chart->row_limit)
		return;
	buf_addf(&text,
	    NP_("of %llu copy with its stack", "of %llu copies with their stack", blame->samples),
	    (unsigned long long)blame->samples);
	chart_title(chart, _("Which code"), buf_text(&text));
	for (size_t i = 0; i < blame->code_count && chart->row < chart->row_limit; i++) {
		buf_clear(&text);
		code_label(&text, &blame->code[i]);
		chart_row(
		    chart, buf_text(&text), ROLE_LIVE, blame->code[i].samples, blame->samples, "");
	}
	buf_free(&text);
}

/* Names are what people read: they get the room that they need, up to half of all. */
static int
label_cells(const struct blame_chart *chart)
{
	int needed = 12, half = (chart->limit - chart->column) / 2;
	struct buf text = BUF_INIT;

	for (size_t i = 0; i < chart->blame->cause_count; i++)
		needed = most(needed,
		    canvas_width(chart->canvas, cause_meaning(chart->blame->causes[i].cause)));
	for (size_t i = 0; i < chart->blame->code_count; i++) {
		buf_clear(&text);
		code_label(&text, &chart->blame->code[i]);
		needed = most(needed, canvas_width(chart->canvas, buf_text(&text)));
	}
	buf_free(&text);
	return least(needed, half);
}

int
blame_chart_draw(
    struct canvas *canvas, int column, int row, int limit, int row_limit, const struct blame *blame)
{
	struct blame_chart chart = {canvas, column, row, limit, row_limit, 0, blame};
	char *head = blame_head(blame);
	int left, code;

	chart.label = label_cells(&chart);
	chart.row += canvas_wrap(
	    canvas, column, row, limit, least(row_limit, row + HEAD_ROWS), ROLE_EMPHASIS, head);
	free(head);
	left = row_limit - chart.row - 4;
	code = least((int)least((int)blame->code_count, 100), left / 2);
	chart_causes(&chart, most(left - code, CAUSES_LEAST));
	chart_code(&chart);
	return chart.row - row;
}
