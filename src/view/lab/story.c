#include "config.h"
#include "view/lab/scene_draw.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "view/canvas/bottom.h"

/* What happened, the message or the command under way, and the last row: keys, or the prompt. */

static void
story_recolor(struct canvas *canvas, int column, int row, int cells, enum role role)
{
	for (int i = 0; i < cells && column + i < canvas->columns; i++)
		canvas->cells[(size_t)row * (size_t)canvas->columns + (size_t)(column + i)].role =
		    (uint8_t)role;
}

void
story_text(struct buf *out, const struct scene *scene)
{
	const struct snapshot *now = scene->now;
	size_t start;

	if (now->command && *now->command)
		buf_addf(out, "%s -> ", now->command);
	start = out->length;
	if (scene->events) {
		struct buf paragraph = BUF_INIT;

		events_paragraph(&paragraph, scene->events, now);
		buf_add(out, buf_text(&paragraph));
		buf_free(&paragraph);
	}
	if (out->length == start && start)
		buf_add(out, _("nothing changed."));
	else if (out->length == start && now->step == 0)
		buf_add(out,
		    _("Choose a process (a b c) and a page (0-9); then r reads and w "
		      "writes. A lets everyone read everything."));
}

static void
draw_story(const struct view *view, int row, int row_limit)
{
	const struct layout *layout = &view->layout;
	const char *command = view->now->command;
	struct buf text = BUF_INIT;

	if (layout->quiet)
		return;
	story_text(&text, view->scene);
	canvas_wrap(view->canvas, layout->margin, row, layout->columns - layout->margin, row_limit,
	    ROLE_TEXT, buf_text(&text));
	if (command && row < row_limit)
		story_recolor(
		    view->canvas, layout->margin, row, view_width(view, command), ROLE_COMMAND);
	buf_free(&text);
}

/* Rows of a text between the margins, at most one more than the words have. */
static int
rows_of_words(const struct view *view, const char *text)
{
	const struct layout *layout = &view->layout;
	struct canvas *scratch =
	    canvas_new(layout->columns, layout->words_rows + 1, view->canvas->ascii);
	int rows = canvas_wrap(scratch, layout->margin, 0, layout->columns - layout->margin,
	    scratch->rows, ROLE_TEXT, text);

	canvas_free(scratch);
	return rows;
}

static void
answer_text(struct buf *out, const struct scene *scene)
{
	if (scene->waiting)
		buf_addf(out, _("%s -> no answer yet"), scene->waiting);
	else if (scene->overlay.message)
		buf_add(out, scene->overlay.message);
}

int
words_needed(const struct view *view)
{
	struct buf story = BUF_INIT, answer = BUF_INIT;
	int rows;

	if (!view->layout.quiet)
		story_text(&story, view->scene);
	answer_text(&answer, view->scene);
	rows = rows_of_words(view, buf_text(&story)) + rows_of_words(view, buf_text(&answer));
	buf_free(&story);
	buf_free(&answer);
	return rows;
}

/* The answer stands at the bottom of the words; beside a story it takes at most half of them, but
 * at least a row. */
void
draw_words(const struct view *view)
{
	const struct layout *layout = &view->layout;
	const struct scene *scene = view->scene;
	int limit = layout->columns - layout->margin, rows,
	    cap = layout->quiet ? layout->words_rows : (layout->words_rows + 1) / 2;
	int end = layout->words + layout->words_rows;
	enum role role = scene->waiting       ? ROLE_WARNING
	    : scene->overlay.message_is_error ? ROLE_ERROR
					      : ROLE_EMPHASIS;
	struct buf answer = BUF_INIT;

	answer_text(&answer, scene);
	rows = least(rows_of_words(view, buf_text(&answer)), cap);
	draw_story(view, layout->words, end - rows);
	if (rows)
		canvas_wrap(
		    view->canvas, layout->margin, end - rows, limit, end, role, buf_text(&answer));
	buf_free(&answer);
}

/* The most important first; the last two are always there. */
static const struct key_label key_labels[] = {
    {"r", N_("read")},
    {"w", N_("write")},
    {"f", N_("fork")},
    {"x", N_("drop")},
    {"y", N_("sync")},
    {"R", N_("reset")},
    {"v", N_("view")},
    {"X", N_("kill")},
    {":", N_("command")},
    {"A", N_("read all")},
    {"s", N_("save")},
    {"?", N_("help")},
    {"q", N_("quit")},
};

/* Of a session from a file, in which nobody acts. */
static const struct key_label saved_labels[] = {
    {"PgUp", N_("back")},
    {"PgDn", N_("forward")},
    {"v", N_("view")},
    {":", N_("command")},
    {"?", N_("help")},
    {"q", N_("quit")},
};

/* "a-c process  0-9 page", shorter where it is narrow. */
static void
draw_choosing_keys(const struct view *view, struct pen *pen)
{
	const struct snapshot *now = view->now;
	size_t count = now->process_count < 5 ? now->process_count : 5;
	char letters[] = {'a', '-', count ? now->processes[count - 1].name : 'a', '\0'};

	if (letters[2] > 'e')
		letters[2] = 'e';
	if (letters[2] == 'a')
		letters[1] = '\0';
	keybar_key(
	    pen, &(struct key_label){letters, view->layout.columns >= 70 ? N_("process") : ""});
	keybar_key(pen,
	    &(struct key_label){"0-9",
		view->layout.columns >= 70       ? N_("page")
		    : view->layout.columns >= 56 ? N_("choose")
						 : ""});
}

/* The guide's keys; where not all of its text was read yet, Space reads on. */
static void
guide_keys_text(struct buf *out, const struct view *view)
{
	const struct scene *scene = view->scene;
	const char *keys = scene->guide->keys, *space = strstr(keys, "Space ");
	int shown,
	    last = scene_guide_last(scene, view->canvas->columns, view->canvas->rows, &shown);

	if (!space || scene->guide->top >= last) {
		buf_add(out, keys);
		return;
	}
	buf_add_n(out, keys, (size_t)(space - keys));
	buf_add(out, _("Space more"));
	space = strstr(space, "  ");
	buf_add(out, space ? space : "");
}

/* While a question is open, only the guide's keys: the lab's mean something else now. */
static void
draw_keys(const struct view *view)
{
	const struct guide *guide = view->scene->guide;
	size_t count = sizeof(key_labels) / sizeof(key_labels[0]);
	bool asking = guide && guide->stage != GUIDE_TELLS && guide->stage != GUIDE_SHOWS;
	bool saved = view->scene->saved, briefly = false;
	struct buf items = BUF_INIT;
	const struct key_label *keys = saved ? saved_labels
	    : asking                         ? key_labels + count - 2
					     : key_labels;
	struct pen pen = view_pen(view, view->layout.margin, view->layout.bottom, ROLE_KEY_LABEL);

	count = saved ? sizeof(saved_labels) / sizeof(saved_labels[0]) : asking ? 2 : count;
	if (guide && guide->keys) {
		guide_keys_text(&items, view);
		briefly = keybar_text(&pen, buf_text(&items), keys, count);
	} else {
		draw_choosing_keys(view, &pen);
	}
	keybar_draw(&pen, keys, count, briefly);
	buf_free(&items);
}

void
draw_bottom(const struct view *view)
{
	const struct scene *scene = view->scene;

	if (scene->overlay.prompt)
		prompt_draw(view->canvas, view->layout.margin, view->layout.bottom,
		    scene->overlay.prompt, scene->overlay.prompt_cursor, scene->overlay.hint);
	else
		draw_keys(view);
}
