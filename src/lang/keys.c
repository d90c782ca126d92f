#include "config.h"
#include "base/i18n.h"
#include "lang/keys.h"

#include <string.h>

const struct key_def key_defs[] = {
#define KEY(key, command, group, help) {key, command, KEYS_##group, help, 0},
#include "lang/keys.def"
#undef KEY
};

const size_t key_def_count = sizeof(key_defs) / sizeof(key_defs[0]);

const struct key_def family_key_defs[] = {
#define KEY(key, command, group, help) {key, command, KEYS_##group, help, 0},
#include "lang/family_keys.def"
#undef KEY
};

const size_t family_key_def_count = sizeof(family_key_defs) / sizeof(family_key_defs[0]);

#define TELLS KEY_TELLS
#define ASKS KEY_ASKS
#define POINTS KEY_POINTS
#define SHOWS KEY_SHOWS
#define SHORT KEY_SHORT

const struct key_def lesson_key_defs[] = {
#define KEY(key, command, stages, help) {key, command, KEYS_LESSON, help, stages},
#include "lang/lesson_keys.def"
#undef KEY
};

const size_t lesson_key_def_count = sizeof(lesson_key_defs) / sizeof(lesson_key_defs[0]);

const char *
lesson_key_command(const char *key, enum key_stage stage)
{
	for (size_t i = 0; i < lesson_key_def_count; i++)
		if (lesson_key_defs[i].stages & stage && strcmp(lesson_key_defs[i].key, key) == 0)
			return lesson_key_defs[i].command;
	return NULL;
}

static const char *
command_of(const char *key, const struct key_def *defs, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(defs[i].key, key) == 0)
			return defs[i].command;
	return NULL;
}

const char *
key_command(const char *key)
{
	return command_of(key, key_defs, key_def_count);
}

const char *
family_key_command(const char *key)
{
	const char *command = command_of(key, family_key_defs, family_key_def_count);

	return command ? command : key_command(key);
}

const char *
key_group_title(enum key_group group)
{
	static const char *const titles[KEYS_GROUP_COUNT] = {
	    [KEYS_MOVE] = N_("Moving"),
	    [KEYS_ACT] = N_("Acting"),
	    [KEYS_STEP] = N_("Steps"),
	    [KEYS_SCREEN] = N_("Screen"),
	    [KEYS_LESSON] = N_("In a lesson"),
	    [KEYS_FAMILY] = N_("Running processes (-p)"),
	};

	return _(titles[group]);
}
