/* Prints one of the generated parts of the manual pages, for tests/man.sh. */
#include "config.h"
#include "base/i18n.h"
#include "lang/command.h"
#include "lang/glossary.h"
#include "lang/keys.h"
#include "lang/options/option_table.h"
#include "lang/teach/lesson.h"
#include "model/family/blame.h"

#include <stdio.h>
#include <string.h>

static void
roff(const char *text)
{
	if (*text == '.' || *text == '\'')
		fputs("\\&", stdout);
	for (; *text; text++) {
		if (*text == '\\')
			fputs("\\e", stdout);
		else if (*text == '-')
			fputs("\\-", stdout);
		else if (*text == '~')
			fputs("\\(ti", stdout);
		else if (*text == '^')
			fputs("\\(ha", stdout);
		else
			putchar(*text);
	}
}

static void
words(const char *font, const char *text)
{
	printf("\\f%s", font);
	roff(text);
	printf("\\fR");
}

static void
line(const char *text)
{
	roff(text);
	putchar('\n');
}

static void
print_options(void)
{
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option_def *row = &option_defs[i];
		char letter[] = {'-', row->letter, '\0'}, name[64];

		snprintf(name, sizeof(name), "--%s", row->name);
		fputs(".TP\n", stdout);
		if (row->letter) {
			words("B", letter);
			fputs(", ", stdout);
		}
		words("B", name);
		if (row->argument) {
			fputs(option_needs_value(row) ? "=" : "[=", stdout);
			words("I", row->argument + !option_needs_value(row));
		}
		putchar('\n');
		line(row->help);
	}
}

static void
print_key_group(const struct key_def *keys, size_t count, int group)
{
	for (const struct key_def *key = keys; key < keys + count; key++) {
		if ((int)key->group != group || !key->help)
			continue;
		fputs(".TP\n", stdout);
		words("B", key->key);
		fputs("   ", stdout);
		words("I", key->command);
		putchar('\n');
		line(key->help);
	}
}

static void
print_keys(void)
{
	for (int group = 0; group < KEYS_GROUP_COUNT; group++) {
		fputs(".SS ", stdout);
		line(key_group_title((enum key_group)group));
		print_key_group(key_defs, key_def_count, group);
		print_key_group(lesson_key_defs, lesson_key_def_count, group);
		print_key_group(family_key_defs, family_key_def_count, group);
	}
}

static void
print_commands(void)
{
	for (int group = 0; group < GROUP_COUNT; group++) {
		fputs(".SS ", stdout);
		line(command_group_title((enum command_group)group));
		for (size_t i = 0; i < VERB_COUNT; i++) {
			const struct command_def *def = &command_defs[i];

			if ((int)def->group != group)
				continue;
			fputs(".TP\n", stdout);
			words("B", def->name);
			if (*def->arguments) {
				putchar(' ');
				words("I", def->arguments);
			}
			putchar('\n');
			line(def->help);
		}
	}
}

static void
print_arguments(void)
{
	static const char *const types[] = {"SYNC", "ADVICE", "PROTECTION", "MAPPING", "SIGNAL",
	    "KIND", "SETTING", "WHAT", "FACT", "PLACE", "VIEW"};

	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++) {
		const char *const *list = argument_words(types[i]);

		fputs(".TP\n", stdout);
		words("I", types[i]);
		putchar('\n');
		for (size_t j = 0; list && list[j]; j++) {
			words("B", list[j]);
			fputs(list[j + 1] ? ",\n" : ".\n", stdout);
		}
	}
}

static void
print_glossary(void)
{
	for (size_t i = 0; i < term_count; i++) {
		fputs(".TP\n", stdout);
		words("B", terms[i].name);
		putchar('\n');
		line(terms[i].text);
	}
}

static void
print_needs(void)
{
	for (const char *const *need = lesson_needs; *need; need++)
		puts(*need);
}

static void
print_sections(void)
{
	for (int cause = 0; cause < CAUSE_COUNT; cause++)
		for (int runtime = 0; runtime < RUNTIME_COUNT; runtime++)
			puts(blame_section((enum cause)cause, (enum runtime)runtime));
}

int
main(int argc, char *argv[])
{
	const char *part = argc == 2 ? argv[1] : "";

	if (strcmp(part, "options") == 0)
		print_options();
	else if (strcmp(part, "keys") == 0)
		print_keys();
	else if (strcmp(part, "commands") == 0)
		print_commands();
	else if (strcmp(part, "arguments") == 0)
		print_arguments();
	else if (strcmp(part, "glossary") == 0)
		print_glossary();
	else if (strcmp(part, "needs") == 0)
		print_needs();
	else if (strcmp(part, "sections") == 0)
		print_sections();
	else
		return 2;
	return 0;
}
