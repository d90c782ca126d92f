/*
 * The screens of running processes: golden ones, and that no size and no place is refused.
 */
#include "config.h"

#include "family_fixture.h"
#include "view/family/blame_view.h"
#include "view/family/family_draw.h"
#include "golden.h"
#include "out/picture/text.h"
#include "view/family/family_report.h"
#include "view/canvas/help_text.h"

static struct family_scene
scene_of(const struct family *family, const struct erosion *erosion, enum family_view view)
{
	struct family_scene scene = {
	    .now = family,
	    .erosion = erosion,
	    .clock_ns = family->time_ns + SECOND / 2,
	    .compares = true,
	    .view = view,
	};

	family_settle(&scene.cursor, family);
	return scene;
}

static void
screen(const char *name, const struct family_scene *scene, int columns, int rows, bool ascii)
{
	struct canvas *canvas = canvas_new(columns, rows, ascii);
	struct buf text = BUF_INIT, file = BUF_INIT;

	family_scene_draw(canvas, scene);
	text_canvas(&text, canvas);
	buf_addf(&file, "family/%s-%dx%d%s.txt", name, columns, rows, ascii ? "-ascii" : "");
	is_golden(&text, buf_text(&file));
	buf_free(&text);
	buf_free(&file);
	canvas_free(canvas);
}

static void
screens(const char *name, const struct family_scene *scene)
{
	screen(name, scene, 80, 24, false);
	screen(name, scene, 60, 18, false);
	screen(name, scene, 40, 12, false);
	screen(name, scene, 80, 24, true);
	screen(name, scene, 120, 40, false);
}

/* Why: nobody asked, nothing copied yet, and what a Python server's workers copied. */
static void
blame_row_add(struct blame *blame, const char *process, enum cause cause, const char *object,
    const char *function, uint64_t pages)
{
	struct blame_writer writer = {.pid = 4243,
	    .cause = cause,
	    .runtime = cause == CAUSE_DATA ? RUNTIME_NONE : RUNTIME_CPYTHON,
	    .offset = 0x1234,
	    .pages = pages};

	writer.process = process;
	writer.object = object;
	writer.module = "python3.11";
	writer.function = function;
	writer.mapping = cause == CAUSE_DATA ? "/usr/bin/python3.11" : "anonymous";
	blame_add_writer(blame, &writer);
	blame->copies += pages;
	blame->attributed += pages;
}

static struct blame *
paper_blame(void)
{
	struct blame *blame = blame_new();
	struct blame_code code = {.samples = 2300};

	blame_row_add(blame, "b", CAUSE_GC_MARK, "dict", "deduce_unreachable", 24000);
	blame_row_add(blame, "c", CAUSE_GC_MARK, "list", "", 4000);
	blame_row_add(blame, "c", CAUSE_REFCOUNT, "str", "_PyEval_EvalFrameDefault", 900);
	blame_row_add(blame, "b", CAUSE_DATA, "_PyRuntime", "take_gil", 12);
	code.language = "python";
	code.function = "collect";
	code.source = "app.py:17";
	blame_add_code(blame, &code);
	blame->samples = 2890;
	blame->copies += 7;
	blame->lost = 3;
	blame_finish(blame);
	return blame;
}

static void
test_blame(const struct family *family)
{
	struct family_scene scene = scene_of(family, NULL, FAMILY_BLAME);
	struct blame *empty = blame_new();
	size_t count, *listed;

	screen("blame-not-asked", &scene, 80, 24, false);
	scene.blames = true;
	screen("blame-soon", &scene, 80, 24, false);
	blame_finish(empty);
	family_take_blame(family, empty);
	screen("blame-nothing", &scene, 80, 24, false);
	family_take_blame(family, paper_blame());
	screens("blame", &scene);
	family_move(&scene.cursor, &scene, PLACE_DOWN, 80, 24);
	is_number(scene.cursor.blame_top, 1, "a row down");
	blame_view_section(&scene.cursor, &scene);
	screen("blame-objects", &scene, 80, 24, false);
	ok(blame_view_search(&scene.cursor, &scene, "take_gil"), "a row is found");
	screen("blame-found", &scene, 80, 24, false);
	ok(!blame_view_search(&scene.cursor, &scene, "nowhere"), "or not");
	family_move(&scene.cursor, &scene, PLACE_LAST, 80, 24);
	blame_view_section(&scene.cursor, &scene);
	is_number(scene.cursor.blame_top, 0, "after the last part comes the first");
	scene.cursor.order = ORDER_NAME;
	screen("blame-by-name", &scene, 80, 24, false);
	ok(blame_view_search(&scene.cursor, &scene, "take_gil"), "a row is found there too");
	listed = family_listed(family, &scene.cursor, &count);
	for (size_t i = 0; i + 1 < count; i++)
		ok(strcmp(region_name(&family->regions[listed[i]]),
		       region_name(&family->regions[listed[i + 1]])) <= 0,
		    "mappings by name: %zu", i);
	free(listed);
}

static void
test_screens(void)
{
	const struct family *family = paper_family(&(struct paper){3, 30, true});
	struct erosion *erosion = paper_erosion(&(struct paper){3, 30, true});
	struct family_scene scene = scene_of(family, erosion, FAMILY_PROCESSES);

	screens("processes", &scene);
	scene.view = FAMILY_MAPPINGS;
	screens("mappings", &scene);
	scene.view = FAMILY_MAP;
	scene.cursor.member = 1;
	scene.cursor.page = 20 * MIB;
	screens("map", &scene);
	scene.cursor.zoom = 1;
	screen("map-pages", &scene, 80, 24, false);
	scene.view = FAMILY_EROSION;
	screens("erosion", &scene);
	scene.cursor.erosion = EROSION_OF_ALL;
	screens("erosion-mappings", &scene);
	scene.cursor.erosion = EROSION_OF_ONE;
	screens("erosion-process", &scene);
	scene.view = FAMILY_SAME;
	screens("same", &scene);
	test_blame(family);
	erosion_free(erosion);
	family_free(family);
}

/* Who wrote is not known: the page counts in both, and as a copy. */
static void
test_parted(void)
{
	struct family *family =
	    (struct family *)(uintptr_t)paper_family(&(struct paper){1, 0, false});
	struct family_scene scene;
	struct region *region = &family->regions[0];

	while (region->kind != REGION_ANON || *region->path)
		region++;
	for (size_t i = 0; i < 2; i++)
		strip_fill(&region->strips[i], MIB, 2 * MIB, PAGE_PARTED | CELL_WAS_SHARED);
	strip_fill(&region->strips[1], MIB, MIB, PAGE_PARTED | CELL_WAS_SHARED | CELL_SAME);
	family_finish(family);
	scene = scene_of(family, NULL, FAMILY_SAME);
	screen("same-parted", &scene, 80, 24, false);
	scene.view = FAMILY_MAPPINGS;
	screen("mappings-parted", &scene, 80, 24, false);
	screen("mappings-parted", &scene, 60, 18, false);
	family_free(family);
}

/* More mappings than are followed; d leaves, and e joins with the last sample. */
static const struct family *
crowd(double seconds, bool last)
{
	struct family *family =
	    (struct family *)(uintptr_t)paper_family(&(struct paper){last ? 2 : 3, seconds, true});

	if (last) {
		family_add_member(family, "d", 4245, "python3")->life = MEMBER_GONE;
		family_add_member(family, "e", 4246, "python3");
	}
	for (uint64_t i = 0; i < 40; i++) {
		uint64_t start = 0x7f0d00000000 + (i << 24),
			 copied = (i % 7 + 1) * (uint64_t)seconds;
		struct region *region = family_add_region(family, start, start + 1024 * 4096,
		    i == 5 ? REGION_FILE : REGION_ANON,
		    i == 5 ? "/usr/lib/python3/dist-packages/numpy/core/_multiarray.so" : "");

		strip_fill(region_add_strip(region, 0), 0, 1024, SHARED);
		strip_fill(region_add_strip(region, 1), 0, 1024, SHARED);
		strip_fill(&region->strips[1], 0, copied, WENT);
		if (last)
			strip_fill(region_add_strip(region, 4), 0, 1024, SHARED);
		else
			strip_fill(region_add_strip(region, 3), 0, 1024, SHARED);
		if (!last)
			strip_fill(&region->strips[2], 0, copied / 2, WENT);
	}
	family_finish(family);
	return family;
}

static void
test_crowd(void)
{
	struct erosion *erosion = erosion_new();
	const struct family *family;
	struct family_scene scene;

	for (int i = 0; i <= 5; i++) {
		family = crowd(i * 4, i == 5);
		erosion_add(erosion, family);
		if (i < 5)
			family_free(family);
	}
	scene = scene_of(family, erosion, FAMILY_EROSION);
	screens("erosion-crowd", &scene);
	scene.cursor.erosion = EROSION_OF_ALL;
	screens("erosion-crowd-mappings", &scene);
	family_move(&scene.cursor, &scene, PLACE_FIRST, 80, 24);
	is_number(family->regions[scene.cursor.region].start, 0x7f0c40000000,
	    "the first is the mapping with most copied");
	family_move(&scene.cursor, &scene, PLACE_DOWN, 80, 24);
	ok(family->regions[scene.cursor.region].start >= 0x7f0d00000000, "down is the next");
	family_move(&scene.cursor, &scene, PLACE_LAST, 80, 24);
	screen("erosion-crowd-last", &scene, 80, 24, false);
	family_move(&scene.cursor, &scene, PLACE_NEXT, 80, 24);
	is_number(scene.cursor.erosion, EROSION_OF_ONE, "Tab is of one process");
	is_number(scene.cursor.member, 0, "the first");
	family_move(&scene.cursor, &scene, PLACE_PREVIOUS, 80, 24);
	is_number(scene.cursor.erosion, EROSION_OF_ALL, "and back of all");
	family_move(&scene.cursor, &scene, PLACE_PREVIOUS, 80, 24);
	is_text(family->members[scene.cursor.member].name, "e", "before all comes the last");
	screen("erosion-crowd-joined", &scene, 80, 24, false);
	scene.cursor.region = SIZE_MAX;
	family_settle_erosion(&scene.cursor, &scene);
	ok(scene.cursor.region < family->region_count,
	    "what is drawn as selected is what Enter goes to");
	family_free(family);
	erosion_free(erosion);
}

static void
test_sparse(void)
{
	const struct family *family = paper_family(&(struct paper){1, 30, true});
	struct family_scene scene = scene_of(family, NULL, FAMILY_MAP);

	ok(family_search(&scene.cursor, family, "arena"),
	    "the mapping of 1 TiB is found by its name");
	screen("sparse", &scene, 80, 24, false);
	scene.cursor.zoom = 1;
	screen("sparse-pages", &scene, 80, 24, false);
	family_free(family);
}

static void
test_many(void)
{
	const struct family *family = paper_family(&(struct paper){63, 30, false});
	struct family_scene scene = scene_of(family, NULL, FAMILY_PROCESSES);

	screen("many", &scene, 80, 24, false);
	scene.cursor.member = 40;
	screen("many-below", &scene, 80, 24, false);
	scene.view = FAMILY_MAP;
	screen("many-map", &scene, 80, 24, false);
	family_free(family);
}

static void
test_page(void)
{
	const struct family *family = paper_family(&(struct paper){2, 30, true});
	struct family_scene scene = scene_of(family, NULL, FAMILY_PAGE);
	struct page_look looks[3] = {
	    {true, true, 0, UINT64_C(0x8000000000012345), 0x1000, COUNT_UNKNOWN, TRI_NO, TRI_NO,
		SHARED, 5},
	    {true, true, 0, UINT64_C(0x8100000000054321), 0x1000, 1, TRI_NO, TRI_NO,
		WENT | CELL_SAME, 2},
	    {true, true, 0, UINT64_C(0x8000000000012345), 0x1000, 2, TRI_NO, TRI_NO, SHARED, 5},
	};

	scene.looks = looks;
	scene.cursor.page = 9 * MIB;
	scene.cursor.member = 1;
	screens("page", &scene);
	family_free(family);
}

/* Sums without cells, as a file without --cells has them: nothing is claimed of any page. */
static void
test_no_cells(void)
{
	struct family *family = family_new();
	struct region *region;
	struct family_scene scene;

	family_add_member(family, "a", 1, "one");
	region = family_add_region(family, 0x10000, 0x20000, REGION_HEAP, "[heap]");
	region_add_strip(region, 0);
	family_finish(family);
	region->tally.counts[PAGE_SHARED] = 16;
	scene = scene_of(family, NULL, FAMILY_MAP);
	screen("no-cells", &scene, 80, 24, false);
	family_free(family);
}

/* Before the first sample is complete: who is there, and no number. */
static void
test_reading(void)
{
	struct family *family = family_new();
	struct family_scene scene;

	family_add_member(family, "a", 100, "postgres");
	family_add_member(family, "b", 101, "postgres")->parent = 0;
	family->whole = false;
	family->pages = 3 * 262144;
	family->time_ns = 60 * SECOND;
	family_finish(family);
	scene = scene_of(family, NULL, FAMILY_PROCESSES);
	screens("reading", &scene);
	scene.view = FAMILY_MAP;
	screen("reading-map", &scene, 60, 18, false);
	screen("reading-map", &scene, 30, 6, false);
	family_free(family);
}

static void
test_help(void)
{
	const struct family *family = paper_family(&(struct paper){2, 30, true});
	struct family_scene scene = scene_of(family, NULL, FAMILY_HELP);
	struct buf help = BUF_INIT;

	help_family(&help);
	scene.overlay.help = buf_text(&help);
	scene.overlay.help_title = "help";
	screen("help", &scene, 80, 20, false);
	buf_free(&help);
	family_free(family);
}

/* Nothing is refused and nothing is drawn outside: the canvas would clip, the sanitizers would
 * tell. */
static void
test_sizes(void)
{
	const struct family *family = paper_family(&(struct paper){5, 30, false}),
			    *nobody = family_new();
	struct erosion *erosion = paper_erosion(&(struct paper){5, 30, false});
	int wrong = 0, drawn = 0;

	for (int view = FAMILY_PROCESSES; view <= FAMILY_HELP; view++)
		for (int columns = 1; columns < 130; columns += columns < 20 ? 1 : 7)
			for (int rows = 1; rows < 50; rows += rows < 12 ? 1 : 5) {
				struct canvas *canvas = canvas_new(columns, rows, columns % 2);
				struct family_scene scene =
				    scene_of(family, erosion, (enum family_view)view);

				family_scene_draw(canvas, &scene);
				wrong +=
				    canvas->cursor_column >= columns || canvas->cursor_row >= rows;
				scene = scene_of(nobody, NULL, (enum family_view)view);
				scene.overlay.message = "a message";
				family_scene_draw(canvas, &scene);
				drawn++;
				canvas_free(canvas);
			}
	ok(drawn > 1000, "every size is drawn");
	is_number(wrong, 0, "the cursor stays on the screen");
	family_free(family);
	family_free(nobody);
	erosion_free(erosion);
}

static void
test_moving(void)
{
	const struct family *family = paper_family(&(struct paper){3, 30, true});
	struct family_scene scene = scene_of(family, NULL, FAMILY_PROCESSES);
	struct family_cursor *cursor = &scene.cursor;
	uint64_t first, end;

	family_move(cursor, &scene, PLACE_DOWN, 80, 24);
	is_number(cursor->member, 1, "down is the next process");
	family_move(cursor, &scene, PLACE_LAST, 80, 24);
	is_number(cursor->member, 3, "End is the last");
	family_move(cursor, &scene, PLACE_NEXT, 80, 24);
	is_number(cursor->member, 0, "behind the last is the first");
	scene.view = FAMILY_MAPPINGS;
	is_text(family->regions[cursor->region].path, "", "most was copied of what has no name");
	family_move(cursor, &scene, PLACE_DOWN, 80, 24);
	is_text(family->regions[cursor->region].path, "[heap]", "then of the heap");
	cursor->filter = FILTER_FILES;
	family_settle(cursor, family);
	is_text(family->regions[cursor->region].path, "/usr/lib/libpython3.11.so.1.0",
	    "the filter leaves the file");
	cursor->filter = FILTER_ALL;
	ok(!family_search(cursor, family, "nothing like it"), "what is not there is not found");
	ok(family_search(cursor, family, "heap"), "the heap is");
	scene.view = FAMILY_MAP;
	family_move(cursor, &scene, PLACE_RIGHT, 80, 24);
	is_number(cursor->page, 1, "40 pages have a cell each");
	family_move(cursor, &scene, PLACE_LAST, 80, 24);
	is_number(cursor->page, 39, "End is the last page");
	family_zoom(cursor, &scene, ZOOM_OUT, 80, 24);
	family_cell(&scene, 80, 24, &first, &end);
	is_number(first, 38, "zoomed out a cell is two pages");
	is_number(end, 40, "no more");
	family_zoom(cursor, &scene, ZOOM_IN, 80, 24);
	family_cell(&scene, 80, 24, &first, &end);
	is_number(end - first, 1, "and zoomed in again one");
	family_free(family);
}

/* Every page of a region lies in exactly one cell, and the cell gives it back. */
static void
test_axis(void)
{
	const struct family *family = paper_family(&(struct paper){1, 30, true});
	struct family_scene scene = scene_of(family, NULL, FAMILY_MAP);
	int wrong = 0;

	for (size_t region = 0; region < family->region_count; region++)
		for (uint64_t zoom = 0; zoom <= 4096; zoom = zoom ? zoom * 2 : 1)
			for (uint64_t page = 0;
			     page < region_pages(family, &family->regions[region]);
			     page = page * 3 / 2 + 1) {
				uint64_t first, end;

				scene.cursor.region = region;
				scene.cursor.zoom = zoom;
				scene.cursor.page = page;
				family_cell(&scene, 80, 24, &first, &end);
				wrong += page < first || page >= end;
			}
	is_number(wrong, 0, "the cell of a page holds the page");
	family_free(family);
}

static void
test_glyphs(void)
{
	struct tally tally = {.counts = {[PAGE_SHARED] = 3, [PAGE_COPIED] = 5}};

	is_text(family_glyph_text(family_glyph_of(&tally, 8), false), "◈",
	    "most of the pages are copied");
	is_text(family_glyph_text(family_glyph_of(&tally, 16), false), "◇", "fewer than half");
	is_text(family_glyph_text(family_glyph_of(&tally, 5), false), "◆", "all");
	is_text(family_glyph_text(family_glyph_of(&tally, 8), true), "C", "in ASCII too");
	is_text(family_glyph_text(family_glyph_of(&(struct tally){.moved = 0}, 8), false), "·",
	    "none is there");
}

static bool
says_at(const struct family_scene *scene, int columns, int rows, const char *wanted)
{
	struct canvas *canvas = canvas_new(columns, rows, false);
	struct buf text = BUF_INIT;
	bool found;

	family_scene_draw(canvas, scene);
	text_canvas(&text, canvas);
	found = strstr(buf_text(&text), wanted);
	buf_free(&text);
	canvas_free(canvas);
	return found;
}

static bool
says(const struct family_scene *scene, int columns, const char *wanted)
{
	return says_at(scene, columns, 24, wanted);
}

/* Of what an ordinary user lacks, a view names what it would show. */
static void
test_lacks(void)
{
	const struct family *family = paper_family(&(struct paper){3, 30, false});
	struct erosion *erosion = paper_erosion(&(struct paper){3, 30, false});
	struct family_scene scene = scene_of(family, erosion, FAMILY_PROCESSES);

	scene.blames = true;
	ok(says(&scene, 80, "Root would be told who wrote"), "root would be told who wrote");
	scene.view = FAMILY_BLAME;
	family_take_blame(family, paper_blame());
	ok(!says(&scene, 80, "Root would"), "where events told that, nothing is lacking");
	erosion_free(erosion);
	family_free(family);
}

/* Hexadecimal numbers that are no address, frame or pagemap entry of the paper family: they are
 * cut. */
static int
count_cut(const struct family_scene *scene, int columns, int rows)
{
	struct canvas *canvas = canvas_new(columns, rows, false);
	struct buf text = BUF_INIT;
	int cut = 0;

	family_scene_draw(canvas, scene);
	text_canvas(&text, canvas);
	for (const char *at = buf_text(&text); (at = strstr(at, "0x")); at += 2) {
		size_t digits = strspn(at + 2, "0123456789abcdef");

		cut += digits != 12 && digits != 5 && digits != 16;
	}
	buf_free(&text);
	canvas_free(canvas);
	return cut;
}

static void
test_small(void)
{
	static const int sizes[][2] = {{60, 18}, {40, 12}, {23, 7}, {81, 25}, {52, 10}};
	const struct family *family = paper_family(&(struct paper){3, 30, true});
	struct erosion *erosion = paper_erosion(&(struct paper){3, 30, true});
	struct family_scene scene = scene_of(family, erosion, FAMILY_EROSION);
	struct page_look looks[4] = {
	    {true, true, 0, UINT64_C(0x8000000000012345), 0x1000, 2, TRI_NO, TRI_NO, SHARED, 5},
	    {true, true, 0, UINT64_C(0x8100000000054321), 0x1000, 1, TRI_NO, TRI_NO, WENT, 2},
	};

	ok(says_at(&scene, 40, 12, "No longer shared: 203M = ◆ copied 203M"),
	    "40x12: what is no longer shared is told to its sum");
	ok(says_at(&scene, 40, 12, "who copied"), "and what the columns are");
	ok(says_at(&scene, 80, 24, "watching began 30 s ago"), "80x24: what the axis is");
	scene.looks = looks;
	scene.cursor.page = 9 * MIB;
	scene.cursor.member = 1;
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		int cut = 0;

		for (int view = FAMILY_PROCESSES; view < FAMILY_HELP; view++) {
			scene.view = (enum family_view)view;
			cut += count_cut(&scene, sizes[i][0], sizes[i][1]);
		}
		is_number(cut, 0, "%dx%d: no number is cut", sizes[i][0], sizes[i][1]);
	}
	scene.view = FAMILY_PAGE;
	ok(says_at(&scene, 40, 12, "K shows "), "40x12: what the page has no room for is said");
	ok(!says_at(&scene, 80, 24, "K shows "), "80x24: it has");
	erosion_free(erosion);
	family_free(family);
}

/* Where not all rows are in sight, each view says which, on no row of theirs. */
static void
test_positions(void)
{
	const struct family *family = paper_family(&(struct paper){63, 30, true});
	struct erosion *erosion = paper_erosion(&(struct paper){63, 30, true});
	struct family_scene scene = scene_of(family, erosion, FAMILY_PROCESSES);

	ok(says_at(&scene, 80, 24, "1-16 of 64"), "80x24: of the processes");
	ok(says_at(&scene, 40, 12, "1-7 of 64 ") && says_at(&scene, 23, 7, "python3 4242 +63"),
	    "40x12: in the heads, and how many they are in the title");
	ok(says_at(&scene, 23, 7, "1-2 of 64 ") && says_at(&scene, 23, 7, "180M\n"),
	    "23x7: beside their numbers");
	scene.view = FAMILY_MAPPINGS;
	ok(says_at(&scene, 40, 6, "mapping 1 of 4"), "40x6: of the mappings");
	scene.view = FAMILY_MAP;
	ok(says_at(&scene, 80, 24, "1-17 of 64"), "80x24: of the strips");
	scene.view = FAMILY_PAGE;
	ok(says_at(&scene, 60, 18, "1-5 of 64"), "60x18: of those who have the page");
	scene.view = FAMILY_EROSION;
	ok(says_at(&scene, 60, 18, "1-6 of 64"), "60x18: of the erosion");
	ok(says_at(&scene, 23, 7, "1-4 of 64") || says_at(&scene, 23, 7, "1-3 of 64"),
	    "23x7: there too");
	erosion_free(erosion);
	family_free(family);
}

/* Of a long path the file is shown, of a page all of it on demand. */
static void
test_long_names(void)
{
	const struct family *family = crowd(20, false);
	struct family_scene scene = scene_of(family, NULL, FAMILY_MAP);
	struct buf text = BUF_INIT;

	ok(family_search(&scene.cursor, family, "_multiarray"), "a mapping of a long path");
	ok(says_at(&scene, 60, 18, "…/_multiarray.so  4.0M"), "its map says the file and the size");
	scene.view = FAMILY_PAGE;
	scene.cursor.member = 1;
	ok(says_at(&scene, 40, 12, "page 0 of …/_multiarray.so  (+0K)"), "its page too");
	family_explain(&text, &scene);
	ok(strstr(buf_text(&text), "/usr/lib/python3/dist-packages/numpy/core/_multiarray.so in b"),
	    "explained, it is named in full");
	ok(strstr(buf_text(&text), "  state      "), "with all that is known of it");
	buf_free(&text);
	family_free(family);
}

/* Keys and commands of the help are there, and say nothing of the lab. */
static void
test_family_help(void)
{
	struct buf text = BUF_INIT;

	help_family_command(&text, VERB_QUIT);
	ok(!strstr(buf_text(&text), "lab") && strstr(buf_text(&text), "the processes go on"),
	    "help quit is about running processes");
	buf_clear(&text);
	help_family(&text);
	ok(!strstr(buf_text(&text), " lab") && !strstr(buf_text(&text), "panels"),
	    "nothing is said of the lab");
	ok(!strstr(buf_text(&text), "mouse"), "no key is named that does nothing");
	for (size_t i = 0; i < family_command_count; i++)
		ok(strstr(buf_text(&text), command_defs[family_commands[i].verb].name),
		    "%s is listed", command_defs[family_commands[i].verb].name);
	buf_free(&text);
}

/* --freeze that did not hold to the end. */
static void
test_restless(void)
{
	struct family *family =
	    (struct family *)(uintptr_t)paper_family(&(struct paper){1, 30, true});
	struct family_scene scene = scene_of(family, NULL, FAMILY_PROCESSES);
	struct buf text = BUF_INIT;

	ok(!says(&scene, 80, "not held still"),
	    "nothing is said of standing still where nobody asked for it");
	family_sentences(&text, family, NULL);
	ok(!strstr(buf_text(&text), "stood still"), "nor in words");
	family->frozen = true;
	family_sentences(&text, family, NULL);
	ok(strstr(buf_text(&text), "The processes stood still while they were read.\n"),
	    "who stood still is said to have");
	family->frozen = false;
	family->restless = true;
	buf_clear(&text);
	family_sentences(&text, family, NULL);
	ok(strstr(buf_text(&text), "Not all of the processes stood still to the end"),
	    "who did not, not");
	ok(says(&scene, 80, "live, not held still") && says(&scene, 40, "not still"),
	    "and the screen says so");
	scene.saved = true;
	ok(says(&scene, 80, "RECORDED"), "but not of a recorded sample");
	buf_free(&text);
	family_free(family);
}

int
main(void)
{
	test_screens();
	test_parted();
	test_crowd();
	test_sparse();
	test_many();
	test_page();
	test_no_cells();
	test_reading();
	test_help();
	test_sizes();
	test_moving();
	test_axis();
	test_glyphs();
	test_restless();
	test_small();
	test_positions();
	test_long_names();
	test_family_help();
	test_lacks();
	return done_testing();
}
