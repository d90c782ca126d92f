/*
 * A command line being parsed. Internal to src/lang/options.
 *
 * options.c splits it, option_values.c reads a value according to the table, option_rules.c says
 * which options go together. Functions return 0, or -1 with `err` set, ERR_USAGE.
 */
#ifndef LANG_OPTIONS_OPTION_PARSING_H
#define LANG_OPTIONS_OPTION_PARSING_H

#include <stdbool.h>

#include "base/err.h"
#include "lang/options/option_table.h"
#include "lang/options/options.h"

struct parsing {
	struct options *options;
	const char *positional, *second; /* words that aren't options; NULL: none */
	bool given[OPTION_COUNT];
	struct err *err;
};

/* How values are taken; options keep them, borrowed. */
option_take option_flag, option_word, option_number, option_choice, option_pace;
option_take option_command, option_kind, option_step, option_size, option_compare, option_blame;

/* Once all have been applied; takes the words too. */
int options_check(struct parsing *parsing);

#endif
