#include "config.h"
#include "base/i18n.h"
#include "lang/command.h"
#include "lang/word_lists.h"

#include <string.h>

const struct command_def command_defs[VERB_COUNT] = {
#define COMMAND(constant, name, arguments, group, help) \
	{VERB_##constant, name, arguments, GROUP_##group, help},
#include "lang/commands.def"
#undef COMMAND
};

const struct family_command family_commands[] = {
#define FAMILY(constant, doer, help) {VERB_##constant, help},
#include "lang/family_commands.def"
#undef FAMILY
};

const size_t family_command_count = sizeof(family_commands) / sizeof(family_commands[0]);

const struct family_command *
family_command_find(enum verb verb)
{
	for (size_t i = 0; i < family_command_count; i++)
		if (family_commands[i].verb == verb)
			return &family_commands[i];
	return NULL;
}

static const char *const command_names[] = {
#define COMMAND(constant, name, arguments, group, help) name,
#include "lang/commands.def"
#undef COMMAND
    NULL,
};

const struct word_list command_list = {command_names, NULL, NULL, NULL};

const char *
command_group_title(enum command_group group)
{
	static const char *const titles[GROUP_COUNT] = {
	    [GROUP_PAGES] = N_("Pages"),
	    [GROUP_PROCESSES] = N_("Processes"),
	    [GROUP_FILE] = N_("File"),
	    [GROUP_LAB] = N_("Lab"),
	    [GROUP_LOOK] = N_("Look"),
	    [GROUP_STEPS] = N_("Steps"),
	    [GROUP_LESSON] = N_("Lessons"),
	    [GROUP_FAMILY] = N_("Running processes (-p)"),
	    [GROUP_SCREEN] = N_("Screen"),
	};

	return _(titles[group]);
}

/* Skips the colon that fingers type at a prompt which already shows one. */
static const char *
unabbreviated(const char *name)
{
	return strcmp(name, "q") == 0 ? "quit" : name;
}

const struct command_def *
command_find(const char *name)
{
	int index = word_index(command_names, unabbreviated(name));

	return index < 0 ? NULL : &command_defs[index];
}

/* "drop, grow, read" for "file": what may follow the first word of two-word names. */
static bool
second_words(struct buf *out, const char *first)
{
	size_t length = strlen(first);

	for (size_t i = 0; i < VERB_COUNT; i++) {
		const char *name = command_names[i];

		if (strncmp(name, first, length) != 0 || name[length] != ' ')
			continue;
		if (out->length)
			buf_add(out, ", ");
		buf_add(out, name + length + 1);
	}
	return out->length > 0;
}

/* The first word of a two-word name, if it is near; NULL: none is. */
static const char *
nearest_first(const char *name, char room[32])
{
	for (size_t i = 0; i < VERB_COUNT; i++) {
		size_t length = strcspn(command_names[i], " ");
		const char *const words[] = {room, NULL};

		if (!command_names[i][length] || length >= 32)
			continue;
		memcpy(room, command_names[i], length);
		room[length] = '\0';
		if (nearest(words, name))
			return room;
	}
	return NULL;
}

int
command_error(const char *name, struct err *err)
{
	const char *near = nearest(command_names, name);
	struct buf second = BUF_INIT;
	char room[QUOTED_MAX], first[32];

	if (!near)
		near = nearest_first(name, first);
	if (second_words(&second, name))
		err_set(err, ERR_USAGE,
		    _("%1$s is an incomplete command: expected one of %2$s after it"), name,
		    buf_text(&second));
	else if (near)
		err_set(err, ERR_USAGE, _("there is no command %1$s: did you mean %2$s?"),
		    quoted(room, name), near);
	else
		err_set(err, ERR_USAGE, _("there is no command %s: help lists them all"),
		    quoted(room, name));
	buf_free(&second);
	return -1;
}
