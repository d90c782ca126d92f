#include "config.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "lang/option_parsing.h"
#include "lang/words.h"
#include "model/snapshot.h"

#include <string.h>

#define SCALE_MAX 8
#define COUNT_MAX 1000000000
#define SEED_MAX 999999999
#define QUESTIONS_MAX 1000000

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

int
option_apply(struct parsing *parsing, enum option_id id, const char *value)
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
