/*
 * Writes captures of pretended states into a directory, and beside each the canvas it shows as
 * JSON, for tests that open them with other programs: samples DIRECTORY.
 */
#include "config.h"

#include "out/picture/picture.h"
#include "view/lab/report.h"
#include "view_stories.h"

#include <errno.h>
#include <stdio.h>

#define FILM_STEPS 200

static const char *directory;

static void
save(const char *name, const char *ending, const struct buf *text)
{
	struct buf path = BUF_INIT;
	FILE *file;

	buf_addf(&path, "%s/%s.%s", directory, name, ending);
	file = fopen(buf_text(&path), "w");
	if (!file || fwrite(buf_text(text), 1, text->length, file) != text->length ||
	    fclose(file)) {
		fprintf(stderr, "%s: %s\n", buf_text(&path), strerror(errno));
		exit(1);
	}
	buf_free(&path);
}

static void
add_string(struct buf *out, const char *text, size_t length)
{
	buf_add_char(out, '"');
	for (size_t i = 0; i < length; i++)
		buf_addf(out, "%02x", (unsigned char)text[i]);
	buf_add_char(out, '"');
}

static void
add_theme(struct buf *out, const struct theme *theme)
{
	buf_addf(out, "{\"foreground\":%u,\"background\":%u,\"roles\":[", theme->foreground,
	    theme->background);
	for (int i = 0; i < ROLE_COUNT; i++) {
		const struct style *style = &theme->styles[i];

		buf_addf(out, "%s[%lld,%lld,%d]", i ? "," : "",
		    style->foreground == THEME_DEFAULT ? -1LL : style->foreground,
		    style->background == THEME_DEFAULT ? -1LL : style->background,
		    style->attributes);
	}
	buf_add(out, "]}");
}

/* The cells as [text in hexadecimal, width, role, marks]. */
static void
add_canvas(struct buf *out, const struct canvas *canvas)
{
	buf_addf(out, "{\"columns\":%d,\"rows\":%d,\"cells\":[", canvas->columns, canvas->rows);
	for (int i = 0; i < canvas->columns * canvas->rows; i++) {
		const struct cell *cell = &canvas->cells[i];

		buf_add(out, i ? ",\n[" : "[");
		add_string(out, cell->text, strnlen(cell->text, sizeof(cell->text)));
		buf_addf(out, ",%d,%d,%d]", cell->width, cell->role, cell->marks);
	}
	buf_add(out, "]}");
}

static struct origin
origin_of(const char *title, const char *description)
{
	return (struct origin){
	    .title = title,
	    .description = description,
	    .command_line = "cowscope --batch -c 'write a:2 \"<&>\"' --format=svg -o a.svg",
	    .software = "cowscope 0.1.0",
	    .kernel = "Linux 6.18.0",
	    .time_s = 1700000000,
	};
}

static void
save_picture(const char *name, const struct canvas *canvas, const char *theme)
{
	struct picture picture = {.canvas = canvas, .theme = theme_find(theme), .scale = 1};
	struct buf out = BUF_INIT;
	struct err err = {0};

	picture.origin =
	    origin_of(name, "a page 2: copied, frame a2\nb page 2: shared with c <F2> & so on");
	picture_svg(&out, &picture, &err);
	save(name, "svg", &out);
	buf_clear(&out);
	picture_html(&out, &picture, &err);
	save(name, "html", &out);
	buf_clear(&out);
	buf_add(&out, "{\"theme\":");
	add_theme(&out, picture.theme);
	buf_add(&out, ",\"canvas\":");
	add_canvas(&out, canvas);
	buf_add(&out, "}\n");
	save(name, "json", &out);
	buf_free(&out);
}

static void
save_story(struct story *story, int columns, int rows, const char *theme)
{
	struct canvas *canvas = canvas_new(columns, rows, false);
	struct buf name = BUF_INIT;

	buf_addf(&name, "%s-%dx%d-%s", story->name, columns, rows, theme);
	scene_draw(canvas, story_scene(story));
	save_picture(buf_text(&name), canvas, theme);
	buf_free(&name);
	canvas_free(canvas);
}

/* Cells that no pen would draw: what a damaged or hostile file might hold. */
static void
save_arbitrary(void)
{
	struct canvas *canvas = canvas_new(60, 20, false);
	uint64_t state = 42;

	for (int i = 0; i < canvas->columns * canvas->rows; i++) {
		unsigned char *bytes = (unsigned char *)&canvas->cells[i];

		for (size_t at = 0; at < sizeof(struct cell); at++) {
			state = state * UINT64_C(6364136223846793005) + 1442695040888963407u;
			bytes[at] = (unsigned char)(state >> 56);
		}
		if (i % 3)
			canvas->cells[i].width = (uint8_t)(i % 4);
		if (i % 5 == 0)
			memcpy(canvas->cells[i].text, "]]><!--&\"'\0", 11);
	}
	save_picture("arbitrary", canvas, "dark");
	canvas_free(canvas);
}

/* Everything the canvas can hold, each cell alone and side by side. */
static void
save_characters(void)
{
	struct canvas *canvas = canvas_new(40, 2 * ROLE_COUNT + 8, false);
	struct pen pen;

	for (int row = 0; row < 2 * ROLE_COUNT; row++) {
		pen = pen_at(canvas, 1, row, 40, (enum role)(row / 2));
		pen_text(&pen, "Wm| 页面 ■□▲△▽◆○● ··· é …");
		pen.marks = row % 2 ? MARK_CURSOR : MARK_CHANGED;
		pen_text(&pen, "gj y");
	}
	for (int row = 0; row < 8; row++) {
		static const char *const lines[] = {
		    "┌──┬──┐",
		    "│  │  │",
		    "├──┼──┤",
		    "└──┴──┘",
		    "▀▄█▌▐░▒▓",
		    "╔═╦╗╭╮",
		    "╚═╩╝╰╯",
		    "▁▂▃▅▆▇▉▊",
		};

		pen = pen_at(canvas, 3, 2 * ROLE_COUNT + row, 40, ROLE_PLAIN);
		pen_text(&pen, lines[row]);
	}
	save_picture("characters", canvas, "print");
	canvas_free(canvas);
}

/* A session of FILM_STEPS: reads and writes that change a few pages each, at times all. */
static struct snapshot *
next_step(struct stage *stage, uint32_t step, const struct snapshot *before, struct buf *command)
{
	char process = (char)('a' + step % 3);
	uint32_t page = step * 7 % stage->pages;

	buf_clear(command);
	if (step % 20 == 1) {
		all_read(stage);
		buf_add(command, "read all:*");
	} else if (step % 20 == 0) {
		for (int i = 0; i < 3; i++)
			memset(stage->processes[i].frame, 0, sizeof(stage->processes[i].frame));
		buf_add(command, "reset");
	} else {
		buf_addf(command, "write %c:%u \"</script>&%u\"", process, page, step);
		stage_write(stage, process, page, "</s>&]]>");
	}
	return stage_snapshot(stage, step ? buf_text(command) : NULL, before);
}

static struct film_step
draw_step(const struct snapshot *before, const struct snapshot *now)
{
	struct scene scene = {.now = now, .before = before, .process = 'a', .page = 2};
	struct film_step step = {.step = now->step, .time_ns = now->time_ns};
	struct canvas *canvas = canvas_new(80, 24, false);
	struct events events;
	struct buf text = BUF_INIT, state = BUF_INIT;

	events_between(&events, before, now);
	scene.events = &events;
	scene_draw(canvas, &scene);
	events_paragraph(&text, &events, now);
	step.canvas = canvas;
	step.command = mem_string(now->command ? now->command : "");
	step.text = buf_take(&text);
	report_state(&state, now);
	step.state = buf_take(&state);
	events_free(&events);
	return step;
}

static void
save_film(size_t count, const char *name)
{
	struct stage *stage = stage_new(KIND_PRIVATE_FILE, 10, 3, true);
	struct film film = {
	    .count = count,
	    .theme = theme_find("print"),
	    .dark = theme_find("dark"),
	};
	struct film_step *steps = mem_zero(count, sizeof(*steps));
	struct snapshot *before = NULL;
	struct buf out = BUF_INIT, command = BUF_INIT;
	struct err err = {0};

	for (size_t i = 0; i < count; i++) {
		struct snapshot *now = next_step(stage, (uint32_t)i, before, &command);

		steps[i] = draw_step(before, now);
		snapshot_free(before);
		before = now;
	}
	film.steps = steps;
	film.origin =
	    origin_of("cowscope: a session & its steps", "at the end <everything> is shared");
	film_html(&out, &film, &err);
	save(name, "html", &out);
	buf_clear(&out);
	buf_add(&out, "[");
	for (size_t i = 0; i < count; i++) {
		buf_add(&out, i ? ",\n" : "");
		add_canvas(&out, steps[i].canvas);
	}
	buf_add(&out, "]\n");
	save(name, "json", &out);
	for (size_t i = 0; i < count; i++) {
		canvas_free((struct canvas *)(uintptr_t)steps[i].canvas);
		free((char *)(uintptr_t)steps[i].command);
		free((char *)(uintptr_t)steps[i].text);
		free((char *)(uintptr_t)steps[i].state);
	}
	free(steps);
	buf_free(&out);
	buf_free(&command);
	snapshot_free(before);
	free(stage);
}

int
main(int argc, char **argv)
{
	if (argc != 2) {
		fprintf(stderr, "usage: samples DIRECTORY\n");
		return 2;
	}
	directory = argv[1];
	for (size_t i = 0; i < STORY_COUNT; i++) {
		struct story story = stories[i]();

		save_story(&story, 80, 24, "print");
		if (i % 4 == 2 || strcmp(story.name, "hostile") == 0)
			save_story(&story, 60, 18, "dark");
		story_free(&story);
	}
	save_arbitrary();
	save_characters();
	save_film(FILM_STEPS, "film");
	return 0;
}
