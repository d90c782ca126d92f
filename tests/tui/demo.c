/*
 * Shows what src/tui does, without the rest of the program: every role, both marks, the last event.
 * q or TUI_END leaves; + counts; M turns the mouse on; L redraws; ! dies of what --die says.
 */
#include "config.h"
#include "base/err.h"
#include "tui/tui.h"

#include <locale.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

struct demo {
	bool ascii, quiet, mouse, over;
	const char *die;
	unsigned count, keys;
	char typed[64]; /* the last characters and names */
	char last[64];
	int ended_by;
};

static const char *const words[] = {
#define X(constant, word) word,
    ROLES(X)
#undef X
};

static void
line(struct canvas *canvas, int row, enum role role, const char *text)
{
	struct pen pen = pen_at(canvas, 0, row, canvas->columns, role);

	pen_text(&pen, text);
}

static void
draw_roles(struct canvas *canvas)
{
	for (int role = 0; role < ROLE_COUNT; role++) {
		struct pen pen =
		    pen_at(canvas, (role % 3) * 20, 6 + role / 3, canvas->columns, (enum role)role);

		pen_text(&pen, words[role]);
		pen.marks = MARK_CHANGED;
		pen_text(&pen, " new");
		pen.marks = MARK_CURSOR;
		pen_text(&pen, " @");
	}
}

static void
draw_glyphs(struct canvas *canvas)
{
	struct pen pen = pen_at(canvas, 0, 4, canvas->columns, ROLE_PLAIN);

	pen_glyph(&pen, "\u25A0", "#");
	pen_glyph(&pen, "\u25C6", "*");
	pen_glyph(&pen, "\u2500", "-");
	pen_glyph(&pen, "\u9875\u8868", "wide");
	pen_text(&pen, "|");
}

static void
draw(const struct demo *demo)
{
	int columns, rows;
	char text[128];
	struct canvas *canvas;

	tui_size(&columns, &rows);
	canvas = canvas_new(columns, rows, demo->ascii);
	snprintf(text, sizeof(text), "demo %dx%d pid %7ld count %u.", columns, rows, (long)getpid(),
	    demo->count);
	line(canvas, 0, ROLE_PLAIN, text);
	if (!demo->quiet) {
		snprintf(text, sizeof(text), "event %s, keys %u.", demo->last, demo->keys);
		line(canvas, 1, ROLE_PLAIN, text);
		line(canvas, 2, ROLE_TEXT, demo->typed);
	}
	draw_glyphs(canvas);
	draw_roles(canvas);
	canvas->cursor_column = 5;
	canvas->cursor_row = 1;
	tui_draw(canvas);
	canvas_free(canvas);
}

__attribute__((noinline)) static int
overflow(int depth)
{
	volatile char room[4096];

	room[0] = (char)depth;
	return depth < 0 ? 0 : overflow(depth + 1) + room[0];
}

static void
die(const char *how)
{
	char *nowhere;

	if (!how)
		return;
	if (strcmp(how, "abort") == 0)
		abort();
	if (strcmp(how, "overflow") == 0)
		exit(overflow(0));
	nowhere = mmap(NULL, 1, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	*(volatile char *)nowhere = 1;
}

static void
obey(struct demo *demo, const char *key)
{
	if (strcmp(key, "q") == 0)
		demo->over = true;
	else if (strcmp(key, "+") == 0)
		demo->count++;
	else if (strcmp(key, "!") == 0)
		die(demo->die);
	else if (strcmp(key, "L") == 0)
		tui_redraw();
	else if (strcmp(key, "M") == 0)
		tui_mouse(demo->mouse = !demo->mouse);
}

static void
remember(struct demo *demo, const char *key)
{
	size_t used = strlen(demo->typed), more = strlen(key);
	bool name = more > 1 && (unsigned char)key[0] < 0x80;

	if (used + more + 2 > sizeof(demo->typed)) {
		memmove(
		    demo->typed, demo->typed + sizeof(demo->typed) / 2, sizeof(demo->typed) / 2);
		used = strlen(demo->typed);
	}
	snprintf(
	    demo->typed + used, sizeof(demo->typed) - used, "%s%s", name && used ? " " : "", key);
}

static void
handle(struct demo *demo, const struct tui_event *event)
{
	switch (event->type) {
	case TUI_KEY:
		demo->keys++;
		snprintf(demo->last, sizeof(demo->last), "%s", event->text);
		remember(demo, event->text);
		obey(demo, event->text);
		break;
	case TUI_CLICK:
		snprintf(demo->last, sizeof(demo->last), "click %d,%d", event->column, event->row);
		break;
	case TUI_RESIZE:
		snprintf(demo->last, sizeof(demo->last), "resize");
		break;
	case TUI_END:
		demo->over = true;
		demo->ended_by = event->signal ? event->signal : -1;
		break;
	case TUI_NOTHING:
		break;
	}
}

static void
run(struct demo *demo)
{
	while (!demo->over) {
		struct pollfd fds[] = {
		    {.fd = tui_fd(), .events = POLLIN},
		    {.fd = tui_signal_fd(), .events = POLLIN},
		};
		struct tui_event event;

		draw(demo);
		poll(fds, 2, -1);
		do {
			event = tui_next();
			handle(demo, &event);
			if (demo->quiet)
				draw(demo);
		} while (event.type != TUI_NOTHING && !demo->over);
	}
}

static void
option(struct demo *demo, struct tui_options *options, const char *word)
{
	if (strcmp(word, "--no-color") == 0)
		options->color = false;
	else if (strcmp(word, "--quiet") == 0)
		demo->quiet = true;
	else if (strncmp(word, "--die=", 6) == 0)
		demo->die = word + 6;
	else if (strncmp(word, "--theme=", 8) == 0)
		options->theme = theme_find(word + 8);
}

int
main(int argc, char *argv[])
{
	struct tui_options options = {.theme = theme_find(NULL), .color = true};
	struct demo demo = {.last = "none"};
	struct err err;

	setlocale(LC_ALL, "");
	for (int i = 1; i < argc; i++)
		option(&demo, &options, argv[i]);
	demo.ascii = tui_ascii();
	if (!options.theme || tui_open(&options, &err) < 0) {
		fprintf(stderr, "demo: %s\n", options.theme ? err.text : "no such theme");
		return options.theme ? (int)err.kind : 2;
	}
	run(&demo);
	tui_close();
	if (demo.ended_by > 0)
		printf("ended by %s\n", signal_name(demo.ended_by));
	return demo.ended_by < 0 ? 4 : 0;
}
