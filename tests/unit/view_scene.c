#include "config.h"

#include "base/utf8.h"
#include "lang/keys.h"
#include "out/picture/text.h"
#include "tap.h"
#include "view_stories.h"

static const struct cell *
find(const struct canvas *canvas, const char *text, int *column, int *row)
{
	for (*row = 0; *row < canvas->rows; ++*row)
		for (*column = 0; *column < canvas->columns; ++*column)
			if (strcmp(canvas_at(canvas, *column, *row)->text, text) == 0)
				return canvas_at(canvas, *column, *row);
	return NULL;
}

static int
count_cells(const struct canvas *canvas, enum role role, uint8_t marks, int row)
{
	int count = 0;

	for (int column = 0; column < canvas->columns; column++) {
		const struct cell *cell = canvas_at(canvas, column, row);

		count += cell->role == role && (cell->marks & marks) == marks;
	}
	return count;
}

static void
roles_and_marks(void)
{
	struct story story = story_copied();
	struct canvas *canvas = story_canvas(&story, 80, 24, false);
	int column, row;
	const struct cell *glyph = find(canvas, "◆", &column, &row);

	ok(glyph && glyph->role == ROLE_COPIED && glyph->marks & MARK_CHANGED,
	    "the copied page is of its role, and marked");
	is_number(row, 4, "in the row of page 2");
	is_text(canvas_at(canvas, column - 1, row)->text, "*", "change is a character too");
	is_text(canvas_at(canvas, column - 2, row)->text, ">", "and so is the cursor");
	ok(canvas_at(canvas, column - 1, row)->marks & MARK_CURSOR, "beside a cell that is marked");
	ok(!(glyph->marks & MARK_CURSOR), "the bar keeps its colour under the cursor");
	ok(canvas->cursor_row == row && canvas->cursor_column == column - 1,
	    "the hardware cursor stands there");
	is_number(count_cells(canvas, ROLE_COPIED, 0, row), 24, "the bar fills the whole panel");
	is_number(count_cells(canvas, ROLE_SHARED, 0, row), 50, "the others are still shared");
	is_number(
	    count_cells(canvas, ROLE_SHARED, MARK_CHANGED, row), 0, "and nothing changed there");
	is_number(
	    count_cells(canvas, ROLE_SHARED, MARK_CHANGED, row + 1), 0, "nor in the next row");
	is_number(count_cells(canvas, ROLE_COPIED, 0, row + 1), 0, "which has no copy");
	canvas_free(canvas);
	story_free(&story);
}

static void
dirty_marks(void)
{
	struct story story = story_dirty(), copied = story_copied();
	struct canvas *canvas = story_canvas(&story, 80, 24, false),
		      *clean = story_canvas(&copied, 80, 24, false);
	int column, row;

	ok(find(canvas, "▲", &column, &row) != NULL, "a dirty page of a file has a mark");
	is_number(
	    count_cells(canvas, ROLE_DIRTY, 0, row), 9, "with the frame's name, in each process");
	ok(!find(clean, "▲", &column, &row),
	    "an anonymous frame has none: it has no file to go to");
	canvas_free(canvas);
	canvas_free(clean);
	story_free(&story);
	story_free(&copied);
}

static void
outside_sharer(void)
{
	struct story story = story_copied();
	struct canvas *canvas;
	struct buf text = BUF_INIT;

	story.now->processes[1].pages[4].mapped_by = 1;
	canvas = story_canvas(&story, 80, 24, false);
	text_canvas(&text, canvas);
	ok(strstr(buf_text(&text), "shared+out"), "a sharer outside the lab is said");
	buf_free(&text);
	canvas_free(canvas);
	story_free(&story);
}

static bool
row_is_whole(const struct canvas *canvas, int row)
{
	int cells = 0;

	for (int column = 0; column < canvas->columns; column++) {
		const struct cell *cell = canvas_at(canvas, column, row);

		cells += cell->width;
		if (cell->width == 2 &&
		    (column + 1 == canvas->columns ||
			canvas_at(canvas, column + 1, row)->width != 0))
			return false;
		if (cell->width == 1 && utf8_width(cell->text) != 1)
			return false;
		if (canvas->ascii && cell->text[0] &&
		    (cell->text[1] || cell->text[0] < 0x20 || cell->text[0] > 0x7E))
			return false;
		if (cell->role >= ROLE_COUNT)
			return false;
	}
	return cells == canvas->columns;
}

static bool
canvas_is_whole(const struct canvas *canvas)
{
	for (int row = 0; row < canvas->rows; row++)
		if (!row_is_whole(canvas, row))
			return false;
	return canvas->cursor_column >= 0 && canvas->cursor_column < canvas->columns &&
	    canvas->cursor_row >= 0 && canvas->cursor_row < canvas->rows;
}

static int
draw_all_sizes(struct story *story, bool with_prompt)
{
	int bad = 0;

	for (int columns = 1; columns <= 130; columns += columns < 30 ? 1 : 7)
		for (int rows = 1; rows <= 45; rows += rows < 26 ? 1 : 4) {
			struct canvas *canvas;

			if (with_prompt) {
				story->scene.overlay.prompt = "write a:2 \"你好\"";
				story->scene.overlay.prompt_cursor = (size_t)(columns % 18);
				story->scene.overlay.hint = "TARGET [TEXT]";
			}
			canvas = story_canvas(story, columns, rows, (columns + rows) % 2);
			if (!canvas_is_whole(canvas) && !bad++)
				printf("# %s at %dx%d\n", story->name, columns, rows);
			canvas_free(canvas);
		}
	return bad;
}

static void
any_size(void)
{
	for (size_t i = 0; i < STORY_COUNT; i++) {
		struct story story = stories[i]();

		is_number(
		    draw_all_sizes(&story, i % 4 == 0), 0, "%s: whole at any size", story.name);
		story_free(&story);
	}
}

static void
every_view_of_everything(void)
{
	int bad = 0;

	for (size_t i = 0; i < STORY_COUNT; i++)
		for (int view = SCENE_PANELS; view <= SCENE_HELP; view++) {
			struct story story = stories[i]();

			story.scene.view = (enum scene_view)view;
			for (uint32_t page = 0; page < story.now->page_count + 2; page++) {
				struct canvas *canvas;

				story.scene.page = page;
				story.scene.process = (char)('a' + page % 6);
				canvas = story_canvas(
				    &story, 20 + (int)page * 9, 8 + (int)page, page % 2);
				bad += !canvas_is_whole(canvas);
				canvas_free(canvas);
			}
			story_free(&story);
		}
	is_number(bad, 0, "any view, cursor and process, also one that is not there");
}

static void
nothing_there(void)
{
	struct snapshot *empty = snapshot_new(0, 0), *bare = snapshot_new(4096, 9);
	struct scene scene = {.now = empty};
	struct canvas *canvas = canvas_new(80, 24, false);
	int bad = 0;

	for (int i = 0; i < 9; i++)
		bare->processes[i].name = (char)('a' + i);
	bare->machine.page_size = 65536;
	for (int view = SCENE_PANELS; view <= SCENE_HELP; view++) {
		scene.view = (enum scene_view)view;
		scene.now = empty;
		scene_draw(canvas, &scene);
		bad += !canvas_is_whole(canvas);
		scene.now = bare;
		scene.process = 'i';
		scene.page = 4095;
		scene_draw(canvas, &scene);
		bad += !canvas_is_whole(canvas);
	}
	is_number(bad, 0, "no process and no page, or all of them unread");
	canvas_free(canvas);
	snapshot_free(empty);
	snapshot_free(bare);
}

static void
mouse(void)
{
	struct story story = story_many();
	const struct scene *scene = story_scene(&story);
	struct canvas *canvas = story_canvas(&story, 80, 24, false);
	char process = 0;
	uint32_t page = 0;

	ok(scene_hit(scene, 80, 24, canvas->cursor_column, canvas->cursor_row, &process, &page),
	    "a click on the cursor");
	ok(process == 'd' && page == 27, "gives its process and page");
	ok(!scene_hit(scene, 80, 24, 40, 0, &process, &page), "a click on the title gives none");
	ok(!scene_hit(scene, 80, 24, 0, 5, &process, &page), "nor one on the page numbers");
	is_number(scene_pages_shown(scene, 80, 24), 14, "a screenful");
	is_number(scene_pages_shown(scene, 1, 1), 1, "is at least one page");
	canvas_free(canvas);
	story_free(&story);
}

static void
help_scrolls(void)
{
	struct story story = story_help();
	const struct scene *scene = story_scene(&story);
	int last = scene_help_last(scene, 80, 24);
	struct canvas *end, *beyond;

	ok(last > 0, "help is longer than a screen");
	story.scene.overlay.help_top = last;
	end = story_canvas(&story, 80, 24, false);
	story.scene.overlay.help_top = last + 1000;
	beyond = story_canvas(&story, 80, 24, false);
	ok(canvas_same(end, beyond), "and does not scroll beyond its end");
	is_number(scene_help_last(scene, 80, 500), 0, "where all fits there is nothing to scroll");
	canvas_free(end);
	canvas_free(beyond);
	story_free(&story);
}

static void
same_twice(void)
{
	struct story story = story_lives();
	struct canvas *one = story_canvas(&story, 100, 30, false),
		      *other = story_canvas(&story, 100, 30, false);

	ok(canvas_same(one, other), "the same scene is drawn the same");
	canvas_free(one);
	canvas_free(other);
	story_free(&story);
}

static void
key_bar(void)
{
	struct story story = story_copied();
	struct canvas *canvas = story_canvas(&story, 250, 24, false);
	int unknown = 0, found = 0;

	for (int column = 0; column < canvas->columns; column++) {
		const struct cell *cell = canvas_at(canvas, column, 23);
		bool alone = cell->role == ROLE_KEY &&
		    (column == 0 || canvas_at(canvas, column - 1, 23)->role != ROLE_KEY) &&
		    canvas_at(canvas, column + 1, 23)->role != ROLE_KEY;

		found += alone;
		if (alone && !key_command(cell->text))
			unknown++;
	}
	ok(found >= 10, "the key bar names keys");
	is_number(unknown, 0, "that exist");
	canvas_free(canvas);
	story_free(&story);
}

/* The rows of a screen that hold a text, and how far from the left it stands in all of them; -1:
 * not everywhere at the same place. */
static int
same_column(struct story *story, int columns, int rows, const char *wanted)
{
	struct canvas *canvas = story_canvas(story, columns, rows, false);
	int found = 0;

	for (int row = 0; row < canvas->rows; row++)
		for (int column = 0; column < canvas->columns; column++)
			if (strcmp(canvas_at(canvas, column, row)->text, wanted) == 0) {
				found = found && found != column ? -1 : column;
				break;
			}
	canvas_free(canvas);
	return found;
}

static bool
screen_says(struct story *story, int columns, int rows, const char *wanted)
{
	struct canvas *canvas = story_canvas(story, columns, rows, false);
	struct buf text = BUF_INIT;
	bool found;

	text_canvas(&text, canvas);
	found = strstr(buf_text(&text), wanted) != NULL;
	buf_free(&text);
	canvas_free(canvas);
	return found;
}

static void
frames_line_up(void)
{
	struct stage *stage = stage_new(KIND_PRIVATE_FILE, 10, 3, false);
	struct snapshot *shared = all_shared(stage);
	struct story story;

	stage_write(stage, 'a', 2, "W");
	story = story_end("frames", stage, shared, "write a:2", 'a', 2);
	story.scene.view = SCENE_FRAMES;
	ok(same_column(&story, 80, 24, "\"") > 0, "contents stand below each other without PFNs");
	story_free(&story);
}

/* What the foot of one panel says, those of the others do not leave out. */
static void
feet_agree(void)
{
	struct stage *stage = stage_new(KIND_PRIVATE_FILE, 10, 3, true);
	struct snapshot *before;
	struct story story;

	stage_read(stage, 'a', 0);
	before = stage_snapshot(stage, "read a:0", NULL);
	all_read(stage);
	story = story_end("feet", stage, before, "read all:*", 'a', 0);
	ok(screen_says(&story, 80, 24, "flt +9 ") && screen_says(&story, 80, 24, "flt +10"),
	    "80x24: each has its faults");
	ok(screen_says(&story, 60, 18, "└rss 40K pss 13K───┴rss 40K"),
	    "60x18: none, where one has no room for them");
	story_free(&story);
}

static void
page_says_more(void)
{
	struct story story = story_page();

	ok(screen_says(&story, 60, 18, "K shows "), "60x18: what has no room is said to be there");
	ok(!screen_says(&story, 80, 24, "K shows "), "80x24: all of it has");
	story_free(&story);
}

static void
help_has_title(void)
{
	struct story story = story_help();

	story.scene.overlay.help_title = "show file";
	ok(screen_says(&story, 80, 24, " show file   lines 1-"), "a text says what it answers");
	ok(screen_says(&story, 40, 12, " show file   1-"), "in few words where it is narrow");
	ok(screen_says(&story, 40, 12, "Esc back\n"), "and how to leave it");
	story_free(&story);
}

int
main(void)
{
	frames_line_up();
	feet_agree();
	page_says_more();
	help_has_title();

	roles_and_marks();
	dirty_marks();
	outside_sharer();
	any_size();
	every_view_of_everything();
	nothing_there();
	mouse();
	help_scrolls();
	same_twice();
	key_bar();
	return done_testing();
}
