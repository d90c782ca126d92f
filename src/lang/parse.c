#include "config.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "lang/grammar.h"

#include <stdlib.h>
#include <string.h>

static const struct command_def *
line_taker(const struct words *words)
{
	size_t taken;
	const struct command_def *def = find_named(words->list, words->count, &taken);

	if (!def || takes_line_behind(def) < 0)
		return NULL;
	return words->count == taken + (size_t)takes_line_behind(def) ? def : NULL;
}

static void
parse_take_line(struct reading *reading)
{
	lex_blanks(reading->line, &reading->at);
	reading->rest = reading->line + reading->at;
	reading->at += strcspn(reading->rest, "\n");
}

int
read_words(struct reading *reading, struct err *err)
{
	struct err later;
	int result, worst = 0;

	while ((result =
		    lex_word(reading->line, &reading->at, &reading->words, worst ? &later : err))) {
		if (result == -1)
			worst = -1;
		else if (line_taker(&reading->words)) {
			parse_take_line(reading);
			break;
		}
	}
	return worst;
}

/* false: there is nothing. */
static bool
take_rest(struct command *command, const char *rest)
{
	command->text_length = strcspn(rest, "\n");
	if (command->text_length)
		command->text = mem_string_n(rest, command->text_length);
	return command->text_length > 0;
}

static int
parse_fill(struct command *command, const struct reading *reading, struct err *err)
{
	const struct word *words = reading->words.list;
	size_t count = reading->words.count, named, taken;
	struct walk walk;

	command->def = find_named(words, count, &named);
	if (!command->def)
		return unknown_command(words, count, err);
	walk_begin(&walk, command);
	if (walk_words(&walk, command, words + named, count - named, &taken, err) == -1)
		return -1;
	if (named + taken < count)
		return -1;
	if (reading->rest && take_rest(command, reading->rest))
		return 0;
	return walk_end(&walk, command, err);
}

static char *
source_of(const struct reading *reading)
{
	size_t start = reading->words.list[0].start, end = reading->at;

	while (end > start && strchr(" \t\r\v\f", reading->line[end - 1]))
		end--;
	return mem_string_n(reading->line + start, end - start);
}

int
command_parse(struct command *command, const char **line, struct err *err)
{
	struct reading reading = {.line = *line};
	int result;

	memset(command, 0, sizeof(*command));
	if (!lex_begin(reading.line, &reading.at)) {
		*line += strlen(*line);
		return 0;
	}
	result = read_words(&reading, err);
	if (result == 0)
		result = parse_fill(command, &reading, err);
	command->source = source_of(&reading);
	if (result == -1)
		command_free(command);
	lex_end(reading.line, &reading.at);
	*line += reading.at;
	words_free(&reading.words);
	return result == -1 ? -1 : 1;
}

void
command_free(struct command *command)
{
	free(command->source);
	free(command->text);
	memset(command, 0, sizeof(*command));
}
