#include "config.h"
#include "base/i18n.h"
#include "lang/keys.h"

#include <string.h>

const struct key_def key_defs[] = {
#define KEY(key, command, group, help) {key, command, KEYS_##group, help},
#include "lang/keys.def"
#undef KEY
};

const size_t key_def_count = sizeof(key_defs) / sizeof(key_defs[0]);

const char *
key_command(const char *key)
{
	for (size_t i = 0; i < key_def_count; i++)
		if (strcmp(key_defs[i].key, key) == 0)
			return key_defs[i].command;
	return NULL;
}

const char *
key_group_title(enum key_group group)
{
	static const char *const titles[KEYS_GROUP_COUNT] = {
	    [KEYS_MOVE] = N_("Moving"),
	    [KEYS_ACT] = N_("Acting"),
	    [KEYS_STEP] = N_("Steps"),
	    [KEYS_SCREEN] = N_("Screen"),
	};

	return _(titles[group]);
}
