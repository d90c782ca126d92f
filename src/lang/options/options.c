#include "config.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "lang/options/option_parsing.h"
#include "lang/word_lists.h"
#include "model/lab/snapshot.h"

#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#define INTO(take, field, most) take, offsetof(struct options, field), most
#define FLAG(field) INTO(option_flag, field, 0)
#define WORD(field) INTO(option_word, field, 0)
#define NUMBER(field, most) INTO(option_number, field, most)
#define CHOICE(field) INTO(option_choice, field, 0)
#define PACE(field) INTO(option_pace, field, 0)
#define OWN(take) take, 0, 0

/* Of --format: a format each, and those of samples. */
static const char format_words[] =
#define FORMAT(constant, name, ending, help) name "|"
#include "lang/options/formats.def"
#undef FORMAT
    "openmetrics|folded|tap|junit";

const struct option_def option_defs[OPTION_COUNT] = {
#define OPTION(constant, name, letter, argument, value, help) {name, letter, argument, value, help},
#include "lang/options/options.def"
#undef OPTION
};

#define FIRST_VALUE 256 /* of getopt_long: above all letters and '?', ':' and 1 */

static int
positional(struct parsing *parsing, const char *word)
{
	struct options *options = parsing->options;

	options->words =
	    mem_resize(options->words, options->word_count + 1, sizeof(*options->words));
	options->words[options->word_count++] = word;
	if (!parsing->positional)
		parsing->positional = word;
	else if (!parsing->second)
		parsing->second = word;
	return 0;
}

static const struct option_def *
def_of_letter(int letter)
{
	for (size_t i = 0; i < OPTION_COUNT; i++)
		if (letter && option_defs[i].letter == letter)
			return &option_defs[i];
	return NULL;
}

/* The option whose name begins so; NULL: none, or several. */
static const struct option_def *
def_of_start(const char *name, size_t length, bool *several)
{
	const struct option_def *found = NULL;

	*several = false;
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		if (strncmp(option_defs[i].name, name, length) != 0)
			continue;
		*several = found != NULL;
		found = &option_defs[i];
	}
	return *several ? NULL : found;
}

static int
unknown_long(struct parsing *parsing, const char *name, size_t length)
{
	const char *names[OPTION_COUNT + 1] = {NULL}, *near;
	char *start = mem_string_n(name, length);
	char room[QUOTED_MAX];

	for (size_t i = 0; i < OPTION_COUNT; i++)
		names[i] = option_defs[i].name;
	near = nearest(names, start);
	quoted(room, start);
	free(start);
	if (near)
		return err_set(parsing->err, ERR_USAGE,
		    _("there is no option --%1$s: did you mean --%2$s?"), room, near);
	return err_set(
	    parsing->err, ERR_USAGE, _("there is no option --%s: --help lists them all"), room);
}

/* optopt is a byte in glibc and a character in musl, or a long option's value; 0: there is none. */
static bool
is_bad_letter(void)
{
	return optopt != 0 && (optopt < FIRST_VALUE || optopt >= FIRST_VALUE + OPTION_COUNT);
}

static int
bad_letter(struct parsing *parsing)
{
	char letter[2] = {(char)optopt, '\0'}, room[QUOTED_MAX];

	return err_set(parsing->err, ERR_USAGE, _("there is no option -%s: --help lists them all"),
	    optopt > UCHAR_MAX ? "\xEF\xBF\xBD" : quoted(room, letter));
}

static int
bad_option(struct parsing *parsing, const char *word)
{
	size_t length = strcspn(word, "=");
	const struct option_def *def;
	char room[QUOTED_MAX];
	bool several;

	if (is_bad_letter())
		return bad_letter(parsing);
	def = def_of_start(word + 2, length - 2, &several);
	if (several)
		return err_set(parsing->err, ERR_USAGE,
		    _("%s is the start of more than one option: --help lists them"),
		    quoted_n(room, word, length));
	if (!def)
		return unknown_long(parsing, word + 2, length - 2);
	return err_set(
	    parsing->err, ERR_USAGE, _("--%1$s takes no value: write --%1$s alone"), def->name);
}

static int
no_value(struct parsing *parsing, int value)
{
	const struct option_def *def =
	    value >= FIRST_VALUE ? &option_defs[value - FIRST_VALUE] : def_of_letter(value);

	return err_set(parsing->err, ERR_USAGE, _("--%1$s needs a value: it is --%1$s=%2$s"),
	    def->name, def->argument);
}

static int
option_apply(struct parsing *parsing, const struct option_def *def, const char *value)
{
	parsing->given[def - option_defs] = true;
	return def->take(parsing, def, value);
}

static int
take_option(struct parsing *parsing, int value, char *const argv[])
{
	switch (value) {
	case 1:
		return positional(parsing, optarg);
	case ':':
		return no_value(parsing, optopt);
	case '?':
		return bad_option(parsing, argv[optind - 1]);
	default:
		return option_apply(parsing,
		    value >= FIRST_VALUE ? &option_defs[value - FIRST_VALUE] : def_of_letter(value),
		    optarg);
	}
}

/* Words in order ('-'), and a missing value reported as such (':'). */
static void
options_build(struct option longs[OPTION_COUNT + 1], char shorts[2 * OPTION_COUNT + 3])
{
	size_t at = 0;

	shorts[at++] = '-';
	shorts[at++] = ':';
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option_def *def = &option_defs[i];

		longs[i] = (struct option){def->name,
		    !def->argument                ? no_argument
			: option_needs_value(def) ? required_argument
						  : optional_argument,
		    NULL, FIRST_VALUE + (int)i};
		if (!def->letter)
			continue;
		shorts[at++] = def->letter;
		if (def->argument)
			shorts[at++] = ':';
	}
	shorts[at] = '\0';
	longs[OPTION_COUNT] = (struct option){0};
}

int
options_parse(struct options *options, int argc, char *const argv[], struct err *err)
{
	struct option longs[OPTION_COUNT + 1];
	char shorts[2 * OPTION_COUNT + 3];
	struct parsing parsing = {.options = options, .err = err};
	int value, result = 0;

	memset(options, 0, sizeof(*options));
	options_build(longs, shorts);
	optind = 0; /* glibc and musl: start afresh */
	opterr = 0;
	while (result == 0 && (value = getopt_long(argc, argv, shorts, longs, NULL)) != -1)
		result = take_option(&parsing, value, argv);
	if ((options->grade || (options->blame && !options->pid)) && optind < argc)
		options->program = &argv[optind];
	for (int i = optind; result == 0 && i < argc && !options->program; i++)
		positional(&parsing, argv[i]);
	if (result == 0 && !options->help && !options->version)
		result = options_check(&parsing);
	if (result == -1)
		options_free(options);
	return result;
}

void
options_free(struct options *options)
{
	free(options->commands);
	free(options->words);
	memset(options, 0, sizeof(*options));
}
