#include "config.h"
#include "app/screen/family_screen.h"

#include <stdlib.h>
#include <string.h>

#include "app/capture/family_capture.h"
#include "app/family/family_options.h"
#include "app/screen/shell.h"
#include "base/i18n.h"
#include "base/clock.h"
#include "base/mem.h"
#include "lang/keys.h"
#include "model/lab/snapshot.h"
#include "tui/tui.h"

#define STEP_NS 2000000 /* of reading between two checks of the keyboard */
#define TICK_MS 500     /* ages on the screen are updated */

struct family_screen {
	struct shell shell;
	struct watch *watch;
	const struct options *options; /* whose commands are still to run; NULL: they were */
	bool ended;
	int64_t next_tick_ms;
};

static struct family_screen *
family_screen_of(const struct shell *shell)
{
	return shell->with;
}

static struct vocabulary
family_screen_vocabulary(const struct shell *shell)
{
	const struct family *now = family_screen_of(shell)->watch->now;
	size_t count = now->member_count < PROCESSES_MAX ? now->member_count : PROCESSES_MAX;

	return (struct vocabulary){.processes = (uint16_t)((1u << count) - 1), .pages = 1};
}

static struct family_scene
family_screen_scene_under(const struct family_screen *screen, const struct overlay *overlay)
{
	struct family_scene scene = watch_scene(screen->watch);

	scene.overlay = *overlay;
	if (overlay->help)
		scene.view = FAMILY_HELP;
	return scene;
}

static void
family_screen_draw(struct shell *shell, struct canvas *canvas, const struct overlay *overlay)
{
	struct family_screen *screen = family_screen_of(shell);
	struct family_scene scene;

	watch_look(screen->watch);
	scene = family_screen_scene_under(screen, overlay);
	family_scene_draw(canvas, &scene);
	screen->next_tick_ms = clock_ms() + TICK_MS;
}

static int
family_screen_help_last(const struct shell *shell, const struct overlay *overlay)
{
	const struct family_screen *screen = family_screen_of(shell);
	struct family_scene scene = family_screen_scene_under(screen, overlay);

	return family_help_last(
	    &scene, screen->watch->appearance.columns, screen->watch->appearance.rows);
}

static void
run_commands(struct family_screen *screen, const char *line)
{
	struct command command;
	struct err err;
	int found;

	while (!screen->shell.over && (found = command_parse(&command, &line, &err)) != 0) {
		if (found < 0) {
			shell_say(&screen->shell, err.text, true);
			return;
		}
		watch_do(screen->watch, &command);
		command_free(&command);
		if (screen->watch->answer.type == ANSWER_SCREEN)
			shell_say(&screen->shell, "", false);
		shell_answer(&screen->shell, &screen->watch->answer);
	}
}

/* A line from a key or the prompt, copied: running it may open the prompt again. */
static void
family_screen_line(struct shell *shell, const char *line)
{
	char *own = mem_string(line);

	run_commands(family_screen_of(shell), own);
	free(own);
}

static void
family_screen_save(struct shell *shell)
{
	family_save(family_screen_of(shell)->watch);
}

static void
family_screen_back(struct shell *shell)
{
	static const enum family_view back[] = {
	    [FAMILY_PAGE] = FAMILY_MAP,
	    [FAMILY_MAP] = FAMILY_MAPPINGS,
	    [FAMILY_HELP] = FAMILY_PROCESSES,
	};
	struct watch *watch = family_screen_of(shell)->watch;

	if (watch->view == FAMILY_EROSION && watch->cursor.erosion != EROSION_OF_PROCESSES)
		watch->cursor.erosion = EROSION_OF_PROCESSES;
	else if (watch->view == FAMILY_MAP && watch->cursor.erosion != EROSION_OF_PROCESSES)
		watch->view = FAMILY_EROSION; /* it was entered from there */
	else
		watch->view = back[watch->view];
}

static const char *
family_screen_key(struct shell *shell, const char *key)
{
	(void)shell;
	return family_key_command(key);
}

static int
family_screen_timeout(const struct shell *shell)
{
	const struct family_screen *screen = family_screen_of(shell);
	int64_t tick = screen->next_tick_ms - clock_ms();
	int until = watch_timeout(screen->watch);

	tick = tick > 0 ? tick : 0;
	return until >= 0 && until < tick ? until : (int)tick;
}

static void
tell_end(struct family_screen *screen)
{
	if (screen->ended || !screen->watch->attach || !attach_ended(screen->watch->attach))
		return;
	screen->ended = true;
	shell_say(&screen->shell, _("all processes are gone; the last sample stays"), false);
}

/* Commands of the command line may need the numbers: they wait for the first sample. */
static void
run_first(struct family_screen *screen)
{
	if (screen->watch->reading || !screen->options)
		return;
	for (size_t i = 0; i < screen->options->command_count && !screen->shell.over; i++)
		family_screen_line(&screen->shell, screen->options->commands[i]);
	screen->options = NULL;
}

static void
family_screen_go_on(struct shell *shell)
{
	struct family_screen *screen = family_screen_of(shell);

	if (watch_step(screen->watch, STEP_NS))
		screen->shell.dirty = true;
	if (clock_ms() >= screen->next_tick_ms)
		screen->shell.dirty = true;
	run_first(screen);
	tell_end(screen);
}

/* If several processes have the name, lists the others once. */
static void
family_screen_tell_others(struct family_screen *screen)
{
	const struct watch *watch = screen->watch;
	struct buf text = BUF_INIT;

	if (watch->attach && watch->now->member_count &&
	    others_text(&text, watch->attach, watch->who, watch->now->members[0].pid))
		shell_say(&screen->shell, buf_text(&text), false);
	buf_free(&text);
}

static const struct shown family_screen_shown = {
    .draw = family_screen_draw,
    .help_last = family_screen_help_last,
    .vocabulary = family_screen_vocabulary,
    .key = family_screen_key,
    .line = family_screen_line,
    .save = family_screen_save,
    .back = family_screen_back,
    .timeout = family_screen_timeout,
    .go_on = family_screen_go_on,
};

int
family_screen_run(struct watch *watch, const struct options *options, int *end_signal)
{
	struct family_screen screen = {.watch = watch, .options = options};

	shell_init(&screen.shell, &family_screen_shown, &screen);
	screen.shell.appearance = &watch->appearance;
	tui_size(&watch->appearance.columns, &watch->appearance.rows);
	watch_keep(watch);
	family_screen_tell_others(&screen);
	run_first(&screen);
	shell_run(&screen.shell);
	*end_signal = screen.shell.end_signal;
	shell_free(&screen.shell);
	return 0;
}
