#include "config.h"
#include "app/screen/shell.h"

#include <string.h>

#include "base/i18n.h"
#include "tui/tui.h"

void
shell_init(struct shell *shell, const struct shown *shown, void *with)
{
	*shell = (struct shell){.shown = shown, .with = with, .dirty = true};
	dialog_init(&shell->dialog);
}

void
shell_free(struct shell *shell)
{
	dialog_free(&shell->dialog);
}

void
shell_say(struct shell *shell, const char *text, bool is_error)
{
	dialog_say(&shell->dialog, text, is_error);
	shell->dirty = true;
}

/* hint: where to draw it. */
static struct overlay
overlay_of(struct shell *shell, bool hint)
{
	struct dialog *dialog = &shell->dialog;
	struct overlay overlay = {
	    .message = dialog_message(dialog),
	    .message_is_error = dialog->message_is_error,
	    .help = dialog->help,
	    .help_title = dialog->help_title,
	    .help_top = dialog->help_top,
	};

	if (dialog->prompting) {
		struct vocabulary vocabulary = shell->shown->vocabulary(shell);

		overlay.prompt = edit_text(dialog->edit);
		overlay.prompt_cursor = edit_cursor(dialog->edit);
		overlay.hint = hint ? edit_hint(dialog->edit, &vocabulary) : NULL;
	}
	return overlay;
}

static void
shell_draw(struct shell *shell)
{
	struct canvas *canvas = canvas_new(
	    shell->appearance->columns, shell->appearance->rows, shell->appearance->ascii);
	struct overlay overlay = overlay_of(shell, true);

	shell->shown->draw(shell, canvas, &overlay);
	tui_draw(canvas);
	canvas_free(canvas);
	shell->dirty = false;
}

static bool
help_takes(struct shell *shell, const char *key)
{
	struct overlay overlay = overlay_of(shell, false);

	return shell->dialog.help &&
	    dialog_help_key(&shell->dialog, key, shell->shown->help_last(shell, &overlay),
		shell->appearance->rows > 4 ? shell->appearance->rows - 4 : 1);
}

/* Esc: takes away the message first. */
static void
shell_back(struct shell *shell)
{
	if (dialog_message(&shell->dialog))
		shell_say(shell, "", false);
	else
		shell->shown->back(shell);
}

static void
prompt_takes(struct shell *shell, const char *key)
{
	struct vocabulary vocabulary = shell->shown->vocabulary(shell);
	const char *line = dialog_prompt_key(&shell->dialog, key, &vocabulary);

	if (line)
		shell->shown->line(shell, line);
}

void
shell_key(struct shell *shell, const char *key)
{
	const char *line;

	shell->dirty = true;
	if (shell->dialog.prompting) {
		prompt_takes(shell, key);
		return;
	}
	if (edit_pasted(key) || help_takes(shell, key))
		return;
	line = shell->shown->key(shell, key);
	if (line)
		shell->shown->line(shell, line);
	else if (strcmp(key, "Esc") == 0)
		shell_back(shell);
	else
		dialog_say_unused(&shell->dialog, key);
}

static void
type_key(struct shell *shell, const char *key)
{
	if (!shell->shown->keeps || !shell->shown->keeps(shell, key))
		shell_key(shell, key);
}

static void
shell_take_event(struct shell *shell, const struct tui_event *event)
{
	switch (event->type) {
	case TUI_KEY:
		type_key(shell, event->text);
		break;
	case TUI_CLICK:
		if (shell->shown->click && !shell->dialog.help)
			shell->shown->click(shell, event->column, event->row);
		break;
	case TUI_RESIZE:
		tui_size(&shell->appearance->columns, &shell->appearance->rows);
		shell->dirty = true;
		break;
	case TUI_END:
		shell->over = true;
		shell->end_signal = event->signal;
		break;
	case TUI_NOTHING:
		break;
	}
}

static void
shell_take_events(struct shell *shell)
{
	struct tui_event event;

	while (!shell->over && (event = tui_next()).type != TUI_NOTHING)
		shell_take_event(shell, &event);
}

static void
wait_for_anything(const struct shell *shell)
{
	struct pollfd fds[SHELL_POLL_MAX + 2];
	size_t count = shell->shown->poll ? shell->shown->poll(shell, fds) : 0;

	fds[count++] = (struct pollfd){.fd = tui_fd(), .events = POLLIN};
	fds[count++] = (struct pollfd){.fd = tui_signal_fd(), .events = POLLIN};
	poll(fds, count, shell->shown->timeout(shell));
}

void
shell_run(struct shell *shell)
{
	while (!shell->over) {
		if (shell->dirty && (!shell->shown->is_settled || shell->shown->is_settled(shell)))
			shell_draw(shell);
		wait_for_anything(shell);
		shell_take_events(shell);
		shell->shown->go_on(shell);
	}
}

static void
turn_mouse(struct shell *shell)
{
	shell->mouse = !shell->mouse;
	tui_mouse(shell->mouse);
	shell_say(shell,
	    shell->mouse ? _("mouse on: a click moves the cursor")
			 : _("mouse off: select and copy as usual"),
	    false);
}

/* A long text, or one that was asked for, is scrolled; a report of something done is a message. */
static void
show_text(struct shell *shell, const struct answer *answer)
{
	if (answer->verb == VERB_HELP || answer->verb == VERB_EXPLAIN ||
	    answer->verb == VERB_GLOSSARY)
		dialog_open_help(&shell->dialog, answer->command, buf_text(&answer->text));
	else
		shell_say(shell, buf_text(&answer->text), false);
}

/* false: it is a command for what is shown, such as select. */
static bool
carry_out(struct shell *shell, const struct answer *answer)
{
	switch (answer->verb) {
	case VERB_PROMPT:
		shell_say(shell, "", false);
		dialog_prompt(&shell->dialog, buf_text(&answer->text));
		return true;
	case VERB_REDRAW:
		tui_redraw();
		return true;
	case VERB_MOUSE:
		turn_mouse(shell);
		return true;
	case VERB_VIEW:
		dialog_close_help(&shell->dialog);
		return false;
	default:
		return false;
	}
}

bool
shell_answer(struct shell *shell, const struct answer *answer)
{
	shell->dirty = true;
	if (answer->type == ANSWER_SAVE)
		shell->shown->save(shell);
	switch (answer->type) {
	case ANSWER_ERROR:
		shell_say(shell, answer->error.text, true);
		return true;
	case ANSWER_TEXT:
		show_text(shell, answer);
		return true;
	case ANSWER_SCREEN:
		return carry_out(shell, answer);
	case ANSWER_QUIT:
		shell->over = true;
		return true;
	default:
		return false;
	}
}
