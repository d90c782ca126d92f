#include "config.h"
#include "view/lab/scene_draw.h"

#define PANEL_MIN 18   /* glyph, word, frame and two characters of the content */
#define PANEL_LEAST 11 /* glyph, word and frame */
#define PANEL_MAX 56
#define ROOMY 50      /* from this many columns on there is a margin and a right edge */
#define LIST_FROM 110 /* from this many columns on the frames stand beside the panels */
#define FOOT_FROM 16  /* from this many rows on the panels have a foot beside a guide */
#define DETAIL_LEAST 8
#define DETAIL_MOST 15

int
layout_take(int *room, int wanted)
{
	int taken = most(0, least(*room, wanted));

	*room -= taken;
	return taken;
}

static int
page_digits(uint32_t count)
{
	int digits = 1;

	for (uint32_t last = count ? count - 1 : 0; last >= 10; last /= 10)
		digits++;
	return digits;
}

static int
words_wanted(int rows)
{
	return rows < 6 ? 0 : rows < 12 ? 1 : rows < 20 ? 2 : rows < 22 ? 3 : 4;
}

struct heights {
	int header, body, footer, gap_cache, strip, cache, memory, gap_words, words, gap_detail,
	    detail;
};

/* First what must be shown, then pages, then space, then words and detail. */
static struct heights
heights_of(const struct layout *layout, uint32_t pages)
{
	int rows = layout->rows, fixed, spare;
	struct heights high = {
	    .header = rows >= 2,
	    .footer = rows >= 10,
	    .cache = rows >= 11,
	    .memory = rows >= 15,
	    .words = words_wanted(rows),
	    .detail = rows >= 34 && layout->columns >= 60 ? DETAIL_LEAST : 0,
	};

	high.gap_detail = high.detail > 0;
	fixed = (layout->title >= 0) + (layout->bottom >= 0) + high.header + high.footer +
	    high.cache + high.memory + high.words + high.detail + high.gap_detail;
	spare = most(0, rows - fixed);
	high.body = layout_take(&spare, pages < (uint32_t)rows ? (int)pages : rows);
	high.gap_words = layout_take(&spare, high.cache);
	high.gap_cache = layout_take(&spare, high.cache);
	high.strip = layout->list ? 0 : layout_take(&spare, high.cache);
	high.words += layout_take(&spare, 1);
	if (high.detail == 0 && layout->columns >= 60 && spare > DETAIL_LEAST) {
		high.gap_detail = layout_take(&spare, 1);
		high.detail = layout_take(&spare, DETAIL_LEAST);
	}
	high.detail += high.detail ? layout_take(&spare, DETAIL_MOST - DETAIL_LEAST) : 0;
	return high;
}

static int
layout_place(int *row, int height)
{
	int placed = height > 0 ? *row : -1;

	*row += height;
	return placed;
}

static void
panels_rows(struct layout *layout, uint32_t pages)
{
	struct heights high = heights_of(layout, pages);
	int row = layout->title >= 0;

	layout->header = layout_place(&row, high.header);
	layout->body_rows = high.body;
	layout->body = layout_place(&row, high.body);
	layout->footer = layout_place(&row, high.footer);
	row += high.gap_cache;
	layout->strip = layout_place(&row, high.strip);
	layout->cache = layout_place(&row, high.cache);
	layout->memory = layout_place(&row, high.memory);
	row += high.gap_words;
	layout->words_rows = high.words;
	layout->words = layout_place(&row, high.words);
	row += high.gap_detail;
	layout->detail_rows = high.detail;
	layout->detail = layout_place(&row, high.detail);
}

static int
guide_wanted(int rows)
{
	return rows < 11 ? rows / 3 : most(6, rows * 2 / 5);
}

static void
place_guide(struct layout *layout, int *row, int height)
{
	layout->guide = layout_place(row, height);
	layout->guide_rows = most(0, height - 1);
}

/* The guide's rows don't change with its text, so that the eye finds them again. */
static void
guided_rows(struct layout *layout, uint32_t pages)
{
	int rows = layout->rows, row = layout->title >= 0, guide = guide_wanted(rows), spare;

	layout->header = layout_place(&row, rows >= 6);
	spare = most(0, rows - row - (layout->bottom >= 0) - guide - (rows >= FOOT_FROM));
	layout->body_rows = layout_take(&spare, pages < (uint32_t)rows ? (int)pages : rows);
	layout->body = layout_place(&row, layout->body_rows);
	layout->footer = layout_place(&row, rows >= FOOT_FROM);
	layout->cache = layout_place(&row, rows >= 22 ? layout_take(&spare, 1) : 0);
	layout->memory = layout_place(&row, rows >= 28 ? layout_take(&spare, 1) : 0);
	layout->strip =
	    layout_place(&row, rows >= 28 && !layout->list ? layout_take(&spare, 1) : 0);
	row += rows >= 28 ? layout_take(&spare, 1) : 0;
	place_guide(layout, &row, guide + spare);
}

static void
guide_alone(struct layout *layout)
{
	int row = layout->title >= 0, end = layout->bottom >= 0 ? layout->bottom : layout->rows;

	place_guide(layout, &row, end - row);
}

/* A heading and one large body; what happened stays at the bottom, except below help. */
static void
other_rows(struct layout *layout, enum scene_view view, bool guided)
{
	int row = layout->title >= 0, end = layout->bottom >= 0 ? layout->bottom : layout->rows;
	int guide = guided && view != SCENE_HELP ? guide_wanted(layout->rows) : 0;
	int words = guided || view == SCENE_HELP ? 0 : words_wanted(layout->rows);
	int system = view == SCENE_FRAMES && !guided && layout->rows >= 15;

	layout->header = layout_place(&row, layout->rows >= 3);
	layout->body = row;
	layout->body_rows = most(0, end - row - guide - words - 2 * system);
	row += layout->body_rows;
	layout->cache = layout_place(&row, system);
	layout->memory = layout_place(&row, system);
	layout->words_rows = words;
	layout->words = layout_place(&row, words);
	if (guide)
		place_guide(layout, &row, guide);
}

static size_t
layout_cursor_index(const struct scene *scene)
{
	for (size_t i = 0; i < scene->now->process_count; i++)
		if (scene->now->processes[i].name == scene->process)
			return i;
	return 0;
}

static size_t
panels_that_fit(int room, size_t wanted)
{
	size_t fit = (size_t)most(0, room / (PANEL_MIN + 1));

	if (fit < 3)
		fit = (size_t)most(1, least(3, room / (PANEL_LEAST + 1)));
	return fit < wanted ? fit : wanted;
}

static void
panel_columns(struct layout *layout, const struct scene *scene)
{
	int room = layout->right - layout->edge - layout->closed, column = layout->edge;
	size_t count = scene->now->process_count, at = layout_cursor_index(scene);

	layout->shown = panels_that_fit(room, count);
	if (layout->shown == 0)
		return;
	layout->first = at > layout->shown / 2 ? at - layout->shown / 2 : 0;
	if (layout->first > count - layout->shown)
		layout->first = count - layout->shown;
	room = least(room, (int)layout->shown * (PANEL_MAX + 1));
	for (size_t i = 0; i < layout->shown; i++) {
		int with_edge = room / (int)(layout->shown - i);

		layout->panel[i] = column + 1;
		layout->width[i] = most(0, with_edge - 1);
		column += with_edge;
		room -= with_edge;
	}
	layout->right = column + layout->closed;
}

/* A missing guide leaves its view to the panels. */
static bool
shows_panels(const struct scene *scene)
{
	return scene->view == SCENE_PANELS || (scene->view == SCENE_GUIDE && !scene->guide);
}

void
layout_of(struct layout *layout, const struct scene *scene, int columns, int rows)
{
	uint32_t pages = scene->now->page_count;

	*layout = (struct layout){
	    .columns = columns,
	    .rows = rows,
	    .margin = columns >= ROOMY,
	    .closed = columns >= ROOMY,
	    .strip = -1,
	    .cache = -1,
	    .memory = -1,
	    .footer = -1,
	    .header = -1,
	    .body = -1,
	    .words = -1,
	    .guide = -1,
	    .detail = -1,
	};
	layout->list = columns >= LIST_FROM ? columns - most(26, least(44, columns / 4)) : 0;
	layout->label = columns >= 76 ? 12 : 0;
	layout->title = rows >= 5 ? 0 : -1;
	layout->bottom = rows >= 3 || scene->overlay.prompt ? rows - 1 : -1;
	if (scene->view == SCENE_GUIDE && scene->guide)
		guide_alone(layout);
	else if (shows_panels(scene) && scene->guide)
		guided_rows(layout, pages);
	else if (shows_panels(scene))
		panels_rows(layout, pages);
	else
		other_rows(layout, scene->view, scene->guide != NULL);
	layout->digits = columns >= 8 ? page_digits(pages) : 0;
	layout->edge = layout->margin + layout->digits;
	layout->right = layout->list ? layout->list - 1 : columns;
	panel_columns(layout, scene);
	if (layout->list)
		layout->list = layout->right + 1;
	if (layout->body_rows > 0 && shows_panels(scene)) {
		uint32_t shown = (uint32_t)layout->body_rows,
			 last = pages > shown ? pages - shown : 0;
		uint32_t page = scene->page < pages ? scene->page : 0;

		layout->first_page = page / shown * shown;
		layout->first_page = layout->first_page < last ? layout->first_page : last;
	}
}
