#include "config.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "lang/glossary.h"
#include "lang/grammar.h"
#include "lang/target.h"
#include "lang/word_lists.h"
#include "model/lab/snapshot.h"

#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define TEXT_MAX 65536
#define SIZE_LIMIT (UINT64_C(1) << 30)

static int
parse_target(struct command *command, const struct word *words, size_t count, struct err *err)
{
	(void)count;
	return target_parse(&command->target, words[0].text,
		   command->def->verb == VERB_EXPECT || command->def->verb == VERB_AWAIT, err) == -1
	    ? PARSE_BAD
	    : 1;
}

static int
parse_pages(struct command *command, const struct word *words, size_t count, struct err *err)
{
	(void)count;
	return pages_parse(&command->target, words[0].text, err) == -1 ? PARSE_BAD : 1;
}

static int
parse_process(struct command *command, const struct word *words, size_t count, struct err *err)
{
	struct target *target = &command->target;
	char letter = process_letter(words[0].text), room[QUOTED_MAX];

	(void)count;
	target->which = PAGES_ALL;
	target->who = letter ? WHO_NAMED : WHO_CURSOR;
	target->processes = letter ? (uint16_t)(1u << (letter - 'a')) : 0;
	if (letter || strcmp(words[0].text, "@") == 0)
		return 1;
	return err_set(err, ERR_USAGE,
	    _("%1$s: invalid PROCESS %2$s: expected one letter, a to i, or @"), command->def->name,
	    quoted(room, words[0].text));
}

static int
parse_name(struct command *command, const struct word *words, size_t count, struct err *err)
{
	char room[QUOTED_MAX];

	(void)count;
	command->name = process_letter(words[0].text);
	if (command->name)
		return 1;
	return err_set(err, ERR_USAGE, _("%1$s: invalid NAME %2$s: expected one letter, a to i"),
	    command->def->name, quoted(room, words[0].text));
}

static void
arguments_take_text(struct command *command, const struct word *word)
{
	command->text = mem_copy(word->text, word->length + 1);
	command->text_length = word->length;
}

static int
parse_text(struct command *command, const struct word *words, size_t count, struct err *err)
{
	(void)count;
	if (words[0].length < 1 || words[0].length > TEXT_MAX)
		return err_set(err, ERR_USAGE,
		    _("%1$s: a TEXT has 1 to %2$d bytes, this one has %3$zu"), command->def->name,
		    TEXT_MAX, words[0].length);
	arguments_take_text(command, &words[0]);
	return 1;
}

static int
parse_filename(struct command *command, const struct word *words, size_t count, struct err *err)
{
	(void)count;
	if (words[0].length == 0)
		return err_set(err, ERR_USAGE,
		    _("%s: the FILENAME is empty: give one such as screen.txt"),
		    command->def->name);
	arguments_take_text(command, &words[0]);
	return 1;
}

static int
parse_lesson(struct command *command, const struct word *words, size_t count, struct err *err)
{
	(void)count;
	if (words[0].length == 0)
		return err_set(err, ERR_USAGE, _("%s: the LESSON is empty: give one such as cow"),
		    command->def->name);
	arguments_take_text(command, &words[0]);
	return 1;
}

static int
parse_number(struct command *command, const struct word *words, size_t count, struct err *err)
{
	char room[QUOTED_MAX];

	(void)count;
	if (command->number_count == NUMBERS_MAX)
		return err_set(err, ERR_USAGE, _("%1$s: too many numbers: expected at most %2$d"),
		    command->def->name, NUMBERS_MAX);
	if (number_of(words[0].text, words[0].length, &command->numbers[command->number_count])) {
		command->number_count++;
		return 1;
	}
	return err_set(err, ERR_USAGE, _("%1$s: invalid NUMBER %2$s: expected digits, such as 2"),
	    command->def->name, quoted(room, words[0].text));
}

/* A number from least to most, into command.count. */
static int
parse_ranged(struct command *command, const struct argument_type *type, const struct word *word,
    struct err *err)
{
	char room[QUOTED_MAX];

	if (number_of(word->text, word->length, &command->count) && command->count >= type->least &&
	    command->count <= type->most)
		return 1;
	return err_set(err, ERR_USAGE, _("%1$s: invalid %2$s %3$s: expected %4$u to %5$u"),
	    command->def->name, type->name, quoted(room, word->text), type->least, type->most);
}

/* "262144", "256K", "1G" */
static int
parse_size(struct command *command, const struct word *words, size_t count, struct err *err)
{
	static const char units[] = "KMG";
	size_t digits = strspn(words[0].text, "0123456789");
	const char *unit = words[0].text + digits, *place = *unit ? strchr(units, *unit) : NULL;
	char room[QUOTED_MAX];
	uint32_t number;

	(void)count;
	if (number_of(words[0].text, digits, &number) && number &&
	    (!*unit || (place && !unit[1]))) {
		command->size = (uint64_t)number << (place ? 10 * (place - units + 1) : 0);
		if (command->size <= SIZE_LIMIT)
			return 1;
	}
	return err_set(err, ERR_USAGE,
	    _("%1$s: invalid SIZE %2$s: expected bytes such as 300000, 256K or 1G, at most 1G"),
	    command->def->name, quoted(room, words[0].text));
}

static bool
arguments_is_number(const char *word)
{
	return *word >= '0' && *word <= '9';
}

static int
parse_anyway(struct command *command, const struct word *words, size_t count, struct err *err)
{
	int index;

	(void)count;
	command->anyway = list_value(&anyway_list, words[0].text, &index);
	return command->anyway ? 1
			       : list_error(&anyway_list, command->def->name, words[0].text, err);
}

static int
arguments_choose(
    struct command *command, const struct word_list *list, const char *word, struct err *err)
{
	if (list_value(list, word, &command->choice))
		return 1;
	return list_error(list, command->def->name, word, err);
}

static int
parse_signal(struct command *command, const struct word *words, size_t count, struct err *err)
{
	uint32_t number;
	char room[QUOTED_MAX];

	(void)count;
	command->choice = signal_of(words[0].text);
	if (command->choice != -1)
		return 1;
	if (number_of(words[0].text, words[0].length, &number))
		return err_set(err, ERR_USAGE,
		    _("%1$s: there is no signal %2$s: their numbers are 1 to %3$d"),
		    command->def->name, quoted(room, words[0].text), _NSIG - 1);
	return list_error(&signal_list, command->def->name, words[0].text, err);
}

int
parse_plain(struct command *command, const struct argument_type *type, const struct word *word,
    struct err *err)
{
	return type->list ? arguments_choose(command, type->list, word->text, err)
			  : parse_ranged(command, type, word, err);
}

static bool
is_no_setting(const char *word)
{
	return !strchr(word, '=');
}

static int
set_number(unsigned *into, const char *name, const char *value, unsigned most, struct err *err)
{
	uint32_t number;
	char room[QUOTED_MAX];

	if (*into)
		return err_set(err, ERR_USAGE, _("%s is given twice: once is enough"), name);
	if (!number_of(value, strlen(value), &number) || number < 1 || number > most)
		return err_set(err, ERR_USAGE, _("invalid value %2$s for %1$s: expected 1 to %3$u"),
		    name, quoted(room, value), most);
	*into = number;
	return 1;
}

static int
parse_setting(struct command *command, const struct word *words, size_t count, struct err *err)
{
	const char *word = words[0].text;

	(void)count;
	if (strncmp(word, "pages=", 6) == 0)
		return set_number(&command->pages, "pages=", word + 6, PAGES_MAX, err);
	if (strncmp(word, "processes=", 10) == 0)
		return set_number(&command->processes, "processes=", word + 10, PROCESSES_MAX, err);
	if (strcmp(word, "vmas=one") == 0 || strcmp(word, "vmas=page") == 0) {
		command->one_vma = word[5] == 'o';
		return 1;
	}
	return list_error(&setting_list, command->def->name, word, err);
}

static int
parse_pace(struct command *command, const struct word *words, size_t count, struct err *err)
{
	const char *word = words[0].text;
	char room[QUOTED_MAX];

	(void)count;
	if (strncmp(word, "seconds=", 8) != 0)
		return list_error(&pace_list, command->def->name, word, err);
	if (seconds_of(word + 8, &command->pace_ms))
		return 1;
	return err_set(err, ERR_USAGE, _("invalid value %s for seconds=: expected 0.001 to 3600"),
	    quoted(room, word + 8));
}

static int
parse_page(struct command *command, const struct word *words, size_t count, struct err *err)
{
	struct target *target = &command->target;
	char room[QUOTED_MAX];

	(void)count;
	if (target_parse(target, words[0].text, false, err) == -1)
		return PARSE_BAD;
	if (target_is_one_process(target) && target_is_one_page(target))
		return 1;
	return err_set(err, ERR_USAGE,
	    _("%1$s: %2$s is more than one page: take one of one process, such as a:2"),
	    command->def->name, quoted(room, words[0].text));
}

static int
parse_what(struct command *command, const struct word *words, size_t count, struct err *err)
{
	const char *word = words[0].text;

	if (!strchr(word, ':') && strcmp(word, "@") != 0 && !process_letter(word))
		return arguments_choose(command, &what_list, word, err);
	command->choice = WHAT_PAGE;
	return parse_page(command, words, count, err);
}

static int
parse_place(struct command *command, const struct word *words, size_t count, struct err *err)
{
	const char *word = words[0].text;
	struct target *target = &command->target;
	char room[QUOTED_MAX];

	(void)count;
	if (!strchr(word, ':') && strcmp(word, "@") != 0 && !process_letter(word))
		return arguments_choose(command, &place_list, word, err);
	command->choice = PLACE_TARGET;
	if (target_parse(target, word, false, err) == -1)
		return PARSE_BAD;
	if (target_is_one_process(target) && (target_is_one_page(target) || !strchr(word, ':')))
		return 1;
	return err_set(err, ERR_USAGE,
	    _("%1$s: %2$s is more than one place: take one page of one process, such as a:2"),
	    command->def->name, quoted(room, word));
}

/* A term may have several words: takes the longest that exists. */
static int
parse_term(struct command *command, const struct word *words, size_t count, struct err *err)
{
	int taken = 0;
	struct buf name = BUF_INIT;

	for (size_t i = 0; i < count; i++) {
		const struct term *term;

		buf_addf(&name, "%s%s", i ? " " : "", words[i].text);
		term = term_find(buf_text(&name));
		if (term) {
			command->choice = (int)(term - terms);
			taken = (int)i + 1;
		}
	}
	if (!taken)
		list_error(&term_list, command->def->name, buf_text(&name), err);
	buf_free(&name);
	return taken ? taken : PARSE_BAD;
}

static int
parse_command(struct command *command, const struct word *words, size_t count, struct err *err)
{
	size_t taken;
	bool half;

	command->topic = find_named(words, count, &taken);
	if (command->topic)
		return (int)taken;
	half = count == 1 && name_continues(words[0].text);
	unknown_command(words, count, err);
	return half ? PARSE_SHORT : PARSE_BAD;
}

static const struct argument_type types[] = {
    {
	.name = "TARGET",
	.missing = N_("%s needs a TARGET such as a:2, b:0-4 or all:*"),
	.parse = parse_target,
	.complete = complete_target,
    },
    {
	.name = "PROCESS",
	.missing = N_("%s needs a PROCESS such as a, or @ for the cursor's"),
	.parse = parse_process,
	.complete = complete_process,
    },
    {
	.name = "NAME",
	.missing = N_("%s needs a NAME, a letter from a to i"),
	.parse = parse_name,
	.complete = complete_name,
    },
    {
	.name = "PAGES",
	.missing = N_("%s needs PAGES such as 2, 0-4 or *"),
	.parse = parse_pages,
	.complete = complete_pages,
    },
    {
	.name = "TEXT",
	.missing = N_("%s needs a TEXT such as \"hello\""),
	.any_bytes = true,
	.parse = parse_text,
    },
    {.name = "COUNT", .missing = N_("%s needs a COUNT of pages such as 4"), .most = PAGES_MAX},
    {.name = "STEP", .missing = N_("%s needs a STEP such as 3"), .most = UINT32_MAX},
    {
	.name = "SYNC",
	.missing = N_("%s needs a SYNC such as sync or async"),
	.list = &sync_list,
	.unset = MS_SYNC,
    },
    {
	.name = "TIMES",
	.missing = N_("%s needs TIMES, a number from 1 to 1000"),
	.least = 1,
	.most = 1000,
    },
    {
	.name = "LINE",
	.missing = N_("%s needs a LINE of commands such as write a:0 hello%%; read b:0"),
	.any_bytes = true,
	.parse = parse_text,
    },
    {.name = "HOW", .missing = N_("%s needs a HOW: load, store, read or write"), .list = &how_list},
    {.name = "STATUS", .missing = N_("%s needs a STATUS such as 1"), .most = 255},
    {
	.name = "SIZE",
	.missing = N_("%s needs a SIZE such as 256K"),
	.fits = arguments_is_number,
	.parse = parse_size,
    },
    {.name = "ANYWAY", .list = &anyway_list, .parse = parse_anyway},
    {
	.name = "ADVICE",
	.missing = N_("%s needs an ADVICE such as dontneed or willneed"),
	.list = &advice_list,
    },
    {
	.name = "PROTECTION",
	.missing = N_("%s needs a PROTECTION such as none, read or read+write"),
	.list = &protection_list,
	.parse = parse_protection,
	.complete = complete_protection,
    },
    {
	.name = "MAPPING",
	.missing = N_("%s needs a MAPPING such as offset=4096, shared or read+write"),
	.list = &mapping_list,
	.parse = parse_mapping,
	.complete = complete_mapping,
    },
    {
	.name = "SIGNAL",
	.missing = N_("%s needs a SIGNAL such as KILL or STOP"),
	.list = &signal_list,
	.unset = SIGKILL,
	.parse = parse_signal,
	.complete = complete_signal,
    },
    {
	.name = "KIND",
	.missing = N_("%s needs a KIND such as private-file or shared-anon"),
	.list = &kind_list,
	.unset = -1,
	.fits = is_no_setting,
    },
    {
	.name = "SETTING",
	.missing = N_("%s needs a SETTING such as pages=10"),
	.list = &setting_list,
	.parse = parse_setting,
    },
    {
	.name = "WHAT",
	.missing = N_("%s needs a WHAT such as state, frames or a:2"),
	.list = &what_list,
	.parse = parse_what,
	.complete = complete_what,
    },
    {
	.name = "FACT",
	.missing = N_("%s needs a FACT such as copied, not dirty or mapped_by=2"),
	.list = &fact_list,
	.parse = parse_fact,
	.complete = complete_fact,
    },
    {
	.name = "FILENAME",
	.missing = N_("%s needs a FILENAME such as screen.txt"),
	.parse = parse_filename,
    },
    {
	.name = "SCOPE",
	.missing = N_("%s needs a SCOPE: screen or history"),
	.list = &scope_list,
	.fits = is_no_setting,
    },
    {
	.name = "PACE",
	.missing = N_("%s needs a PACE such as seconds=2"),
	.list = &pace_list,
	.parse = parse_pace,
    },
    {
	.name = "PLACE",
	.missing = N_("%s needs a PLACE such as next, b or a:2"),
	.list = &place_list,
	.parse = parse_place,
	.complete = complete_place,
    },
    {.name = "VIEW", .missing = N_("%s needs a VIEW such as panels or frames"), .list = &view_list},
    {.name = "ZOOM", .missing = N_("%s needs a ZOOM such as in or out"), .list = &zoom_list},
    {
	.name = "ORDER",
	.missing = N_("%s needs an ORDER such as copied or size"),
	.list = &order_list,
    },
    {
	.name = "FILTER",
	.missing = N_("%s needs a FILTER such as anonymous or files"),
	.list = &filter_list,
    },
    {
	.name = "PAGE",
	.missing = N_("%s needs a PAGE such as a:2"),
	.parse = parse_page,
	.complete = complete_target,
    },
    {
	.name = "TERM",
	.missing = N_("%s needs a TERM such as Pss"),
	.list = &term_list,
	.unset = -1,
	.parse = parse_term,
    },
    {.name = "LESSON", .missing = N_("%s needs a LESSON such as cow"), .parse = parse_lesson},
    {.name = "NUMBER", .missing = N_("%s needs a NUMBER such as 2"), .parse = parse_number},
    {
	.name = "COMMAND",
	.missing = N_("%s needs a COMMAND such as write"),
	.list = &command_list,
	.parse = parse_command,
	.complete = offer_names,
    },
};

const struct argument_type *
argument_type(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof(types) / sizeof(types[0]); i++)
		if (strlen(types[i].name) == length && memcmp(types[i].name, name, length) == 0)
			return &types[i];
	return NULL;
}

const char *const *
argument_words(const char *type)
{
	const struct argument_type *found = argument_type(type, strlen(type));

	return found && found->list ? found->list->words : NULL;
}
