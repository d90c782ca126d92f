/*
 * The command line: argv to a struct options. Pure: reads no environment, opens nothing.
 */
#ifndef LANG_OPTIONS_OPTIONS_H
#define LANG_OPTIONS_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"
#include "model/words.h"

enum format {
#define FORMAT(constant, name, ending, help) FORMAT_##constant,
#include "lang/options/formats.def"
#undef FORMAT
	FORMAT_COUNT,
	FORMAT_OPENMETRICS = FORMAT_COUNT, /* of running processes: not a picture */
	FORMAT_FOLDED,                     /* of --blame: stacks */
	FORMAT_TAP,                        /* of --grade and --answers */
	FORMAT_JUNIT
};
enum color { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

/* The format of a file name's ending, in either case; -1: none, and err lists the endings. */
int format_of_ending(const char *path, struct err *err);

/* Strings are borrowed from argv. */
struct options {
	bool batch, list, check, ascii, allow_write, history, help, version;
	const char **commands; /* -c, in order; the array is owned */
	size_t command_count;
	const char *script; /* FILE or LESSON after --batch; NULL: none */
	const char *lesson; /* LESSON or FILE.md without --batch; NULL: none */
	/* all that aren't options, in order; the array is owned */
	const char **words;
	size_t word_count;
	enum format format;
	const char *output, *file, *open, *theme, *lang;
	const char *grade, *student; /* the check, and what it checks; NULL: not given, a program */
	const char *answers;         /* of a lesson or the quiz; NULL: not given */
	unsigned time_limit;         /* seconds; 0: not given */
	enum kind kind;
	uint32_t pages;     /* 0: not given */
	unsigned processes; /* 0: not given */
	int columns, rows;  /* 0: not given */
	unsigned scale;     /* of PNG; 0: not given */
	bool quiz;
	uint32_t seed;      /* 0: not given */
	unsigned questions; /* 0: not given */
	uint32_t pace_ms;   /* of a cast; 0: as it was timed */
	bool has_step;
	uint32_t step; /* --goto */
	enum color color;
	const char *pid;   /* -p; NULL: the lab */
	uint32_t every_ms; /* 0: once */
	unsigned count;    /* 0: no end */
	unsigned duty;     /* percent; 0: not given */
	bool cells, compare, copies, siblings, freeze, summary, all_mappings;
	bool blame, blame_all;
	char *const *program;                  /* after --, with its arguments; NULL: none */
	const char *label;                     /* of metrics; NULL: not given */
	const char *baseline, *diff, *diff_to; /* diff_to: the second file of --diff */
};

/* -1: one line says what is wrong and what would be right. */
int options_parse(struct options *options, int argc, char *const argv[], struct err *err);
void options_free(struct options *options);

/* Does the command line take this word for something other than a lesson's name? */
bool options_own_word(const char *word);

/* The text of --help, from the tables of options and commands. */
void options_help(struct buf *out);

#endif
