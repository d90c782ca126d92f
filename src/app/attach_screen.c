#include "config.h"
#include "app/attach_screen.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

#include "app/dialog.h"
#include "base/i18n.h"
#include "base/clock.h"
#include "base/mem.h"
#include "lang/keys.h"
#include "tui/tui.h"

#define STEP_NS 2000000  /* of reading between two looks at the keyboard */
#define TICK_MS 500      /* ages on the screen go on */

struct screen {
	struct watch *watch;
	const struct options *options; /* whose commands are still to be run; NULL: they were */
	struct dialog dialog;
	bool over, dirty, ended;
	int64_t next_tick_ms;
	int end_signal;
};

static struct vocabulary
vocabulary_of(const struct watch *watch)
{
	size_t count = watch->now->kin_count < PROCESSES_MAX ? watch->now->kin_count : PROCESSES_MAX;

	return (struct vocabulary){.processes = (uint16_t)((1u << count) - 1), .pages = 1};
}

static struct family_scene
scene_of(struct screen *screen, const struct vocabulary *vocabulary)
{
	struct dialog *dialog = &screen->dialog;
	struct family_scene scene = watch_scene(screen->watch);

	scene.overlay.message = dialog_message(dialog);
	scene.overlay.message_is_error = dialog->message_is_error;
	if (dialog->prompting) {
		scene.overlay.prompt = edit_text(dialog->edit);
		scene.overlay.prompt_cursor = edit_cursor(dialog->edit);
		scene.overlay.hint = edit_hint(dialog->edit, vocabulary);
	}
	if (dialog->help) {
		scene.view = FAMILY_HELP;
		scene.overlay.help = dialog->help;
		scene.overlay.help_top = dialog->help_top;
	}
	return scene;
}

static void
draw(struct screen *screen)
{
	struct watch *watch = screen->watch;
	struct vocabulary vocabulary = vocabulary_of(watch);
	struct canvas *canvas = canvas_new(watch->columns, watch->rows, watch->ascii);
	struct family_scene scene;

	watch_look(watch);
	scene = scene_of(screen, &vocabulary);
	family_scene_draw(canvas, &scene);
	tui_draw(canvas);
	canvas_free(canvas);
	screen->dirty = false;
	screen->next_tick_ms = clock_ms() + TICK_MS;
}

static void
take_screen_answer(struct screen *screen)
{
	const struct answer *answer = &screen->watch->answer;

	dialog_say(&screen->dialog, "", false);
	if (answer->verb == VERB_PROMPT)
		dialog_prompt(&screen->dialog, buf_text(&answer->text));
	else if (answer->verb == VERB_REDRAW)
		tui_redraw();
	else if (answer->verb == VERB_VIEW)
		dialog_close_help(&screen->dialog);
}

static void
take_answer(struct screen *screen)
{
	const struct answer *answer = &screen->watch->answer;

	switch (answer->type) {
	case ANSWER_ERROR:
		dialog_say(&screen->dialog, answer->error.text, true);
		break;
	case ANSWER_TEXT:
		if (answer->verb == VERB_CAPTURE)
			dialog_say(&screen->dialog, buf_text(&answer->text), false);
		else
			dialog_open_help(&screen->dialog, buf_text(&answer->text));
		break;
	case ANSWER_SCREEN:
		take_screen_answer(screen);
		break;
	case ANSWER_QUIT:
		screen->over = true;
		break;
	default:
		break;
	}
}

static void
run_commands(struct screen *screen, const char *line)
{
	struct command command;
	struct err err;
	int found;

	while (!screen->over && (found = command_parse(&command, &line, &err)) != 0) {
		if (found < 0) {
			dialog_say(&screen->dialog, err.text, true);
			return;
		}
		watch_do(screen->watch, &command);
		command_free(&command);
		take_answer(screen);
	}
}

/* Of a key, of the prompt, which a command may open again: a line of our own. */
static void
run_line(struct screen *screen, const char *line)
{
	char *own = mem_string(line);

	screen->dirty = true;
	run_commands(screen, own);
	free(own);
}

/* Esc: the message goes first, then one view back. */
static void
go_back(struct screen *screen)
{
	static const enum family_view back[] = {
	    [FAMILY_PAGE] = FAMILY_MAP,
	    [FAMILY_MAP] = FAMILY_MAPPINGS,
	    [FAMILY_HELP] = FAMILY_PROCESSES,
	};

	if (dialog_message(&screen->dialog))
		dialog_say(&screen->dialog, "", false);
	else if (screen->watch->view == FAMILY_EROSION && screen->watch->cursor.erosion != EROSION_OF_PROCESSES)
		screen->watch->cursor.erosion = EROSION_OF_PROCESSES;
	else if (screen->watch->view == FAMILY_MAP && screen->watch->cursor.erosion != EROSION_OF_PROCESSES)
		screen->watch->view = FAMILY_EROSION; /* it was entered from there */
	else
		screen->watch->view = back[screen->watch->view];
}

static bool
help_key(struct screen *screen, const char *key)
{
	struct watch *watch = screen->watch;
	struct family_scene scene = watch_scene(watch);

	scene.overlay.help = screen->dialog.help;
	return dialog_help_key(
	    &screen->dialog, key, family_help_last(&scene, watch->columns, watch->rows), watch->rows > 4 ? watch->rows - 4 : 1);
}

static void
take_key(struct screen *screen, const char *key)
{
	struct vocabulary vocabulary = vocabulary_of(screen->watch);
	const char *line;

	screen->dirty = true;
	if (screen->dialog.prompting) {
		line = dialog_prompt_key(&screen->dialog, key, &vocabulary);
	} else if (edit_pasted(key)) {
		return;
	} else if (screen->dialog.help && help_key(screen, key)) {
		return;
	} else if (strcmp(key, "Esc") == 0) {
		go_back(screen);
		return;
	} else {
		line = family_key_command(key);
		if (!line)
			dialog_say_unused(&screen->dialog, key);
	}
	if (line)
		run_line(screen, line);
}

static void
take_events(struct screen *screen)
{
	struct tui_event event;

	while (!screen->over && (event = tui_next()).type != TUI_NOTHING) {
		if (event.type == TUI_KEY)
			take_key(screen, event.text);
		if (event.type == TUI_RESIZE)
			tui_size(&screen->watch->columns, &screen->watch->rows);
		if (event.type == TUI_END) {
			screen->over = true;
			screen->end_signal = event.signal;
		}
		screen->dirty = true;
	}
}

static void
wait_for_anything(const struct screen *screen)
{
	struct pollfd fds[] = {
	    {.fd = tui_fd(), .events = POLLIN},
	    {.fd = tui_signal_fd(), .events = POLLIN},
	};
	int64_t tick = screen->next_tick_ms - clock_ms();
	int until = watch_timeout(screen->watch);

	tick = tick > 0 ? tick : 0;
	poll(fds, sizeof(fds) / sizeof(fds[0]), until >= 0 && until < tick ? until : (int)tick);
}

static void
tell_end(struct screen *screen)
{
	if (screen->ended || !screen->watch->attach || !attach_ended(screen->watch->attach))
		return;
	screen->ended = screen->dirty = true;
	dialog_say(&screen->dialog, _("all of the processes are gone; what was read last stays"), false);
}

/* What the command line asks for may need the numbers: it waits for the first sample. */
static void
run_first(struct screen *screen)
{
	if (screen->watch->reading || !screen->options)
		return;
	for (size_t i = 0; i < screen->options->command_count && !screen->over; i++)
		run_line(screen, screen->options->commands[i]);
	screen->options = NULL;
}

static void
look_on(struct screen *screen)
{
	if (watch_step(screen->watch, STEP_NS))
		screen->dirty = true;
	if (clock_ms() >= screen->next_tick_ms)
		screen->dirty = true;
	run_first(screen);
	tell_end(screen);
}

/* A name that several have: the others, once. */
static void
tell_others(struct screen *screen)
{
	const struct attach_match *others;
	size_t count = screen->watch->attach ? attach_others(screen->watch->attach, &others) : 0;
	struct buf text = BUF_INIT, list = BUF_INIT;

	for (size_t i = 0; i < count; i++)
		buf_addf(&list, "%s%d", i ? ", " : "", (int)others[i].pid);
	if (count) {
		buf_addf(&text, _("%1$s is also the name of %2$s"), screen->watch->who, buf_text(&list));
		dialog_say(&screen->dialog, buf_text(&text), false);
	}
	buf_free(&text);
	buf_free(&list);
}

int
attach_screen_run(struct watch *watch, const struct options *options, int *end_signal)
{
	struct screen screen = {.watch = watch, .options = options, .dirty = true};

	dialog_init(&screen.dialog);
	tui_size(&watch->columns, &watch->rows);
	watch_keep(watch);
	tell_others(&screen);
	run_first(&screen);
	while (!screen.over) {
		if (screen.dirty)
			draw(&screen);
		wait_for_anything(&screen);
		take_events(&screen);
		look_on(&screen);
	}
	*end_signal = screen.end_signal;
	dialog_free(&screen.dialog);
	return 0;
}
