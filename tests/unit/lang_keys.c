#include "config.h"
#include "lang/command.h"
#include "lang/keys.h"
#include "tap.h"

#include <string.h>

static int
commands_of(const char *line)
{
	int count = 0, result;
	struct command command;
	struct err err;

	while ((result = command_parse(&command, &line, &err)) == 1) {
		command_free(&command);
		count++;
	}
	if (result == -1)
		printf("# %s\n", err.text);
	return result == -1 ? -1 : count;
}

/* Does a prompt that opens with words end where text can be typed? */
static bool
takes_text(const char *command)
{
	size_t length = strlen(command);

	return strncmp(command, "prompt ", 7) != 0 || strchr(" \"", command[length - 1]);
}

static void
test_table(const struct key_def *defs, size_t count, const char *(*command_of)(const char *key))
{
	for (const struct key_def *def = defs; def < defs + count; def++) {
		ok(commands_of(def->command) >= 1, "%s: %s", def->key, def->command);
		ok(command_of(def->key) == def->command, "%s is bound once", def->key);
		ok(def->group < KEYS_GROUP_COUNT && key_group_title(def->group)[0],
		    "%s has a group", def->key);
		ok(!def->help || def->help[0], "%s has no empty help", def->key);
		ok(takes_text(def->command), "%s: what is typed is a word of its own", def->key);
	}
}

/* A key of running processes is a command that they have. */
static void
test_family_keys(void)
{
	for (const struct key_def *def = family_key_defs;
	     def < family_key_defs + family_key_def_count; def++) {
		const char *line = def->command;
		struct command command;
		struct err err;

		if (command_parse(&command, &line, &err) != 1)
			continue;
		ok(family_command_find(command.def->verb), "%s: %s is theirs", def->key,
		    command.def->name);
		command_free(&command);
	}
}

static void
test_lesson_keys(void)
{
	for (const struct key_def *def = lesson_key_defs;
	     def < lesson_key_defs + lesson_key_def_count; def++)
		for (unsigned stage = KEY_TELLS; stage <= KEY_SHORT; stage <<= 1)
			if (def->stages & stage)
				ok(lesson_key_command(def->key, (enum key_stage)stage) ==
					def->command,
				    "%s is bound once at %u", def->key, stage);
	for (const struct key_def *def = lesson_key_defs;
	     def < lesson_key_defs + lesson_key_def_count; def++)
		ok(commands_of(def->command) >= 1, "%s: %s", def->key, def->command);
	is_text(lesson_key_command("2", KEY_ASKS), "answer 2", "a digit answers an open question");
	ok(!lesson_key_command("2", KEY_TELLS), "and selects a page at any other time");
	ok(!lesson_key_command("w", KEY_ASKS), "the lab's keys go on");
}

int
main(void)
{
	test_family_keys();
	test_lesson_keys();
	ok(key_def_count > 40, "there are keys");
	test_table(key_defs, key_def_count, key_command);
	test_table(family_key_defs, family_key_def_count, family_key_command);
	is_text(family_key_command("+"), "zoom in", "+ zooms into a family");
	is_text(family_key_command("q"), "quit", "q quits, as in the lab");
	is_number(commands_of(key_command("R")), 2, "R resets and reads");
	ok(!key_command("F12"), "F12 does nothing");
	ok(!key_command(""), "nor does no key");
	return done_testing();
}
