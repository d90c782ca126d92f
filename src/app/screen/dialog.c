#include "config.h"
#include "app/screen/dialog.h"

#include <stdlib.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lang/word_lists.h"

void
dialog_init(struct dialog *dialog)
{
	*dialog = (struct dialog){.edit = edit_new()};
}

void
dialog_free(struct dialog *dialog)
{
	edit_free(dialog->edit);
	buf_free(&dialog->message);
	dialog_close_help(dialog);
}

void
dialog_say(struct dialog *dialog, const char *text, bool is_error)
{
	buf_clear(&dialog->message);
	buf_add(&dialog->message, text);
	dialog->message_is_error = is_error;
}

void
dialog_say_unused(struct dialog *dialog, const char *key)
{
	struct buf text = BUF_INIT;
	char room[QUOTED_MAX];

	buf_addf(&text, _("%s does nothing here; ? shows the keys"), quoted(room, key));
	dialog_say(dialog, buf_text(&text), false);
	buf_free(&text);
}

const char *
dialog_message(const struct dialog *dialog)
{
	return dialog->message.length ? dialog->message.data : NULL;
}

void
dialog_open_help(struct dialog *dialog, const char *title, const char *text)
{
	dialog_close_help(dialog);
	dialog->help = mem_string(text);
	dialog->help_title = mem_string(title);
	dialog->help_top = 0;
}

void
dialog_close_help(struct dialog *dialog)
{
	free(dialog->help);
	free(dialog->help_title);
	dialog->help = dialog->help_title = NULL;
}

#define IS(key, ...) (word_index((const char *const[]){__VA_ARGS__, NULL}, key) >= 0)

static bool
scroll(struct dialog *dialog, const char *key, int last, int page)
{
	int top = dialog->help_top;

	if (IS(key, "Up", "k"))
		top--;
	else if (IS(key, "Down", "j", "Enter"))
		top++;
	else if (IS(key, "PgUp", "Backspace"))
		top -= page;
	else if (IS(key, "PgDn", "Space", " "))
		top += page;
	else if (IS(key, "Home"))
		top = 0;
	else if (IS(key, "End"))
		top = last;
	else
		return false;
	dialog->help_top = top < 0 ? 0 : top > last ? last : top;
	return true;
}

bool
dialog_help_key(struct dialog *dialog, const char *key, int last, int page)
{
	if (scroll(dialog, key, last, page))
		return true;
	if (IS(key, "Ctrl-C", ":"))
		return false;
	dialog_close_help(dialog);
	return IS(key, "Esc", "q", "?", "F1");
}

void
dialog_prompt(struct dialog *dialog, const char *text)
{
	edit_start(dialog->edit, text);
	dialog->prompting = true;
}

const char *
dialog_prompt_key(struct dialog *dialog, const char *key, const struct vocabulary *vocabulary)
{
	enum edit_result result = edit_key(dialog->edit, key, vocabulary);

	dialog->prompting = result == EDIT_GOES_ON;
	return result == EDIT_DONE ? edit_text(dialog->edit) : NULL;
}
