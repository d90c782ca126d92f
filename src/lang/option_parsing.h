/*
 * A command line that is being parsed: of src/lang/option*.c alone.
 *
 * options.c takes it apart, option_values.c reads what each option was given, option_rules.c says what goes with what.
 * Functions return 0, or -1 with `err` set, ERR_USAGE.
 */
#ifndef LANG_OPTION_PARSING_H
#define LANG_OPTION_PARSING_H

#include <stdbool.h>

#include "base/err.h"
#include "lang/option_table.h"
#include "lang/options.h"

struct parsing {
	struct options *options;
	const char *positional, *second; /* words that are no options; NULL: none */
	bool given[OPTION_COUNT];
	struct err *err;
};

/* `value` is NULL for an option that takes none; options keep it, borrowed. */
int option_apply(struct parsing *parsing, enum option_id id, const char *value);

/* Once all are applied; takes the words too. */
int options_check(struct parsing *parsing);

#endif
