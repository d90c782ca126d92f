#include "config.h"
#include "app/screen/lab_screen.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/capture/lab_capture.h"
#include "app/screen/backlog.h"
#include "app/teach/guides.h"
#include "app/screen/shell.h"
#include "base/i18n.h"
#include "base/clock.h"
#include "base/mem.h"
#include "lang/keys.h"
#include "view/lab/report.h"

#define LOOK_MS 80       /* while things change, any change shows within a tenth of a second */
#define REST_LOOK_MS 400 /* and within half a second if nothing changed for REST_MS */
#define REST_MS 2000
#define LOOK_COST_SHARE 20 /* in big labs looking takes at most 1/20 of the time */
#define WAITING_SHOWN_MS 150

struct lab_screen {
	struct shell shell;
	struct session *session;
	struct guides guides;
	struct backlog backlog;
	int64_t started_ms; /* of the command under way */
	int64_t next_look_ms;
	int64_t moved_ms; /* when something last changed, or began */
};

static struct lab_screen *
lab_screen_of(const struct shell *shell)
{
	return shell->with;
}

static struct vocabulary
lab_screen_vocabulary(const struct shell *shell)
{
	const struct session *session = lab_screen_of(shell)->session;
	struct vocabulary vocabulary = {.pages = session->now->page_count};

	for (size_t i = 0; i < session->now->process_count; i++)
		vocabulary.processes |= (uint16_t)(1u << (session->now->processes[i].name - 'a'));
	return vocabulary;
}

/* Does it answer within a moment? Otherwise the screen says that it is waited for. */
static bool
screen_is_awaited(const struct lab_screen *screen)
{
	return session_busy(screen->session) && clock_ms() - screen->started_ms >= WAITING_SHOWN_MS;
}

static struct scene
screen_scene_under(const struct lab_screen *screen, const struct overlay *overlay)
{
	struct scene scene = session_scene(screen->session);

	scene.overlay = *overlay;
	if (screen_is_awaited(screen))
		scene.waiting = session_waiting_for(screen->session);
	if (overlay->help)
		scene.view = SCENE_HELP;
	return scene;
}

static void
lab_screen_draw(struct shell *shell, struct canvas *canvas, const struct overlay *overlay)
{
	struct lab_screen *screen = lab_screen_of(shell);
	struct scene scene;

	guides_refresh(&screen->guides);
	scene = screen_scene_under(screen, overlay);
	scene_draw(canvas, &scene);
}

static int
lab_screen_help_last(const struct shell *shell, const struct overlay *overlay)
{
	const struct lab_screen *screen = lab_screen_of(shell);
	struct scene scene = screen_scene_under(screen, overlay);

	return scene_help_last(
	    &scene, screen->session->appearance.columns, screen->session->appearance.rows);
}

static void
set_message(struct lab_screen *screen, const char *text, bool is_error)
{
	shell_say(&screen->shell, text, is_error);
}

/* lesson, next, answer, point, vote, anyway */
static void
do_lesson(struct lab_screen *screen)
{
	const char *says;
	struct err err;

	if (guides_take(&screen->guides, &says, &err) < 0)
		set_message(screen, err.text, true);
	else
		set_message(screen, says, false);
}

/* show: if it has a view of its own that is shown, otherwise it is text. */
static void
do_show(struct lab_screen *screen, const struct answer *answer)
{
	struct session *session = screen->session;

	if (answer->choice == WHAT_FRAMES)
		session->view = SCENE_FRAMES;
	else if (answer->choice == WHAT_STATE || answer->choice == WHAT_SCREEN)
		session->view = SCENE_PANELS;
	else
		dialog_open_help(&screen->shell.dialog, answer->command, buf_text(&answer->text));
}

/* Memory isn't available: Enter takes it anyway, Esc doesn't. */
static void
screen_ask(struct lab_screen *screen, const struct answer *answer)
{
	struct buf line = BUF_INIT;

	if (answer->verb != VERB_WEIGH || answer->error.errnum != ENOMEM)
		return;
	buf_addf(&line, "%s anyway", answer->command);
	dialog_prompt(&screen->shell.dialog, buf_text(&line));
	buf_free(&line);
}

/* Answers that the shell doesn't carry out. */
static void
take_lab_answer(struct lab_screen *screen, const struct answer *answer)
{
	switch (answer->type) {
	case ANSWER_STEP:
		set_message(screen, buf_text(&answer->text), false);
		break;
	case ANSWER_EXPECT:
		set_message(screen,
		    answer->holds == TRI_YES ? _("true: the facts hold") : buf_text(&answer->text),
		    answer->holds == TRI_NO);
		break;
	case ANSWER_STATE:
		do_show(screen, answer);
		break;
	case ANSWER_SCREEN:
		if (command_defs[answer->verb].group == GROUP_LESSON)
			do_lesson(screen);
		break;
	default:
		break;
	}
}

static void
screen_take_answer(struct lab_screen *screen)
{
	const struct answer *answer = &screen->session->answer;

	screen->shell.dirty = true;
	if (guides_saw(&screen->guides)) {
		set_message(screen, "", false);
		return;
	}
	if (answer->type == ANSWER_SCREEN)
		set_message(screen, answer->command, false);
	if (!shell_answer(&screen->shell, answer))
		take_lab_answer(screen, answer);
	if (answer->type == ANSWER_ERROR) {
		backlog_clear_lines(&screen->backlog);
		screen_ask(screen, answer);
	}
}

/* own: a line of the lesson; any other waits until the lesson has acted. */
static void
start_line(struct lab_screen *screen, const char *line, bool own)
{
	struct command command;
	struct err err;
	int found;

	while (!session_busy(screen->session) && !screen->shell.over &&
	    (own || !guides_act(&screen->guides))) {
		const char *start = line;

		found = command_parse(&command, &line, &err);
		if (found == 0)
			return;
		if (found < 0 && own)
			lead_failed(&screen->guides.lead, start, err.text);
		if (found < 0) {
			set_message(screen, err.text, true);
			return;
		}
		screen->started_ms = clock_ms();
		if (guides_allow(&screen->guides, &command, &err) < 0) {
			set_message(screen, err.text, true);
			command_free(&command);
			return;
		}
		screen->session->led = own;
		guides_refresh(&screen->guides); /* a capture shows it as it is now */
		session_start(screen->session, &command);
		command_free(&command);
		if (!session_busy(screen->session))
			screen_take_answer(screen);
	}
	if (*line && own)
		guides_keep_rest(&screen->guides, line);
	else if (*line)
		backlog_first(&screen->backlog, line);
}

/* A line from a key or the prompt, copied: running it may end the line's owner. */
static void
screen_run_line(struct lab_screen *screen, const char *line)
{
	char *own;

	if (session_busy(screen->session) || screen->backlog.line_count) {
		backlog_last(&screen->backlog, line);
		return;
	}
	own = mem_string(line);
	start_line(screen, own, false);
	free(own);
}

static bool
may_go_on(const struct lab_screen *screen)
{
	return !session_busy(screen->session) && !screen->shell.over;
}

static void
run_lines(struct lab_screen *screen)
{
	while (screen->backlog.line_count && may_go_on(screen) && !guides_act(&screen->guides)) {
		char *line = backlog_take_line(&screen->backlog);

		start_line(screen, line, false);
		free(line);
	}
}

/* What the lesson or the quiz wants to run next. */
static void
run_guides(struct lab_screen *screen)
{
	struct err err;

	while (guides_act(&screen->guides) && may_go_on(screen)) {
		char *line = guides_line(&screen->guides);

		screen->shell.dirty = true;
		screen->started_ms = clock_ms();
		screen->session->led = false;
		if (line)
			start_line(screen, line, true);
		else if (guides_go(&screen->guides, &err) < 0)
			set_message(screen, err.text, true);
		free(line);
	}
}

static const char *
lab_screen_key(struct shell *shell, const char *key)
{
	struct lab_screen *screen = lab_screen_of(shell);
	const char *line;

	guides_refresh(&screen->guides);
	line = guides_key(&screen->guides, key);
	return line ? line : key_command(key);
}

static void
lab_screen_back(struct shell *shell)
{
	lab_screen_of(shell)->session->view = SCENE_PANELS;
}

static bool
screen_must_wait(const struct lab_screen *screen)
{
	if (screen->backlog.key_count || guides_act(&screen->guides))
		return true;
	return (session_busy(screen->session) || screen->backlog.line_count) &&
	    !screen->shell.dialog.prompting && !screen->shell.dialog.help;
}

/* Does it leave without waiting? Yes, unless q may be meant for a prompt that is about to open. */
static bool
leaves(const struct lab_screen *screen, const char *key)
{
	const char *line = key_command(key);

	return line && strcmp(line, "quit") == 0 && (!screen->backlog.key_count || key[1]);
}

static bool
lab_screen_keeps(struct shell *shell, const char *key)
{
	struct lab_screen *screen = lab_screen_of(shell);

	if (!screen_must_wait(screen))
		return false;
	if (leaves(screen, key))
		shell->over = true;
	else
		backlog_key(&screen->backlog, key);
	return true;
}

static void
run_keys(struct lab_screen *screen)
{
	char key[BACKLOG_KEY_BYTES];

	while (may_go_on(screen) && !screen->backlog.line_count && !guides_act(&screen->guides) &&
	    backlog_take_key(&screen->backlog, key))
		shell_key(&screen->shell, key);
}

static void
lab_screen_click(struct shell *shell, int column, int row)
{
	struct lab_screen *screen = lab_screen_of(shell);
	struct scene scene = session_scene(screen->session);
	char line[32], process;
	uint32_t page;

	if (!scene_hit(&scene, screen->session->appearance.columns,
		screen->session->appearance.rows, column, row, &process, &page))
		return;
	snprintf(line, sizeof(line), "select %c:%u", process, page);
	screen_run_line(screen, line);
}

static int64_t
look_pause(const struct lab_screen *screen, int64_t now)
{
	int64_t last =
	    screen->moved_ms > screen->started_ms ? screen->moved_ms : screen->started_ms;

	return now - last < REST_MS ? LOOK_MS : REST_LOOK_MS;
}

static void
look_if_due(struct lab_screen *screen)
{
	int64_t start = clock_ms(), pause, least = look_pause(screen, start);
	uint32_t moments = screen->session->moments;

	if (start < screen->next_look_ms ||
	    (session_busy(screen->session) && start - screen->started_ms < WAITING_SHOWN_MS))
		return;
	if (session_look(screen->session) || session_busy(screen->session))
		screen->shell.dirty = true;
	if (screen->session->moments != moments || session_busy(screen->session))
		screen->moved_ms = start;
	pause = (clock_ms() - start) * LOOK_COST_SHARE;
	screen->next_look_ms = start + (pause > least ? pause : least);
}

static int
lab_screen_timeout(const struct shell *shell)
{
	const struct lab_screen *screen = lab_screen_of(shell);
	int64_t until_look = screen->next_look_ms - clock_ms();
	int timeout = session_timeout(screen->session), look = until_look > 0 ? (int)until_look : 0;

	return timeout >= 0 && timeout < look ? timeout : look;
}

static size_t
lab_screen_waits_on(const struct shell *shell, struct pollfd *fds)
{
	return session_poll(lab_screen_of(shell)->session, fds);
}

static void
lab_screen_go_on(struct shell *shell)
{
	struct lab_screen *screen = lab_screen_of(shell);
	bool was_busy = session_busy(screen->session);

	screen->shell.dirty |= session_pump(screen->session);
	if (was_busy && !session_busy(screen->session))
		screen_take_answer(screen);
	run_guides(screen);
	run_lines(screen);
	run_keys(screen);
	look_if_due(screen);
}

static void
lab_screen_save(struct shell *shell)
{
	lab_save(lab_screen_of(shell)->session);
}

static void
lab_screen_line(struct shell *shell, const char *line)
{
	screen_run_line(lab_screen_of(shell), line);
}

static bool
lab_screen_is_settled(const struct shell *shell)
{
	const struct lab_screen *screen = lab_screen_of(shell);

	return !session_busy(screen->session) || screen_is_awaited(screen);
}

static const struct shown lab_screen_shown = {
    .draw = lab_screen_draw,
    .help_last = lab_screen_help_last,
    .vocabulary = lab_screen_vocabulary,
    .key = lab_screen_key,
    .line = lab_screen_line,
    .save = lab_screen_save,
    .back = lab_screen_back,
    .click = lab_screen_click,
    .keeps = lab_screen_keeps,
    .is_settled = lab_screen_is_settled,
    .poll = lab_screen_waits_on,
    .timeout = lab_screen_timeout,
    .go_on = lab_screen_go_on,
};

static_assert(SESSION_POLL_MAX <= SHELL_POLL_MAX, "the shell waits on all of them");

/* Where a teacher wants to start: every page read, so that there is something to part from. */
static void
open_with(struct lab_screen *screen, const struct options *options)
{
	struct err err;

	for (size_t i = 0; i < options->command_count; i++)
		screen_run_line(screen, options->commands[i]);
	if (guides_begin(&screen->guides, options, &err) < 0)
		set_message(screen, err.text, true);
	if (!options->quiz && !options->lesson && !options->command_count &&
	    !screen->session->saved && kind_has_file(screen->session->config.kind))
		screen_run_line(screen, "read all:*");
	run_guides(screen);
}

int
lab_screen_run(struct session *session, const struct options *options, int *end_signal)
{
	struct lab_screen screen = {.session = session};

	shell_init(&screen.shell, &lab_screen_shown, &screen);
	screen.shell.appearance = &session->appearance;
	guides_init(&screen.guides, session);
	tui_size(&session->appearance.columns, &session->appearance.rows);
	open_with(&screen, options);
	shell_run(&screen.shell);
	*end_signal = screen.shell.end_signal;
	backlog_clear_lines(&screen.backlog);
	shell_free(&screen.shell);
	guides_free(&screen.guides);
	return 0;
}
