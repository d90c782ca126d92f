#include "config.h"
#include "view/canvas/help_text.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "lang/command.h"
#include "lang/keys.h"
#include "view/canvas/glyph.h"

#define SECOND_COLUMN 26

void
help_row(struct buf *out, const char *first, const char *second, size_t column)
{
	size_t used = 2 + utf8_width(first);

	buf_addf(out, "  %s", first);
	if (used + 2 > column) {
		buf_add(out, "\n");
		used = 0;
	}
	while (used++ < column)
		buf_add_char(out, ' ');
	buf_addf(out, "%s\n", second);
}

static void
add_state_words(struct buf *out, int count)
{
	buf_addf(out, "%s\n", _("States of a page"));
	for (int state = 0; state < count; state++) {
		struct buf word = BUF_INIT;

		buf_addf(&word, "%s %s", state_glyph((enum page_state)state, false),
		    page_state_word((enum page_state)state));
		help_row(out, buf_text(&word), page_state_meaning((enum page_state)state), 14);
		buf_free(&word);
	}
}

static void
help_add_states(struct buf *out)
{
	add_state_words(out, PAGE_PARTED);
	buf_addf(out, "%s\n", _("Marks"));
	help_row(out, "x3", _("this many processes of the lab map the frame"), 14);
	help_row(out, "+out", _("a process outside the lab maps it too"), 14);
	help_row(out, "*", _("the last step changed it"), 14);
	help_row(out, "▲", _("dirty: the file's page has changes not written back"), 14);
	help_row(out, "△", _("under writeback"), 14);
	help_row(out, "?!", _("two sources contradict each other"), 14);
	help_row(out, "F2", _("page 2 of the file in the page cache"), 14);
	help_row(out, "a2", _("the frame that a's page 2 was given; a2' is another one"), 14);
	help_row(out, "Z", _("the kernel's page of zeros"), 14);
}

static void
add_keys(struct buf *out, const struct key_def *defs, size_t count, enum key_group group)
{
	buf_addf(out, "%s\n", key_group_title(group));
	for (size_t i = 0; i < count; i++)
		if (defs[i].group == group && defs[i].help)
			help_row(out, defs[i].key, _(defs[i].help), 14);
}

static void
help_add_usage(struct buf *out, const struct command_def *def)
{
	buf_addf(out, "%s%s%s", def->name, *def->arguments ? " " : "", def->arguments);
}

static void
help_add_command(struct buf *out, const struct command_def *def, const char *help)
{
	struct buf usage = BUF_INIT;

	help_add_usage(&usage, def);
	help_row(out, buf_text(&usage), _(help), SECOND_COLUMN);
	buf_free(&usage);
}

static void
add_commands(struct buf *out, enum command_group group)
{
	buf_addf(out, "%s\n", command_group_title(group));
	for (size_t i = 0; i < VERB_COUNT; i++)
		if (command_defs[i].group == group)
			help_add_command(out, &command_defs[i], command_defs[i].help);
}

static void
add_targets(struct buf *out)
{
	buf_addf(out, "%s\n", _("Targets"));
	help_row(out, "a:2", _("page 2 of process a"), 14);
	help_row(out, "ab:0-4", _("pages 0 to 4 of a and b"), 14);
	help_row(out, "all:*", _("every page of every process"), 14);
	help_row(out, "@", _("the page under the cursor"), 14);
}

void
help_lab(struct buf *out)
{
	for (int group = 0; group < KEYS_LESSON; group++)
		add_keys(out, key_defs, key_def_count, (enum key_group)group);
	add_keys(out, lesson_key_defs, lesson_key_def_count, KEYS_LESSON);
	help_add_states(out);
	add_targets(out);
	for (int group = 0; group < GROUP_COUNT; group++)
		if (group != GROUP_FAMILY)
			add_commands(out, (enum command_group)group);
}

static bool
is_family_key(const char *key)
{
	for (size_t i = 0; i < family_key_def_count; i++)
		if (strcmp(family_key_defs[i].key, key) == 0)
			return true;
	return false;
}

/* One of the lab's whose command exists there too. */
static bool
means_the_same(const struct key_def *def)
{
	char *verb = mem_string_n(def->command, strcspn(def->command, " "));
	const struct command_def *command = command_find(verb);
	bool same = def->group == KEYS_SCREEN && def->help && command &&
	    family_command_find(command->verb) && !is_family_key(def->key);

	free(verb);
	return same;
}

static void
add_family_keys(struct buf *out)
{
	buf_addf(out, "%s\n", key_group_title(KEYS_FAMILY));
	for (size_t i = 0; i < family_key_def_count; i++)
		if (family_key_defs[i].help)
			help_row(out, family_key_defs[i].key, _(family_key_defs[i].help), 14);
	for (size_t i = 0; i < key_def_count; i++)
		if (means_the_same(&key_defs[i]))
			help_row(out, key_defs[i].key, _(key_defs[i].help), 14);
}

static const char *
family_help_of(const struct family_command *command)
{
	return command->help ? command->help : command_defs[command->verb].help;
}

static void
add_family_commands(struct buf *out)
{
	buf_addf(out, "%s\n", _("Commands"));
	for (size_t i = 0; i < family_command_count; i++)
		help_add_command(out, &command_defs[family_commands[i].verb],
		    family_help_of(&family_commands[i]));
}

void
help_family(struct buf *out)
{
	add_family_keys(out);
	add_state_words(out, PAGE_STATE_COUNT);
	buf_addf(out, "%s\n", _("Marks"));
	help_row(out, "■ ▣ □",
	    _("all pages of the cell are so, most are, fewer than half are (◆ ◈ ◇, ◐ ◕ ◔ and ● ◉ ◎ alike)"),
	    14);
	help_row(out, "~", _("the page changed while it was read: its state is not certain"), 14);
	help_row(out, "Rss",
	    _("pages the process maps, shared ones in full: the sum counts them again and again"),
	    14);
	help_row(out, "Pss", _("each page divided by those who map it"), 14);
	help_row(out, "Uss",
	    _("pages that nobody else maps: what would be free if the process ended"), 14);
	add_family_commands(out);
}

/* The words that a command's arguments allow, one per line. */
static void
add_words(struct buf *out, const char *arguments)
{
	while (*arguments) {
		size_t length = strspn(arguments, "ABCDEFGHIJKLMNOPQRSTUVWXYZ");
		struct buf type = BUF_INIT;
		const char *const *words;

		buf_add_n(&type, arguments, length);
		words = length ? argument_words(buf_text(&type)) : NULL;
		if (words) {
			buf_addf(out, "  %s:", buf_text(&type));
			for (; *words; words++)
				buf_addf(out, " %s", *words);
			buf_add(out, "\n");
		}
		buf_free(&type);
		arguments += length ? length : 1;
	}
}

void
help_command(struct buf *out, const char *command)
{
	const struct command_def *def = command_find(command);

	if (!def) {
		buf_addf(out, _("there is no command %s\n"), command);
		return;
	}
	help_add_usage(out, def);
	buf_addf(out, "\n  %s\n", _(def->help));
	add_words(out, def->arguments);
}

void
help_family_command(struct buf *out, enum verb verb)
{
	const struct command_def *def = &command_defs[verb];
	const struct family_command *command = family_command_find(verb);

	help_add_usage(out, def);
	buf_addf(out, "\n  %s\n", _(family_help_of(command)));
	if (!command->help)
		add_words(out, def->arguments);
}
