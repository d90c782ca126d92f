#include "config.h"
#include "view/family/family_scene.h"

#include <string.h>

#include "base/i18n.h"
#include "base/utf8.h"
#include "view/canvas/bottom.h"
#include "view/canvas/help.h"
#include "view/canvas/wording.h"
#include "view/family/family_draw.h"

#define ROOMY 50

static int
message_rows(const struct family_scene *scene, int columns, int rows)
{
	int width = scene->overlay.message ? (int)utf8_width(scene->overlay.message) : 0;

	if (!width || columns < 1 || rows < 2)
		return 0;
	return width > columns && rows >= 10 ? 2 : 1;
}

/* Of what is lacking, what the view would show more with: events say who wrote without frames. */
static unsigned
lacks_in_view(const struct family_scene *scene)
{
	if (scene->view == FAMILY_HELP)
		return 0;
	return scene->view == FAMILY_BLAME ? scene->now->lacks & (LACKS_PROCESS | LACKS_READING)
					   : scene->now->lacks;
}

void
family_layout(struct family_draw *draw, const struct family_scene *scene, int columns, int rows)
{
	int end = rows;

	*draw = (struct family_draw){.scene = scene, .now = scene->now, .lacks = -1, .message = -1};
	draw->margin = columns >= ROOMY;
	draw->right = columns - draw->margin;
	draw->title = rows >= 4 ? 0 : -1;
	draw->bottom = rows >= 3 || scene->overlay.prompt ? rows - 1 : -1;
	draw->body = draw->title + 1;
	end -= draw->bottom >= 0;
	draw->message_rows = message_rows(scene, draw->right - draw->margin, rows);
	end -= draw->message_rows;
	if (draw->message_rows)
		draw->message = end;
	else if (lacks_in_view(scene) && rows >= 10)
		draw->lacks = --end;
	draw->rows = end > draw->body ? end - draw->body : 0;
}

static size_t
living(const struct family *family)
{
	size_t count = 0;

	for (size_t i = 0; i < family->member_count; i++)
		count += family->members[i].life != MEMBER_GONE;
	return count;
}

static uint64_t
oldest(const struct family *family)
{
	uint64_t oldest_ns = 0;

	for (size_t i = 0; i < family->member_count; i++) {
		uint64_t read_ns = family->members[i].read_ns;

		if (family->members[i].life != MEMBER_GONE && read_ns &&
		    (!oldest_ns || read_ns < oldest_ns))
			oldest_ns = read_ns;
	}
	return oldest_ns;
}

static enum role
family_scene_status_text(struct buf *out, const struct family_draw *draw)
{
	const struct family_scene *scene = draw->scene;
	struct buf age = BUF_INIT, size = BUF_INIT;
	enum role role = scene->saved || draw->now->restless ? ROLE_WARNING : ROLE_LIVE;

	age_text(&age, oldest(draw->now), scene->clock_ns);
	size_text(&size, draw->now->pages * (draw->now->page_size / 1024));
	if (scene->saved)
		buf_add(out, _("RECORDED"));
	else if (!draw->now->whole)
		buf_addf(out, draw->right < ROOMY ? _("reading: %s") : _("reading, %s so far"),
		    buf_text(&size));
	else if (draw->now->restless)
		buf_add(out, draw->right < ROOMY ? _("not still") : _("live, not held still"));
	else if (!oldest(draw->now))
		buf_add(out, _("live"));
	else
		buf_addf(out,
		    draw->right < 30          ? "%s"
			: draw->right < ROOMY ? _("%s ago")
					      : _("live, read %s ago"),
		    buf_text(&age));
	buf_free(&size);
	buf_free(&age);
	return role;
}

/* level: 0 is the longest. */
#define TITLE_LEVELS 3

static void
family_scene_title_text(struct buf *out, const struct family *family, int level)
{
	const struct member *first = family->member_count ? &family->members[0] : NULL;
	size_t count = living(family);

	if (first && count > 1)
		buf_addf(out,
		    level == 1 ? _("%1$s %2$d and %3$zu more")
			: level > 1
			? "%1$s %2$d +%3$zu"
			: NP_("%1$s (%2$d) and %3$zu more process",
			      "%1$s (%2$d) and %3$zu more processes", (unsigned long)count - 1),
		    first->command, (int)first->pid, count - 1);
	else if (first)
		buf_addf(out, "%s (%d)", first->command, (int)first->pid);
	else
		buf_add(out, _("no process"));
}

static void
family_scene_draw_title(const struct family_draw *draw)
{
	struct buf status = BUF_INIT, title = BUF_INIT;
	enum role role = family_scene_status_text(&status, draw);
	struct pen pen = family_pen(draw, draw->margin, draw->title, ROLE_TITLE);

	pen.limit = draw->right - canvas_width(draw->canvas, buf_text(&status)) - 1;
	if (draw->right >= ROOMY) {
		pen_text(&pen, "cowscope   ");
		pen.role = ROLE_PLAIN;
	}
	for (int level = draw->right < ROOMY; level < TITLE_LEVELS; level++) {
		buf_clear(&title);
		family_scene_title_text(&title, draw->now, level);
		if (pen.column + canvas_width(draw->canvas, buf_text(&title)) <= pen.limit)
			break;
	}
	pen_clip(&pen, buf_text(&title));
	draw_right(draw, draw->margin, draw->right, draw->title, role, buf_text(&status));
	buf_free(&status);
	buf_free(&title);
}

static const char *
lacks_text(unsigned lacks, bool brief)
{
	if (lacks & LACKS_READING)
		return brief
		    ? _("Not all could be read this time.")
		    : _("Not all of this sample could be read: what is unknown or missing may be there in the next.");
	if (lacks & LACKS_CONTENTS)
		return brief
		    ? _("Contents: root would compare them.")
		    : _("Contents could not be compared: that needs ptrace access, which root has.");
	if (lacks & LACKS_PROCESS)
		return brief ? _("Some cannot be read: root could.")
			     : _("Some processes cannot be read: root or their owner could.");
	if (lacks & LACKS_PFN)
		return brief
		    ? _("Root would be told who wrote.")
		    : _("Root would be told who wrote, and see frames counted once and huge pages.");
	if (lacks & LACKS_KPAGECOUNT)
		return brief ? _("Root would see into huge pages.")
			     : _("Root would see whether others share a huge page.");
	return brief ? _("Linux 6.7 would show zeros.")
		     : _("Linux 6.7 (PAGEMAP_SCAN) or root would show zeros and huge pages.");
}

#define KEYS_SHOWN 8

/* The most useful first. */
static const struct key_label keys[][KEYS_SHOWN] =
    {
	[FAMILY_PROCESSES] =
	    {
		{"Enter", N_("deeper")},
		{"v", N_("view")},
		{"s", N_("save")},
		{":", N_("command")},
		{"Tab", N_("next")},
		{"Esc", N_("back")},
		{"?", N_("help")},
		{"q", N_("quit")},
	    },
	[FAMILY_MAPPINGS] =
	    {
		{"Enter", N_("deeper")},
		{"o", N_("order")},
		{"t", N_("filter")},
		{"/", N_("search")},
		{"s", N_("save")},
		{"Esc", N_("back")},
		{"?", N_("help")},
		{"q", N_("quit")},
	    },
	[FAMILY_MAP] =
	    {
		{"+-", N_("zoom")},
		{"Enter", N_("deeper")},
		{"Esc", N_("back")},
		{"Tab", N_("process")},
		{"s", N_("save")},
		{"v", N_("view")},
		{"?", N_("help")},
		{"q", N_("quit")},
	    },
	[FAMILY_PAGE] =
	    {
		{"Esc", N_("back")},
		{"Tab", N_("process")},
		{"s", N_("save")},
		{"v", N_("view")},
		{":", N_("command")},
		{"n", N_("search")},
		{"?", N_("help")},
		{"q", N_("quit")},
	    },
	[FAMILY_EROSION] =
	    {
		{"Enter", N_("deeper")},
		{"Esc", N_("back")},
		{"Tab", N_("process")},
		{"s", N_("save")},
		{"v", N_("view")},
		{":", N_("command")},
		{"?", N_("help")},
		{"q", N_("quit")},
	    },
	[FAMILY_SAME] =
	    {
		{"Esc", N_("back")},
		{"s", N_("save")},
		{"v", N_("view")},
		{":", N_("command")},
		{"Tab", N_("process")},
		{"n", N_("search")},
		{"?", N_("help")},
		{"q", N_("quit")},
	    },
	[FAMILY_BLAME] =
	    {
		{"Esc", N_("back")},
		{"o", N_("on")},
		{"s", N_("save")},
		{"v", N_("view")},
		{":", N_("command")},
		{"n", N_("search")},
		{"?", N_("help")},
		{"q", N_("quit")},
	    },
	[FAMILY_HELP] =
	    {
		{"Esc", N_("back")},
		{"PgDn", N_("on")},
		{"PgUp", N_("back")},
		{":", N_("command")},
		{"s", N_("save")},
		{"v", N_("view")},
		{"?", N_("help")},
		{"q", N_("quit")},
	    },
};

const char *const family_view_words[FAMILY_VIEWS] = {
#define FAMILY_VIEW(constant, word, name) word,
#include "lang/family_views.def"
#undef FAMILY_VIEW
};

static int
view_cells(const struct family_draw *draw, int view)
{
	return canvas_width(draw->canvas, _(family_view_words[view])) + 1;
}

/* Those named that have room beside the first key, help and quit: the one in sight, the ones after
 * it, then those before it. */
static unsigned
views_named(const struct family_draw *draw)
{
	const struct key_label *shown = keys[draw->scene->view];
	int view = (int)draw->scene->view < FAMILY_VIEWS ? (int)draw->scene->view : 0;
	int left = draw->canvas->columns - draw->margin - 2 * FAMILY_VIEWS -
	    keybar_least(shown, KEYS_SHOWN) - canvas_width(draw->canvas, shown[0].key) -
	    canvas_width(draw->canvas, _(shown[0].label)) - 3;
	unsigned named = 1u << draw->scene->view;

	for (int i = view; i < FAMILY_VIEWS && (left -= view_cells(draw, i)) >= 0; i++)
		named |= 1u << i;
	for (int i = view - 1; i >= 0 && (left -= view_cells(draw, i)) >= 0; i--)
		named |= 1u << i;
	return named;
}

/* The views, the one in sight marked. */
static void
draw_views(struct pen *pen, enum family_view view, unsigned named)
{
	for (int i = 0; i < FAMILY_VIEWS; i++) {
		pen->role = i == (int)view ? ROLE_FOCUS : ROLE_KEY;
		pen_printf(pen, "%d", i + 1);
		pen->role = i == (int)view ? ROLE_FOCUS : ROLE_KEY_LABEL;
		if (named & 1u << i)
			pen_printf(pen, " %s", _(family_view_words[i]));
		pen->role = ROLE_KEY_LABEL;
		pen_text(pen, " ");
	}
}

static void
draw_bottom_row(const struct family_draw *draw)
{
	const struct family_scene *scene = draw->scene;
	struct pen pen =
	    pen_at(draw->canvas, draw->margin, draw->bottom, draw->canvas->columns, ROLE_KEY_LABEL);

	if (scene->overlay.prompt) {
		prompt_draw(draw->canvas, draw->margin, draw->bottom, scene->overlay.prompt,
		    scene->overlay.prompt_cursor, scene->overlay.hint);
		return;
	}
	if (draw->right >= 36)
		draw_views(&pen, scene->view, views_named(draw));
	keybar_draw(&pen, keys[scene->view], KEYS_SHOWN, false);
}

static void
draw_help_text(const struct family_draw *draw)
{
	const char *text = draw->scene->overlay.help ? draw->scene->overlay.help : "";
	const char *title = draw->scene->overlay.help_title;
	struct help_place place = {
	    .margin = draw->margin,
	    .header = draw->rows > 1 ? draw->body : -1,
	    .row = draw->body,
	    .rows = draw->rows,
	    .title = title ? title : "",
	};

	place.row += place.header >= 0;
	place.rows -= place.header >= 0;
	help_draw(draw->canvas, &place, text, draw->scene->overlay.help_top);
}

int
family_help_last(const struct family_scene *scene, int columns, int rows)
{
	struct family_scene help = *scene;
	struct family_draw draw;

	help.view = FAMILY_HELP;
	family_layout(&draw, &help, columns, rows);
	return help_last(scene->overlay.help ? scene->overlay.help : "", columns - 2 * draw.margin,
	    draw.rows - (draw.rows > 1));
}

static void
draw_view(const struct family_draw *draw)
{
	static void (*const drawers[])(const struct family_draw *) = {
#define FAMILY_VIEW(constant, word, name) family_draw_##name,
#include "lang/family_views.def"
#undef FAMILY_VIEW
	    draw_help_text,
	};
	enum family_view view = draw->scene->view;

	if (!draw->now->whole && view != FAMILY_PROCESSES && view != FAMILY_HELP) {
		canvas_wrap(draw->canvas, draw->margin, draw->body, draw->right,
		    draw->body + draw->rows, ROLE_TEXT,
		    _("The first sample is still being read: mappings and pages come with it."));
		return;
	}
	drawers[view](draw);
}

void
family_scene_draw(struct canvas *canvas, const struct family_scene *scene)
{
	struct family_draw draw;

	canvas_clear(canvas);
	family_layout(&draw, scene, canvas->columns, canvas->rows);
	draw.canvas = canvas;
	if (draw.title >= 0)
		family_scene_draw_title(&draw);
	if (draw.rows > 0)
		draw_view(&draw);
	if (draw.lacks >= 0) {
		struct pen pen = family_pen(&draw, draw.margin, draw.lacks, ROLE_DIM);

		pen_text(&pen, lacks_text(lacks_in_view(scene), draw.right - draw.margin < 74));
	}
	if (draw.message >= 0)
		canvas_wrap(canvas, draw.margin, draw.message, draw.right,
		    draw.message + draw.message_rows,
		    scene->overlay.message_is_error ? ROLE_ERROR : ROLE_EMPHASIS,
		    scene->overlay.message);
	if (draw.bottom >= 0)
		draw_bottom_row(&draw);
}
