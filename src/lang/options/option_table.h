/*
 * The table in options.def, for the parser of the command line and for --help.
 */
#ifndef LANG_OPTIONS_OPTION_TABLE_H
#define LANG_OPTIONS_OPTION_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum option_id {
#define OPTION(constant, name, letter, argument, value, help) OPT_##constant,
#include "lang/options/options.def"
#undef OPTION
	OPTION_COUNT
};

struct parsing;
struct option_def;

/* Takes the value, NULL for an option without one. Returns 0, or -1 with parsing->err set. */
typedef int option_take(struct parsing *parsing, const struct option_def *def, const char *value);

struct option_def {
	const char *name;
	char letter;          /* 0: none */
	const char *argument; /* NULL: it takes none; "[x]": it is optional */
	option_take *take;
	size_t field;     /* byte of struct options that it fills */
	uint32_t most;    /* NUMBER */
	const char *help; /* untranslated */
};

/* Does it need its value? */
static inline bool
option_needs_value(const struct option_def *def)
{
	return def->argument && def->argument[0] != '[';
}

extern const struct option_def option_defs[OPTION_COUNT];

#endif
