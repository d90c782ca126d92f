#include "config.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "lang/options.h"
#include "lang/option_table.h"
#include "lang/words.h"
#include "model/snapshot.h"

#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

const struct option_def option_defs[OPTION_COUNT] = {
#define OPTION(constant, name, letter, argument, help) {name, letter, argument, help},
#include "lang/options.def"
#undef OPTION
};

#define FIRST_VALUE 256 /* of getopt_long: above every letter and '?', ':' and 1 */

#define SCALE_MAX 8
#define COUNT_MAX 1000000000
#define SEED_MAX 999999999
#define QUESTIONS_MAX 1000000

struct parsing {
	struct options *options;
	const char *positional, *second;
	bool given[OPTION_COUNT];
	struct err *err;
};

static int
bad_value(struct parsing *parsing, const struct option_def *def, const char *value)
{
	char room[QUOTED_MAX];

	return err_set(parsing->err, ERR_USAGE, _("--%1$s=%2$s cannot be: it is --%1$s=%3$s"), def->name,
	    quoted(room, value), def->argument);
}

/* The index among "one|two|three". */
static int
choice_of(struct parsing *parsing, const struct option_def *def, const char *value)
{
	size_t length = strlen(value);
	const char *at = def->argument;

	for (int index = 0;; index++) {
		size_t part = strcspn(at, "|");

		if (part == length && memcmp(at, value, length) == 0)
			return index;
		if (at[part] == '\0')
			return bad_value(parsing, def, value);
		at += part + 1;
	}
}

static int
number_in(struct parsing *parsing, const struct option_def *def, const char *value, uint32_t most)
{
	uint32_t number;
	char room[QUOTED_MAX];

	if (number_of(value, strlen(value), &number) && number >= 1 && number <= most)
		return (int)number;
	return err_set(parsing->err, ERR_USAGE, _("--%1$s=%2$s cannot be: it is a number from 1 to %3$u"),
	    def->name, quoted(room, value), most);
}

static int
pace_in(struct parsing *parsing, const struct option_def *def, const char *value, uint32_t *into)
{
	char room[QUOTED_MAX];

	if (seconds_of(value, into))
		return 0;
	return err_set(parsing->err, ERR_USAGE, _("--%1$s=%2$s cannot be: it is a number from 0.001 to 3600"),
	    def->name, quoted(room, value));
}

static int
step_of(struct parsing *parsing, const struct option_def *def, const char *value)
{
	char room[QUOTED_MAX];

	parsing->options->has_step = number_of(value, strlen(value), &parsing->options->step);
	if (parsing->options->has_step)
		return 0;
	return err_set(parsing->err, ERR_USAGE, _("--%1$s=%2$s cannot be: it is a number, 0 for the start"),
	    def->name, quoted(room, value));
}

static int
size_of(struct parsing *parsing, const struct option_def *def, const char *value)
{
	const char *x = strchr(value, 'x');
	uint32_t columns, rows;
	char room[QUOTED_MAX];

	if (!x || !number_of(value, (size_t)(x - value), &columns) ||
	    !number_of(x + 1, strlen(x + 1), &rows) || columns < 10 || columns > 1000 || rows < 4 || rows > 500)
		return err_set(parsing->err, ERR_USAGE,
		    _("--%1$s=%2$s cannot be: it is 10 to 1000 columns, x, 4 to 500 rows, such as 80x24"),
		    def->name, quoted(room, value));
	parsing->options->columns = (int)columns;
	parsing->options->rows = (int)rows;
	return 0;
}

static int
kind_of(struct parsing *parsing, const struct option_def *def, const char *value)
{
	int kind;

	if (word_index(kind_list.words, value) < 0) {
		char where[32] = "--";

		strncat(where, def->name, sizeof(where) - 3);
		return list_error(&kind_list, where, value, parsing->err);
	}
	list_value(&kind_list, value, &kind);
	return kind;
}

static int
text_of(struct parsing *parsing, const struct option_def *def, const char *value, const char **into)
{
	if (value[0] == '\0')
		return err_set(parsing->err, ERR_USAGE, _("--%1$s is empty: it is --%1$s=%2$s"), def->name,
		    def->argument);
	*into = value;
	return 0;
}

static int
add_command(struct options *options, const char *command)
{
	options->commands =
	    mem_resize(options->commands, options->command_count + 1, sizeof(*options->commands));
	options->commands[options->command_count++] = command;
	return 0;
}

/* The options of running processes. */
static int
apply_attach(struct parsing *parsing, enum option_id id, const char *value)
{
	struct options *options = parsing->options;
	const struct option_def *def = &option_defs[id];
	int number = 0;

	switch (id) {
	case OPT_PID:
		return text_of(parsing, def, value, &options->pid);
	case OPT_EVERY:
		return pace_in(parsing, def, value, &options->every_ms);
	case OPT_COUNT:
		number = number_in(parsing, def, value, COUNT_MAX);
		options->count = (unsigned)number;
		break;
	case OPT_DUTY:
		number = number_in(parsing, def, value, 100);
		options->duty = (unsigned)number;
		break;
	case OPT_CELLS:
		options->cells = true;
		break;
	case OPT_COMPARE:
		options->compare = true;
		break;
	case OPT_FREEZE:
		options->freeze = true;
		break;
	case OPT_BASELINE:
		return text_of(parsing, def, value, &options->baseline);
	case OPT_DIFF:
		return text_of(parsing, def, value, &options->diff);
	default:
		break;
	}
	return number < 0 ? -1 : 0;
}

static int
apply(struct parsing *parsing, enum option_id id, const char *value)
{
	struct options *options = parsing->options;
	const struct option_def *def = &option_defs[id];
	int number = 0;

	parsing->given[id] = true;
	switch (id) {
	case OPT_BATCH:
		options->batch = true;
		return 0;
	case OPT_COMMAND:
		return add_command(options, value);
	case OPT_LIST:
		options->list = true;
		return 0;
	case OPT_CHECK:
		options->check = true;
		return 0;
	case OPT_FORMAT:
		number = choice_of(parsing, def, value);
		options->format = (enum format)number;
		break;
	case OPT_HISTORY:
		options->history = true;
		return 0;
	case OPT_SCALE:
		number = number_in(parsing, def, value, SCALE_MAX);
		options->scale = (unsigned)number;
		break;
	case OPT_SEED:
		number = number_in(parsing, def, value, SEED_MAX);
		options->seed = (uint32_t)number;
		break;
	case OPT_QUESTIONS:
		number = number_in(parsing, def, value, QUESTIONS_MAX);
		options->questions = (unsigned)number;
		break;
	case OPT_SECONDS:
		return pace_in(parsing, def, value, &options->pace_ms);
	case OPT_GOTO:
		return step_of(parsing, def, value);
	case OPT_OUTPUT:
		return text_of(parsing, def, value, &options->output);
	case OPT_KIND:
		number = kind_of(parsing, def, value);
		options->kind = (enum kind)number;
		break;
	case OPT_PAGES:
		number = number_in(parsing, def, value, PAGES_MAX);
		options->pages = (uint32_t)number;
		break;
	case OPT_PROCESSES:
		number = number_in(parsing, def, value, PROCESSES_MAX);
		options->processes = (unsigned)number;
		break;
	case OPT_FILE:
		return text_of(parsing, def, value, &options->file);
	case OPT_OPEN:
		return text_of(parsing, def, value, &options->open);
	case OPT_ALLOW_WRITE:
		options->allow_write = true;
		return 0;
	case OPT_SIZE:
		return size_of(parsing, def, value);
	case OPT_COLOR:
		number = choice_of(parsing, def, value);
		options->color = (enum color)number;
		break;
	case OPT_ASCII:
		options->ascii = true;
		return 0;
	case OPT_THEME:
		return text_of(parsing, def, value, &options->theme);
	case OPT_LANG:
		return text_of(parsing, def, value, &options->lang);
	case OPT_HELP:
		options->help = true;
		return 0;
	case OPT_VERSION:
		options->version = true;
		return 0;
	default:
		return apply_attach(parsing, id, value);
	}
	return number < 0 ? -1 : 0;
}

static int
positional(struct parsing *parsing, const char *word)
{
	struct options *options = parsing->options;

	options->words = mem_resize(options->words, options->word_count + 1, sizeof(*options->words));
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
		return err_set(parsing->err, ERR_USAGE, _("there is no option --%1$s: did you mean --%2$s?"),
		    room, near);
	return err_set(parsing->err, ERR_USAGE, _("there is no option --%s: --help lists those that there are"),
	    room);
}

static int
bad_option(struct parsing *parsing, const char *word)
{
	size_t length = strcspn(word, "=");
	const struct option_def *def;
	char letter[2] = {(char)optopt, '\0'}, room[QUOTED_MAX];
	bool several;

	if (optopt != 0 && optopt < FIRST_VALUE)
		return err_set(parsing->err, ERR_USAGE,
		    _("there is no option -%s: --help lists those that there are"), quoted(room, letter));
	def = def_of_start(word + 2, length - 2, &several);
	if (several)
		return err_set(parsing->err, ERR_USAGE,
		    _("%s is the start of more than one option: --help lists them"), quoted_n(room, word, length));
	if (!def)
		return unknown_long(parsing, word + 2, length - 2);
	return err_set(parsing->err, ERR_USAGE, _("--%1$s takes no value: write --%1$s alone"), def->name);
}

static int
no_value(struct parsing *parsing, int value)
{
	const struct option_def *def =
	    value >= FIRST_VALUE ? &option_defs[value - FIRST_VALUE] : def_of_letter(value);

	return err_set(parsing->err, ERR_USAGE, _("--%1$s needs a value: it is --%1$s=%2$s"), def->name,
	    def->argument);
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
		return apply(parsing, value >= FIRST_VALUE
			? (enum option_id)(value - FIRST_VALUE)
			: (enum option_id)(def_of_letter(value) - option_defs), optarg);
	}
}

/* Words in their order ('-'), and a missing value told apart (':'). */
static void
build(struct option longs[OPTION_COUNT + 1], char shorts[2 * OPTION_COUNT + 3])
{
	size_t at = 0;

	shorts[at++] = '-';
	shorts[at++] = ':';
	for (size_t i = 0; i < OPTION_COUNT; i++) {
		const struct option_def *def = &option_defs[i];

		longs[i] = (struct option){def->name, def->argument ? required_argument : no_argument, NULL,
		    FIRST_VALUE + (int)i};
		if (!def->letter)
			continue;
		shorts[at++] = def->letter;
		if (def->argument)
			shorts[at++] = ':';
	}
	shorts[at] = '\0';
	longs[OPTION_COUNT] = (struct option){0};
}

static int
only_with(struct parsing *parsing, enum option_id id, enum option_id needed)
{
	if (!parsing->given[id] || parsing->given[needed])
		return 0;
	return err_set(parsing->err, ERR_USAGE, _("--%1$s says nothing without --%2$s: give both"),
	    option_defs[id].name, option_defs[needed].name);
}

/* Without --format the ending of -o FILE says it; what is none of the table's is text, and so is all but json of quiz and --diff. */
static void
take_ending(struct parsing *parsing)
{
	static const char *const endings[FORMAT_COUNT] = {
#define FORMAT(constant, name, ending, help) ending,
#include "lang/formats.def"
#undef FORMAT
	};
	struct options *options = parsing->options;
	const char *dot = options->output ? strrchr(options->output, '.') : NULL;

	if (!dot || parsing->given[OPT_FORMAT])
		return;
	for (int i = 0; i < FORMAT_COUNT; i++)
		if (strcasecmp(dot + 1, endings[i]) == 0 && (i == FORMAT_JSON || (!options->quiz && !options->diff)))
			options->format = (enum format)i;
}

/* The word quiz. */
static void
take_quiz(struct parsing *parsing)
{
	if (!parsing->positional || strcmp(parsing->positional, "quiz") != 0)
		return;
	parsing->options->quiz = true;
	parsing->positional = parsing->second;
	parsing->second = NULL;
}

static int
check_quiz(struct parsing *parsing)
{
	const struct options *options = parsing->options;
	char room[QUOTED_MAX];

	if (!options->quiz && (parsing->given[OPT_SEED] || parsing->given[OPT_QUESTIONS]))
		return err_set(parsing->err, ERR_USAGE, _("--%1$s says nothing without quiz: give both"),
		    option_defs[parsing->given[OPT_SEED] ? OPT_SEED : OPT_QUESTIONS].name);
	if (!options->quiz)
		return 0;
	if (parsing->positional)
		return err_set(parsing->err, ERR_USAGE, _("unexpected argument %s: quiz reads no FILE"),
		    quoted(room, parsing->positional));
	if (options->command_count || options->open || options->history || options->pid || options->diff
	    || (options->format != FORMAT_TEXT && options->format != FORMAT_JSON))
		return err_set(parsing->err, ERR_USAGE,
		    _("quiz makes its own commands and answers in text or json: --command, --open, --history and pictures do not go with it"));
	return only_with(parsing, OPT_QUESTIONS, OPT_BATCH);
}

/* -p and --diff: nothing of the lab goes with them. */
static int
check_attach(struct parsing *parsing)
{
	static const enum option_id lab[] = {OPT_KIND, OPT_PAGES, OPT_PROCESSES, OPT_FILE, OPT_ALLOW_WRITE, OPT_HISTORY, OPT_SEED, OPT_QUESTIONS};
	static const enum option_id attached[] = {OPT_EVERY, OPT_BASELINE, OPT_COMPARE, OPT_FREEZE, OPT_DUTY};
	const struct options *options = parsing->options;
	enum option_id which = options->pid ? OPT_PID : OPT_DIFF;

	for (size_t i = 0; i < sizeof(attached) / sizeof(attached[0]); i++)
		if (only_with(parsing, attached[i], OPT_PID) == -1)
			return -1;
	if (!options->open && only_with(parsing, OPT_CELLS, OPT_PID) == -1)
		return -1;
	if (options->format == FORMAT_OPENMETRICS && !options->pid && !options->open)
		return err_set(parsing->err, ERR_USAGE, _("--format=openmetrics says nothing without --pid: give both"));
	for (size_t i = 0; (options->pid || options->diff) && i < sizeof(lab) / sizeof(lab[0]); i++)
		if (parsing->given[lab[i]])
			return err_set(parsing->err, ERR_USAGE, _("--%1$s is of the lab: it does not go with --%2$s"),
			    option_defs[lab[i]].name, option_defs[which].name);
	if (options->pid && options->batch && parsing->positional)
		return err_set(parsing->err, ERR_USAGE, _("--batch with --pid reads no script: commands come with -c"));
	return only_with(parsing, OPT_COUNT, OPT_EVERY);
}

static int
take_diff(struct parsing *parsing)
{
	struct options *options = parsing->options;

	if (!options->diff)
		return 0;
	options->diff_to = parsing->positional;
	parsing->positional = parsing->second;
	parsing->second = NULL;
	if (options->diff_to && !options->pid && !options->open && !parsing->positional)
		return 0;
	return err_set(parsing->err, ERR_USAGE, _("--diff compares two saved samples: cowscope --diff A.json B.json"));
}

static int
check_check(struct parsing *parsing)
{
	if (parsing->options->word_count)
		return 0;
	return err_set(parsing->err, ERR_USAGE, _("--%s needs lessons to look at: name them behind it"), option_defs[OPT_CHECK].name);
}

/* The one lesson, or script. */
static int
take_words(struct parsing *parsing)
{
	struct options *options = parsing->options;
	char room[QUOTED_MAX], first[QUOTED_MAX];

	if (parsing->second && options->batch)
		return err_set(parsing->err, ERR_USAGE,
		    _("unexpected argument %1$s: --batch reads one FILE, and that is %2$s"),
		    quoted(room, parsing->second), quoted(first, parsing->positional));
	if (parsing->second)
		return err_set(parsing->err, ERR_USAGE, _("unexpected argument %1$s: one lesson at a time, and that is %2$s"),
		    quoted(room, parsing->second), quoted(first, parsing->positional));
	if (parsing->positional && options->open && !options->batch)
		return err_set(parsing->err, ERR_USAGE,
		    _("unexpected argument %s: --open looks at a saved session, where nothing can be done"),
		    quoted(room, parsing->positional));
	if (options->batch)
		options->script = parsing->positional;
	else if (!options->quiz)
		options->lesson = parsing->positional;
	return 0;
}

static int
check_together(struct parsing *parsing)
{
	const struct options *options = parsing->options;

	if (options->check)
		return check_check(parsing);
	take_quiz(parsing);
	take_ending(parsing);
	if (take_diff(parsing) == -1 || check_attach(parsing) == -1)
		return -1;
	if (take_words(parsing) == -1)
		return -1;
	if (parsing->given[OPT_GOTO] && !options->open && !options->batch)
		return err_set(parsing->err, ERR_USAGE, _("--goto says nothing without --open or --batch: give one of them"));
	if ((!options->diff && only_with(parsing, OPT_FORMAT, OPT_BATCH) == -1) ||
	    only_with(parsing, OPT_HISTORY, OPT_BATCH) == -1 || only_with(parsing, OPT_SCALE, OPT_BATCH) == -1 ||
	    (!options->diff && only_with(parsing, OPT_OUTPUT, OPT_BATCH) == -1) || only_with(parsing, OPT_SIZE, OPT_BATCH) == -1)
		return -1;
	if (check_quiz(parsing) == -1)
		return -1;
	return only_with(parsing, OPT_ALLOW_WRITE, OPT_FILE);
}

int
options_parse(struct options *options, int argc, char *const argv[], struct err *err)
{
	struct option longs[OPTION_COUNT + 1];
	char shorts[2 * OPTION_COUNT + 3];
	struct parsing parsing = {.options = options, .err = err};
	int value, result = 0;

	memset(options, 0, sizeof(*options));
	build(longs, shorts);
	optind = 0; /* glibc and musl: start afresh */
	opterr = 0;
	while (result == 0 && (value = getopt_long(argc, argv, shorts, longs, NULL)) != -1)
		result = take_option(&parsing, value, argv);
	for (int i = optind; result == 0 && i < argc; i++)
		positional(&parsing, argv[i]);
	if (result == 0 && !options->help && !options->version)
		result = check_together(&parsing);
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
