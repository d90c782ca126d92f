#include "config.h"
#include "app/interactive.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/backlog.h"
#include "app/dialog.h"
#include "app/guides.h"
#include "base/i18n.h"
#include "base/clock.h"
#include "base/mem.h"
#include "lang/keys.h"
#include "view/report.h"

#define LOOK_MS 80        /* a change by anyone shows within a tenth of a second */
#define LOOK_COST_SHARE 20 /* on big labs: looking takes at most 1/20 of the time */
#define WAITING_SHOWN_MS 150

struct screen {
	struct session *session;
	struct dialog dialog;
	struct guides guides;
	struct backlog backlog;
	bool mouse, over, dirty;
	int64_t started_ms;   /* of the command under way */
	int64_t next_look_ms;
	int end_signal;
};

static struct vocabulary
vocabulary_of(const struct session *session)
{
	struct vocabulary vocabulary = {.pages = session->now->page_count};

	for (size_t i = 0; i < session->now->process_count; i++)
		vocabulary.processes |= (uint16_t)(1u << (session->now->processes[i].name - 'a'));
	return vocabulary;
}

static struct scene
scene_of(struct screen *screen, const struct vocabulary *vocabulary)
{
	struct scene scene = session_scene(screen->session);

	scene.overlay.message = dialog_message(&screen->dialog);
	scene.overlay.message_is_error = screen->dialog.message_is_error;
	if (session_busy(screen->session) && clock_ms() - screen->started_ms >= WAITING_SHOWN_MS)
		scene.waiting = session_waiting_for(screen->session);
	if (screen->dialog.prompting) {
		scene.overlay.prompt = edit_text(screen->dialog.edit);
		scene.overlay.prompt_cursor = edit_cursor(screen->dialog.edit);
		scene.overlay.hint = edit_hint(screen->dialog.edit, vocabulary);
	}
	if (screen->dialog.help) {
		scene.view = SCENE_HELP;
		scene.overlay.help = screen->dialog.help;
		scene.overlay.help_top = screen->dialog.help_top;
	}
	return scene;
}

static void
draw(struct screen *screen)
{
	struct session *session = screen->session;
	struct vocabulary vocabulary = vocabulary_of(session);
	struct scene scene;
	struct canvas *canvas = canvas_new(session->columns, session->rows, session->ascii);

	guides_refresh(&screen->guides);
	scene = scene_of(screen, &vocabulary);
	scene_draw(canvas, &scene);
	tui_draw(canvas);
	canvas_free(canvas);
	screen->dirty = false;
}

static void
set_message(struct screen *screen, const char *text, bool is_error)
{
	dialog_say(&screen->dialog, text, is_error);
	screen->dirty = true;
}

/* lesson, next, answer, point, vote, anyway */
static void
do_lesson(struct screen *screen)
{
	const char *says;
	struct err err;

	if (guides_take(&screen->guides, &says, &err) < 0)
		set_message(screen, err.text, true);
	else
		set_message(screen, says, false);
}

/* select, view, prompt, redraw, mouse */
static void
do_screen(struct screen *screen, const struct answer *answer)
{
	set_message(screen, answer->command, false);
	if (answer->verb == VERB_PROMPT) {
		set_message(screen, "", false);
		dialog_prompt(&screen->dialog, buf_text(&answer->text));
	} else if (answer->verb == VERB_REDRAW) {
		tui_redraw();
	} else if (answer->verb == VERB_MOUSE) {
		screen->mouse = !screen->mouse;
		tui_mouse(screen->mouse);
		set_message(screen, screen->mouse ? _("mouse on: a click moves the cursor") : _("mouse off: select and copy as usual"),
		    false);
	} else if (answer->verb == VERB_VIEW) {
		dialog_close_help(&screen->dialog);
	}
}

/* show: what has a view of its own is shown there, the rest is text. */
static void
do_show(struct screen *screen, const struct answer *answer)
{
	struct session *session = screen->session;

	if (answer->choice == WHAT_FRAMES)
		session->view = SCENE_FRAMES;
	else if (answer->choice == WHAT_STATE || answer->choice == WHAT_SCREEN)
		session->view = SCENE_PANELS;
	else
		dialog_open_help(&screen->dialog, buf_text(&answer->text));
}

/* Memory that is not available: Enter takes it all the same, Esc does not. */
static void
ask(struct screen *screen, const struct answer *answer)
{
	struct buf line = BUF_INIT;

	if (answer->verb != VERB_WEIGH || answer->error.errnum != ENOMEM)
		return;
	buf_addf(&line, "%s anyway", answer->command);
	dialog_prompt(&screen->dialog, buf_text(&line));
	buf_free(&line);
}

static void
take_answer(struct screen *screen)
{
	const struct answer *answer = &screen->session->answer;

	screen->dirty = true;
	if (guides_saw(&screen->guides)) {
		set_message(screen, "", false);
		return;
	}
	switch (answer->type) {
	case ANSWER_ERROR:
		set_message(screen, answer->error.text, true);
		backlog_clear_lines(&screen->backlog);
		ask(screen, answer);
		break;
	case ANSWER_STEP:
		set_message(screen, buf_text(&answer->text), false);
		break;
	case ANSWER_TEXT:
		if (answer->verb == VERB_HELP || answer->verb == VERB_EXPLAIN || answer->verb == VERB_GLOSSARY)
			dialog_open_help(&screen->dialog, buf_text(&answer->text));
		else
			set_message(screen, buf_text(&answer->text), false);
		break;
	case ANSWER_EXPECT:
		set_message(screen, answer->holds == TRI_YES ? _("true: the facts hold") : buf_text(&answer->text), answer->holds == TRI_NO);
		break;
	case ANSWER_STATE:
		do_show(screen, answer);
		break;
	case ANSWER_SCREEN:
		if (command_defs[answer->verb].group == GROUP_LESSON)
			do_lesson(screen);
		else
			do_screen(screen, answer);
		break;
	case ANSWER_QUIT:
		screen->over = true;
		break;
	case ANSWER_NONE:
		break;
	}
}

/* own: a line of the lesson; any other waits until the lesson has acted. */
static void
start_line(struct screen *screen, const char *line, bool own)
{
	struct command command;
	struct err err;
	int found;

	while (!session_busy(screen->session) && !screen->over && (own || !guides_act(&screen->guides))) {
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
			take_answer(screen);
	}
	if (*line && own)
		guides_keep_rest(&screen->guides, line);
	else if (*line)
		backlog_first(&screen->backlog, line);
}

/* Of a key, of the prompt: what it does may be the end of whoever the line belongs to. */
static void
run_line(struct screen *screen, const char *line)
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
may_go_on(const struct screen *screen)
{
	return !session_busy(screen->session) && !screen->over;
}

static void
run_lines(struct screen *screen)
{
	while (screen->backlog.line_count && may_go_on(screen) && !guides_act(&screen->guides)) {
		char *line = backlog_take_line(&screen->backlog);

		start_line(screen, line, false);
		free(line);
	}
}

/* What the lesson or the quiz wants done next. */
static void
run_guides(struct screen *screen)
{
	struct err err;

	while (guides_act(&screen->guides) && may_go_on(screen)) {
		char *line = guides_line(&screen->guides);

		screen->dirty = true;
		screen->started_ms = clock_ms();
		screen->session->led = false;
		if (line)
			start_line(screen, line, true);
		else if (guides_go(&screen->guides, &err) < 0)
			set_message(screen, err.text, true);
		free(line);
	}
}

static void
prompt_key(struct screen *screen, const char *key)
{
	struct vocabulary vocabulary = vocabulary_of(screen->session);
	const char *line = dialog_prompt_key(&screen->dialog, key, &vocabulary);

	screen->dirty = true;
	if (line)
		run_line(screen, line);
}

static bool
help_key(struct screen *screen, const char *key)
{
	struct session *session = screen->session;
	struct scene scene = session_scene(session);

	scene.overlay.help = screen->dialog.help;
	return dialog_help_key(&screen->dialog, key, scene_help_last(&scene, session->columns, session->rows),
	    session->rows > 4 ? session->rows - 4 : 1);
}

static void
go_back(struct screen *screen)
{
	if (screen->dialog.message.length)
		set_message(screen, "", false);
	else
		screen->session->view = SCENE_PANELS;
}

static void
take_key(struct screen *screen, const char *key)
{
	const char *line;

	screen->dirty = true;
	if (screen->dialog.prompting) {
		prompt_key(screen, key);
		return;
	}
	if (edit_pasted(key))
		return;
	if (screen->dialog.help && help_key(screen, key))
		return;
	guides_refresh(&screen->guides);
	line = guides_key(&screen->guides, key);
	if (!line && strcmp(key, "Esc") == 0) {
		go_back(screen);
		return;
	}
	line = line ? line : key_command(key);
	if (line)
		run_line(screen, line);
	else
		dialog_say_unused(&screen->dialog, key);
}

static bool
must_wait(const struct screen *screen)
{
	if (screen->backlog.key_count || guides_act(&screen->guides))
		return true;
	return (session_busy(screen->session) || screen->backlog.line_count) && !screen->dialog.prompting && !screen->dialog.help;
}

/* Whoever wants to leave does not wait, unless q may be meant for a prompt that is still to open. */
static bool
leaves(const struct screen *screen, const char *key)
{
	const char *line = key_command(key);

	return line && strcmp(line, "quit") == 0 && (!screen->backlog.key_count || key[1]);
}

static void
type_key(struct screen *screen, const char *key)
{
	if (!must_wait(screen))
		take_key(screen, key);
	else if (leaves(screen, key))
		screen->over = true;
	else
		backlog_key(&screen->backlog, key);
}

static void
run_keys(struct screen *screen)
{
	char key[BACKLOG_KEY_BYTES];

	while (may_go_on(screen) && !screen->backlog.line_count && !guides_act(&screen->guides)
	       && backlog_take_key(&screen->backlog, key))
		take_key(screen, key);
}

static void
take_click(struct screen *screen, int column, int row)
{
	struct scene scene = session_scene(screen->session);
	char line[32], process;
	uint32_t page;

	if (screen->dialog.help || !scene_hit(&scene, screen->session->columns, screen->session->rows, column, row, &process, &page))
		return;
	snprintf(line, sizeof(line), "select %c:%u", process, page);
	run_line(screen, line);
}

static void
take_event(struct screen *screen, const struct tui_event *event)
{
	switch (event->type) {
	case TUI_KEY:
		type_key(screen, event->text);
		break;
	case TUI_CLICK:
		take_click(screen, event->column, event->row);
		break;
	case TUI_RESIZE:
		tui_size(&screen->session->columns, &screen->session->rows);
		screen->dirty = true;
		break;
	case TUI_END:
		screen->over = true;
		screen->end_signal = event->signal;
		break;
	case TUI_NOTHING:
		break;
	}
}

static void
take_events(struct screen *screen)
{
	struct tui_event event;

	while (!screen->over && (event = tui_next()).type != TUI_NOTHING)
		take_event(screen, &event);
}

static void
look_if_due(struct screen *screen)
{
	int64_t start = clock_ms(), cost, pause;

	if (start < screen->next_look_ms || (session_busy(screen->session) && start - screen->started_ms < WAITING_SHOWN_MS))
		return;
	screen->dirty |= session_look(screen->session) || session_busy(screen->session);
	cost = clock_ms() - start;
	pause = cost * LOOK_COST_SHARE;
	screen->next_look_ms = start + (pause > LOOK_MS ? pause : LOOK_MS);
}

static int
wait_ms(const struct screen *screen)
{
	int64_t until_look = screen->next_look_ms - clock_ms();
	int timeout = session_timeout(screen->session), look = until_look > 0 ? (int)until_look : 0;

	return timeout >= 0 && timeout < look ? timeout : look;
}

static void
wait_for_anything(const struct screen *screen)
{
	struct pollfd fds[SESSION_POLL_MAX + 2];
	size_t count = session_poll(screen->session, fds);

	fds[count++] = (struct pollfd){.fd = tui_fd(), .events = POLLIN};
	fds[count++] = (struct pollfd){.fd = tui_signal_fd(), .events = POLLIN};
	poll(fds, count, wait_ms(screen));
}

static void
pump(struct screen *screen)
{
	bool was_busy = session_busy(screen->session);

	screen->dirty |= session_pump(screen->session);
	if (was_busy && !session_busy(screen->session))
		take_answer(screen);
	run_guides(screen);
	run_lines(screen);
	run_keys(screen);
}

/* What a teacher wants to start from: every page read, so that there is something to part from. */
static void
open_with(struct screen *screen, const struct options *options)
{
	struct err err;

	for (size_t i = 0; i < options->command_count; i++)
		run_line(screen, options->commands[i]);
	if (guides_begin(&screen->guides, options, &err) < 0)
		set_message(screen, err.text, true);
	if (!options->quiz && !options->lesson && !options->command_count && !screen->session->saved
	    && kind_has_file(screen->session->config.kind))
		run_line(screen, "read all:*");
	run_guides(screen);
}

int
interactive_run(struct session *session, const struct options *options, int *end_signal)
{
	struct screen screen = {.session = session, .dirty = true};

	dialog_init(&screen.dialog);
	guides_init(&screen.guides, session);
	tui_size(&session->columns, &session->rows);
	open_with(&screen, options);
	while (!screen.over) {
		if (screen.dirty && !(session_busy(session) && clock_ms() - screen.started_ms < WAITING_SHOWN_MS))
			draw(&screen);
		wait_for_anything(&screen);
		take_events(&screen);
		pump(&screen);
		look_if_due(&screen);
	}
	*end_signal = screen.end_signal;
	backlog_clear_lines(&screen.backlog);
	dialog_free(&screen.dialog);
	guides_free(&screen.guides);
	return 0;
}
