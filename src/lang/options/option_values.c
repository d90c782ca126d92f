#include "config.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "lang/options/option_parsing.h"
#include "lang/word_lists.h"

#include <string.h>

/* Stores a value. Fields of one type are written as that type; enums are as wide as unsigned. */
static void
option_fill(struct parsing *parsing, const struct option_def *def, const void *value, size_t size)
{
	memcpy((char *)parsing->options + def->field, value, size);
}

int
option_flag(struct parsing *parsing, const struct option_def *def, const char *value)
{
	const bool yes = true;

	(void)value;
	option_fill(parsing, def, &yes, sizeof(yes));
	return 0;
}

int
option_word(struct parsing *parsing, const struct option_def *def, const char *value)
{
	if (value[0] == '\0')
		return err_set(parsing->err, ERR_USAGE,
		    _("--%1$s needs a value: it is --%1$s=%2$s"), def->name, def->argument);
	option_fill(parsing, def, &value, sizeof(value));
	return 0;
}

int
option_number(struct parsing *parsing, const struct option_def *def, const char *value)
{
	char room[QUOTED_MAX];
	uint32_t number;

	if (!number_of(value, strlen(value), &number) || number < 1 || number > def->most)
		return err_set(parsing->err, ERR_USAGE,
		    _("invalid value %2$s for --%1$s: expected 1 to %3$u"), def->name,
		    quoted(room, value), def->most);
	option_fill(parsing, def, &number, sizeof(number));
	return 0;
}

/* Index in "one|two|three"; -1. */
static int
index_among(const char *words, const char *value)
{
	size_t length = strlen(value);

	for (int index = 0;; index++) {
		size_t part = strcspn(words, "|");

		if (part == length && memcmp(words, value, length) == 0)
			return index;
		if (words[part] == '\0')
			return -1;
		words += part + 1;
	}
}

int
option_choice(struct parsing *parsing, const struct option_def *def, const char *value)
{
	int index = index_among(def->argument, value);
	unsigned choice = (unsigned)index;
	char room[QUOTED_MAX];

	if (index < 0)
		return err_set(parsing->err, ERR_USAGE,
		    _("invalid value %2$s for --%1$s: expected %3$s"), def->name,
		    quoted(room, value), def->argument);
	option_fill(parsing, def, &choice, sizeof(choice));
	return 0;
}

int
option_pace(struct parsing *parsing, const struct option_def *def, const char *value)
{
	char room[QUOTED_MAX];
	uint32_t ms;

	if (!seconds_of(value, &ms))
		return err_set(parsing->err, ERR_USAGE,
		    _("invalid value %2$s for --%1$s: expected 0.001 to 3600"), def->name,
		    quoted(room, value));
	option_fill(parsing, def, &ms, sizeof(ms));
	return 0;
}

int
option_step(struct parsing *parsing, const struct option_def *def, const char *value)
{
	char room[QUOTED_MAX];

	parsing->options->has_step = number_of(value, strlen(value), &parsing->options->step);
	if (parsing->options->has_step)
		return 0;
	return err_set(parsing->err, ERR_USAGE,
	    _("invalid value %2$s for --%1$s: expected a number, 0 for the start"), def->name,
	    quoted(room, value));
}

int
option_size(struct parsing *parsing, const struct option_def *def, const char *value)
{
	const char *x = strchr(value, 'x');
	uint32_t columns, rows;
	char room[QUOTED_MAX];

	if (!x || !number_of(value, (size_t)(x - value), &columns) ||
	    !number_of(x + 1, strlen(x + 1), &rows) || columns < 10 || columns > 1000 || rows < 4 ||
	    rows > 500)
		return err_set(parsing->err, ERR_USAGE,
		    _("invalid value %2$s for --%1$s: expected 10 to 1000 columns, x, 4 to 500 rows, such as 80x24"),
		    def->name, quoted(room, value));
	parsing->options->columns = (int)columns;
	parsing->options->rows = (int)rows;
	return 0;
}

int
option_kind(struct parsing *parsing, const struct option_def *def, const char *value)
{
	int kind;

	if (word_index(kind_list.words, value) < 0) {
		char where[32] = "--";

		strncat(where, def->name, sizeof(where) - 3);
		return list_error(&kind_list, where, value, parsing->err);
	}
	list_value(&kind_list, value, &kind);
	parsing->options->kind = (enum kind)kind;
	return 0;
}

int
option_blame(struct parsing *parsing, const struct option_def *def, const char *value)
{
	char room[QUOTED_MAX];

	parsing->options->blame = true;
	parsing->options->blame_all = value != NULL;
	if (!value || strcmp(value, "all") == 0)
		return 0;
	return err_set(parsing->err, ERR_USAGE,
	    _("invalid value %2$s for --%1$s: expected all, or none"), def->name,
	    quoted(room, value));
}

int
option_compare(struct parsing *parsing, const struct option_def *def, const char *value)
{
	char room[QUOTED_MAX];

	parsing->options->compare = true;
	if (!value || strcmp(value, "copies") == 0)
		parsing->options->copies = true;
	else if (strcmp(value, "siblings") == 0)
		parsing->options->siblings = true;
	else
		return err_set(parsing->err, ERR_USAGE,
		    _("invalid value %2$s for --%1$s: expected copies or siblings"), def->name,
		    quoted(room, value));
	return 0;
}

int
option_command(struct parsing *parsing, const struct option_def *def, const char *value)
{
	struct options *options = parsing->options;

	(void)def;
	options->commands =
	    mem_resize(options->commands, options->command_count + 1, sizeof(*options->commands));
	options->commands[options->command_count++] = value;
	return 0;
}
