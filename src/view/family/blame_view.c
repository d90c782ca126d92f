/*
 * View 7: why pages were copied. One sentence, then one list that scrolls: causes, objects, code,
 * mappings, processes, each with a heading.
 */
#include "config.h"
#include "view/family/blame_view.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "view/family/blame_report.h"
#include "view/family/family_draw.h"

#define ROOMY 14 /* with more rows than this there is air, and the way to the manual */

#define SIZE_CELLS 8
#define SHARE_CELLS 8

/* A row of the list: a heading, or an item with its pages (for code: samples). */
struct blame_line {
	char *text;
	bool head;
	uint64_t pages, of;
	bool samples; /* counted in stacks: a share, but no size */
};

struct blame_list {
	struct blame_line *lines;
	size_t count, room;
};

static struct blame_line *
list_add(struct blame_list *list, char *text, bool head)
{
	if (list->count == list->room) {
		list->room = list->room ? list->room * 2 : 64;
		list->lines = mem_resize(list->lines, list->room, sizeof(*list->lines));
	}
	list->lines[list->count] = (struct blame_line){.text = text, .head = head};
	return &list->lines[list->count++];
}

static void
list_free(struct blame_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->lines[i].text);
	free(list->lines);
}

static void
list_add_causes(struct blame_list *list, const struct blame *blame)
{
	list_add(list, mem_string(_("Why")), true);
	for (size_t i = 0; i < blame->cause_count; i++) {
		const struct blame_cause *cause = &blame->causes[i];
		struct buf text = BUF_INIT;
		struct blame_line *line;

		buf_addf(&text, "%s%s%s: %s", cause_word(cause->cause), cause->runtime ? " " : "",
		    runtime_word(cause->runtime), cause_meaning(cause->cause));
		line = list_add(list, buf_take(&text), false);
		line->pages = cause->pages;
		line->of = blame->copies;
	}
}

static void
list_add_rows(
    struct blame_list *list, const struct blame *blame, enum blame_by by, const char *head)
{
	size_t count;
	struct blame_row *rows = blame_rows(blame, by, &count);

	list_add(list, mem_string(head), true);
	for (size_t i = 0; i < count; i++) {
		struct blame_line *line = list_add(list, mem_string(rows[i].text), false);

		line->pages = rows[i].pages;
		line->of = blame->copies;
	}
	blame_rows_free(rows, count);
}

static void
list_add_code(struct blame_list *list, const struct blame *blame)
{
	if (blame->code_count)
		list_add(list, mem_string(_("Lines of code")), true);
	for (size_t i = 0; i < blame->code_count; i++) {
		const struct blame_code *code = &blame->code[i];
		struct buf text = BUF_INIT;
		struct blame_line *line;

		buf_addf(&text, "%s  %s", *code->function ? code->function : "?", code->source);
		line = list_add(list, buf_take(&text), false);
		line->pages = code->samples;
		line->of = blame->samples;
		line->samples = true;
	}
}

static int
lines_by_name(const void *one, const void *other)
{
	const struct blame_line *a = one, *b = other;

	return strcmp(a->text, b->text);
}

/* The rows of each part. */
static void
list_sort_names(struct blame_list *list)
{
	for (size_t from = 0, to; from < list->count; from = to) {
		for (to = from + 1; to < list->count && !list->lines[to].head;)
			to++;
		qsort(&list->lines[from + 1], to - from - 1, sizeof(*list->lines), lines_by_name);
	}
}

static struct blame_list
blame_list(const struct blame *blame, enum order order)
{
	struct blame_list list = {NULL, 0, 0};

	if (!blame || !blame->cause_count)
		return list;
	list_add_causes(&list, blame);
	list_add_rows(&list, blame, BLAME_BY_OBJECT, _("What lay there"));
	list_add_rows(&list, blame, BLAME_BY_FUNCTION, _("Which code wrote"));
	list_add_code(&list, blame);
	list_add_rows(&list, blame, BLAME_BY_MAPPING, _("In which mapping"));
	list_add_rows(&list, blame, BLAME_BY_PROCESS, _("Which process"));
	if (order == ORDER_NAME)
		list_sort_names(&list);
	return list;
}

static void
draw_numbers(const struct family_draw *draw, int row, const struct blame_line *line)
{
	struct buf text = BUF_INIT;
	int column = draw->margin;

	if (!line->samples)
		pages_text(&text, draw->now, line->pages);
	draw_right(draw, column, column + SIZE_CELLS, row, ROLE_COPIED, buf_text(&text));
	buf_clear(&text);
	blame_share_text(&text, line->pages, line->of);
	draw_right(draw, column + SIZE_CELLS, column + SIZE_CELLS + SHARE_CELLS, row, ROLE_PLAIN,
	    buf_text(&text));
	buf_free(&text);
}

static void
draw_line(const struct family_draw *draw, int row, const struct blame_line *line)
{
	struct pen pen = family_pen(draw, draw->margin, row, line->head ? ROLE_TITLE : ROLE_PLAIN);

	pen.limit = draw->right;
	if (!line->head) {
		draw_numbers(draw, row, line);
		pen.column = draw->margin + SIZE_CELLS + SHARE_CELLS + 2;
	}
	pen_text(&pen, line->text);
}

/* The sentence, and below it what is missing, as far as it fits. */
static int
draw_sentences(const struct family_draw *draw, const struct blame *blame, int row, int limit)
{
	struct buf gaps = BUF_INIT;
	char *head = blame_head(blame), *more = blame_head_more(blame), *line, *rest;

	row += canvas_wrap(draw->canvas, draw->margin, row, draw->right, limit, ROLE_TEXT, head);
	blame_gaps_text(&gaps, blame);
	if (more && draw->rows > ROOMY)
		buf_addf(&gaps, "%s\n", more);
	free(head);
	free(more);
	for (line = gaps.length ? strtok_r(gaps.data, "\n", &rest) : NULL; line && row < limit;
	     line = strtok_r(NULL, "\n", &rest))
		row += canvas_wrap(
		    draw->canvas, draw->margin, row, draw->right, limit, ROLE_DIM, line);
	buf_free(&gaps);
	return row;
}

static size_t
top_of(const struct family_cursor *cursor, const struct blame_list *list)
{
	return cursor->blame_top < list->count ? cursor->blame_top
	    : list->count                      ? list->count - 1
					       : 0;
}

void
family_draw_blame(const struct family_draw *draw)
{
	const struct blame *blame = draw->now->blame;
	int row = draw->body, end = draw->body + draw->rows;
	struct blame_list list;

	if (!blame) {
		canvas_wrap(draw->canvas, draw->margin, row, draw->right, end, ROLE_DIM,
		    draw->scene->blames
			? _("Faults are watched from the next sample on.")
			: _("Who wrote, and why, is asked only where it is wanted, for it slows what is watched: start with --blame."));
		return;
	}
	list = blame_list(blame, draw->scene->cursor.order);
	row = draw_sentences(draw, blame, row, list.count ? end - draw->rows / 3 : end);
	row += list.count && draw->rows > ROOMY;
	for (size_t i = top_of(&draw->scene->cursor, &list); i < list.count && row < end; i++)
		draw_line(draw, row++, &list.lines[i]);
	list_free(&list);
}

void
blame_view_move(struct family_cursor *cursor, const struct family_scene *scene, int64_t by)
{
	struct blame_list list = blame_list(scene->now->blame, cursor->order);
	int64_t to = (int64_t)top_of(cursor, &list) + by, last = (int64_t)list.count - 1;

	to = to > last ? last : to;
	cursor->blame_top = to < 0 ? 0 : (size_t)to;
	list_free(&list);
}

void
blame_view_section(struct family_cursor *cursor, const struct family_scene *scene)
{
	struct blame_list list = blame_list(scene->now->blame, cursor->order);
	size_t top = top_of(cursor, &list) + 1;

	while (top < list.count && !list.lines[top].head)
		top++;
	cursor->blame_top = top < list.count ? top : 0;
	list_free(&list);
}

bool
blame_view_search(struct family_cursor *cursor, const struct family_scene *scene, const char *text)
{
	struct blame_list list = blame_list(scene->now->blame, cursor->order);
	size_t from = top_of(cursor, &list), found = list.count;
	bool any;

	for (size_t i = 1; i <= list.count && found == list.count; i++) {
		size_t at = (from + i) % list.count;

		if (!list.lines[at].head && strcasestr(list.lines[at].text, text))
			found = at;
	}
	any = found < list.count;
	if (any)
		cursor->blame_top = found;
	list_free(&list);
	return any;
}
