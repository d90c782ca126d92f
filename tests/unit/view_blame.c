/*
 * Who wrote, as bars: golden pictures, light and dark, and no size is refused.
 */
#include "config.h"

#define PICTURE_WRITER picture_svg
#include "picture_golden.h"

#include "model/family/blame.h"
#include "out/picture/text.h"
#include "view/family/blame_chart.h"

static void
paper_writer(struct blame *blame, enum cause cause, enum runtime runtime, uint64_t pages)
{
	const struct blame_writer writer = {.process = "b",
	    .pid = 4711,
	    .cause = cause,
	    .runtime = runtime,
	    .object = "dict",
	    .module = "python3.11",
	    .function = "",
	    .mapping = "[heap]",
	    .offset = 0x1234,
	    .pages = pages};

	blame_add_writer(blame, &writer);
}

static void
paper_code(struct blame *blame, const char *function, const char *source, const char *command,
    uint64_t samples)
{
	const struct blame_code code = {.language = "python",
	    .function = function,
	    .source = source,
	    .command = command,
	    .samples = samples};

	blame_add_code(blame, &code);
}

static const struct blame *
paper_blame(void)
{
	struct blame *blame = blame_new();

	paper_writer(blame, CAUSE_GC_MARK, RUNTIME_CPYTHON, 24000);
	paper_writer(blame, CAUSE_REFCOUNT, RUNTIME_CPYTHON, 6100);
	paper_writer(blame, CAUSE_OBJECT, RUNTIME_CPYTHON, 1800);
	paper_writer(blame, CAUSE_ALLOCATOR, RUNTIME_GLIBC, 900);
	paper_writer(blame, CAUSE_STACK, RUNTIME_NONE, 31);
	paper_writer(blame, CAUSE_UNKNOWN, RUNTIME_NONE, 12);
	paper_code(blame, "collect", "gc_worker.py:61", NULL, 2400);
	paper_code(blame, "Table.read_all", "app.py:6", NULL, 610);
	paper_code(blame, "<listcomp>\033[2J", "\xe9\xa1\xb5.py:12", NULL, 180);
	paper_code(blame, "memcpy", "libc.so.6", "setrange", 90);
	blame->copies = blame->attributed = 32843;
	blame->samples = 3284;
	blame->stack_every = 10;
	blame_finish(blame);
	return blame;
}

static struct canvas *
chart(const struct blame *blame, int columns, int rows, bool ascii)
{
	struct canvas *canvas = canvas_new(columns, rows, ascii);

	blame_chart_draw(canvas, 1, 0, columns - 1, rows, blame);
	return canvas;
}

static void
as_text(const struct blame *blame, int columns, int rows, bool ascii)
{
	struct canvas *canvas = chart(blame, columns, rows, ascii);
	struct buf text = BUF_INIT, name = BUF_INIT;

	text_canvas(&text, canvas);
	buf_addf(&name, "blame/%dx%d%s.txt", columns, rows, ascii ? "-ascii" : "");
	is_golden(&text, buf_text(&name));
	buf_free(&name);
	buf_free(&text);
	canvas_free(canvas);
}

static void
as_picture(const struct blame *blame, const char *theme, const char *name)
{
	struct canvas *canvas = chart(blame, 80, 22, false);
	struct origin origin = picture_origin();
	struct buf one = BUF_INIT, other = BUF_INIT;

	draw(&one, canvas, theme, &origin);
	is_golden(&one, name);
	draw(&other, canvas, theme, &origin);
	ok(strcmp(buf_text(&one), buf_text(&other)) == 0, "the same bytes twice");
	buf_free(&one);
	buf_free(&other);
	canvas_free(canvas);
}

static void
any_size(const struct blame *blame)
{
	struct blame *nothing = blame_new();

	blame_finish(nothing);
	for (int columns = 1; columns < 130; columns += 3)
		for (int rows = 1; rows < 40; rows += 2) {
			canvas_free(chart(blame, columns, rows, columns & 1));
			canvas_free(chart(nothing, columns, rows, false));
		}
	ok(true, "no size is refused, nor nothing to show");
	blame_free(nothing);
}

int
main(void)
{
	const struct blame *blame = paper_blame();

	as_text(blame, 80, 22, false);
	as_text(blame, 80, 22, true);
	as_text(blame, 60, 16, false);
	as_text(blame, 40, 10, false);
	as_picture(blame, "light", "blame/light.svg");
	as_picture(blame, "dark", "blame/dark.svg");
	any_size(blame);
	blame_free(blame);
	return done_testing();
}
