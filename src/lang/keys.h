/*
 * Keys are command text: access to the table in keys.def.
 */
#ifndef LANG_KEYS_H
#define LANG_KEYS_H

#include <stddef.h>

enum key_group {
	KEYS_MOVE,
	KEYS_ACT,
	KEYS_STEP,
	KEYS_SCREEN,
	KEYS_LESSON,
	KEYS_FAMILY,
	KEYS_GROUP_COUNT
};

struct key_def {
	const char *key;     /* "r", "Tab", "Ctrl-L" */
	const char *command; /* "read @" */
	enum key_group group;
	const char *help; /* untranslated; NULL: described at another key */
	unsigned stages;  /* KEYS_LESSON: the stages at which it means this, of enum key_stage */
};

/* Where a lesson is: text is read, a question is open, pages are marked, the kernel has answered,
 * memory is asked for. */
enum key_stage { KEY_TELLS = 1, KEY_ASKS = 2, KEY_POINTS = 4, KEY_SHOWS = 8, KEY_SHORT = 16 };

extern const struct key_def key_defs[];
extern const size_t key_def_count;

/* While running processes are watched: these take precedence. */
extern const struct key_def family_key_defs[];
extern const size_t family_key_def_count;

/* While a lesson leads: these take precedence, at their stages. */
extern const struct key_def lesson_key_defs[];
extern const size_t lesson_key_def_count;

/* NULL: as without a lesson */
const char *lesson_key_command(const char *key, enum key_stage stage);
const char *key_command(const char *key); /* NULL: the key does nothing */
const char *family_key_command(const char *key);
const char *key_group_title(enum key_group group); /* translated */

#endif
