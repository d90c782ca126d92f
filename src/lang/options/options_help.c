#include "config.h"
#include "base/i18n.h"
#include "base/utf8.h"
#include "lang/command.h"
#include "lang/options/option_table.h"
#include "lang/options/options.h"

#include <string.h>

#define WIDTH 79
#define COLUMN 32

static void
blanks(struct buf *out, size_t count)
{
	while (count--)
		buf_add_char(out, ' ');
}

/* Bytes of text that fit on a line of this many cells: up to a blank if there is one. */
static size_t
help_line_of(const char *text, size_t cells)
{
	size_t most = utf8_clip(text, cells), at = most;

	if (text[most] == '\0' || text[most] == ' ')
		return most;
	while (at > 0 && text[at - 1] != ' ')
		at--;
	return at ? at - 1 : most;
}

/* Wrapped into the columns from `column` on, where the pen is already. */
static void
wrapped(struct buf *out, size_t column, const char *text)
{
	for (;;) {
		size_t bytes = help_line_of(text, WIDTH - column);

		buf_add_n(out, text, bytes);
		buf_add_char(out, '\n');
		text += bytes;
		text += strspn(text, " ");
		if (*text == '\0')
			return;
		blanks(out, column);
	}
}

/* An option whose words need more than a line goes on below them. */
static void
help_add_long(struct buf *out, const char *left)
{
	size_t words = strcspn(left, "=") + 1, at = utf8_clip(left, WIDTH);

	if (left[at])
		while (at > words && left[at - 1] != '|')
			at--;
	buf_add_n(out, left, at);
	if (!left[at])
		return;
	buf_add_char(out, '\n');
	blanks(out, words);
	buf_add(out, left + at);
}

static void
row(struct buf *out, const char *left, const char *help)
{
	size_t width = utf8_width(left);

	help_add_long(out, left);
	if (width >= COLUMN) {
		buf_add_char(out, '\n');
		width = 0;
	}
	blanks(out, COLUMN - width);
	wrapped(out, COLUMN, help);
}

static void
option_row(struct buf *out, const struct option_def *def)
{
	struct buf left = BUF_INIT;

	if (def->letter)
		buf_addf(&left, "  -%c, --%s", def->letter, def->name);
	else
		buf_addf(&left, "      --%s", def->name);
	if (option_needs_value(def))
		buf_addf(&left, "=%s", def->argument);
	else if (def->argument)
		buf_addf(&left, "[=%s", def->argument + 1);
	row(out, buf_text(&left), _(def->help));
	buf_free(&left);
}

static void
group_rows(struct buf *out, enum command_group group)
{
	buf_addf(out, "\n%s\n", command_group_title(group));
	for (size_t i = 0; i < VERB_COUNT; i++) {
		const struct command_def *def = &command_defs[i];
		struct buf left = BUF_INIT;

		if (def->group != group)
			continue;
		buf_addf(
		    &left, "  %s%s%s", def->name, def->arguments[0] ? " " : "", def->arguments);
		row(out, buf_text(&left), _(def->help));
		buf_free(&left);
	}
}

void
options_help(struct buf *out)
{
	buf_add(out,
	    _("Usage: cowscope [OPTION]... [LESSON|FILE.md]\n"
	      "       cowscope --batch [OPTION]... [LESSON|FILE]\n"
	      "       cowscope -p PID|NAME [OPTION]...\n"
	      "       cowscope --blame [OPTION]... -- PROGRAM [ARGUMENT]...\n"
	      "       cowscope --diff BEFORE.json AFTER.json\n"
	      "       cowscope quiz\n"
	      "       cowscope --list\n"
	      "       cowscope --check LESSON|FILE.md...\n"));
	wrapped(out, 0,
	    _("Shows copy-on-write happening: real processes map the same pages, and the screen says what the kernel knows about each."));
	buf_addf(out, "\n%s\n", _("Options"));
	for (size_t i = 0; i < OPTION_COUNT; i++)
		option_row(out, &option_defs[i]);
	buf_add_char(out, '\n');
	wrapped(out, 0,
	    _("Commands, for the prompt, -c and scripts; a TARGET is a process and its pages, such as a:2, b:0-4, all:* or @ for the cursor. Words, \"quotes\", # comments, ; between commands."));
	for (int group = 0; group < GROUP_COUNT; group++)
		group_rows(out, (enum command_group)group);
	buf_addf(out, "\n%s\n", _("Exit status"));
	row(out, "  0", _("done"));
	row(out, "  1", _("an expect was false"));
	row(out, "  2", _("usage, or a command that does not parse"));
	row(out, "  3", _("the machine lacks what is needed, or it could not be read or written"));
}
