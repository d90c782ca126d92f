/*
 * The table of options.def, looked at by the parser of the command line and by --help.
 */
#ifndef LANG_OPTION_TABLE_H
#define LANG_OPTION_TABLE_H

enum option_id {
#define OPTION(constant, name, letter, argument, help) OPT_##constant,
#include "lang/options.def"
#undef OPTION
	OPTION_COUNT
};

struct option_def {
	const char *name;
	char letter;          /* 0: none */
	const char *argument; /* NULL: it takes none */
	const char *help;     /* untranslated */
};

extern const struct option_def option_defs[OPTION_COUNT];

#endif
