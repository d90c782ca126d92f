#include "config.h"
#include "base/buf.h"
#include "base/mem.h"
#include "lang/grammar.h"

#include <stdlib.h>
#include <string.h>

void
offer(struct asking *asking, const char *word)
{
	struct completion *found = asking->found;

	if (!asking->prefix || strncmp(word, asking->prefix, strlen(asking->prefix)) != 0)
		return;
	found->words = mem_resize(found->words, found->count + 2, sizeof(*found->words));
	found->words[found->count++] = mem_string(word);
	found->words[found->count] = NULL;
}

void
offer_words(struct asking *asking, const char *const *words)
{
	for (; *words; words++)
		offer(asking, *words);
}

void
offer_names(struct asking *asking)
{
	struct buf before = BUF_INIT;

	for (size_t i = 0; i < asking->before_count; i++) {
		buf_add(&before, asking->before[i].text);
		buf_add_char(&before, ' ');
	}
	for (size_t i = 0; i < VERB_COUNT; i++)
		if (strncmp(command_defs[i].name, buf_text(&before), before.length) == 0)
			offer(asking, command_defs[i].name + before.length);
	buf_free(&before);
}

static int
by_bytes(const void *one, const void *other)
{
	return strcmp(*(char *const *)one, *(char *const *)other);
}

static void
sort(struct completion *found)
{
	size_t kept = 0;

	if (!found->count) {
		found->words = mem_zero(1, sizeof(*found->words));
		return;
	}
	qsort(found->words, found->count, sizeof(*found->words), by_bytes);
	for (size_t i = 1; i < found->count; i++) {
		if (strcmp(found->words[i], found->words[kept]) == 0)
			free(found->words[i]);
		else
			found->words[++kept] = found->words[i];
	}
	found->count = kept + 1;
	found->words[found->count] = NULL;
}

/* Reads the command in which the line ends. false: it ends in a comment. */
static bool
last_command(struct reading *reading)
{
	struct err ignored;

	for (;;) {
		words_free(&reading->words);
		reading->rest = NULL;
		if (!lex_begin(reading->line, &reading->at))
			return reading->line[reading->at] != '#';
		read_words(reading, &ignored);
		if (reading->line[reading->at] == '\0')
			return true;
		lex_end(reading->line, &reading->at);
		if (reading->line[reading->at] == '\0' &&
		    !strchr(";\n", reading->line[reading->at - 1]))
			return false;
	}
}

static void
complete_slots(struct asking *asking, const struct walk *walk)
{
	for (size_t i = walk->at; i < walk->count; i++) {
		const struct slot *slot = &walk->slots[i];

		if (slot->type->complete)
			slot->type->complete(asking);
		else if (slot->type->list)
			offer_words(asking, slot->type->list->words);
		if (!slot->optional && !(i == walk->at && walk->enough))
			break;
	}
}

static void
complete_arguments(
    struct asking *asking, const struct command_def *def, const struct word *words, size_t count)
{
	struct command command = {.def = def};
	struct walk walk;
	struct err ignored;
	size_t taken;

	walk_begin(&walk, &command);
	if (walk_words(&walk, &command, words, count, &taken, &ignored) == 0 &&
	    walk.at < walk.count) {
		asking->command = &command;
		asking->before = words + taken;
		asking->before_count = count - taken;
		asking->found->hint = mem_string(walk.slots[walk.at].text);
		complete_slots(asking, &walk);
	}
	command_free(&command);
}

/* The arguments of the command that these words and last name together; NULL: they name none. */
static const char *
arguments_of(const struct asking *asking, const char *last)
{
	const struct command_def *def;
	struct buf name = BUF_INIT;

	for (size_t i = 0; i < asking->before_count; i++)
		buf_addf(&name, "%s ", asking->before[i].text);
	buf_add(&name, last);
	def = command_find(buf_text(&name));
	buf_free(&name);
	return def ? def->arguments : NULL;
}

static void
complete_name_of_command(struct asking *asking, const struct word *words, size_t count)
{
	struct completion *found = asking->found;
	const char *hint = NULL;

	asking->before = words;
	asking->before_count = count;
	offer_names(asking);
	if (asking->prefix)
		hint = arguments_of(asking, asking->prefix);
	if (!hint && found->count == 1)
		hint = arguments_of(asking, found->words[0]);
	found->hint = mem_string(hint ? hint : "COMMAND");
}

static void
complete_word(struct asking *asking, const struct reading *reading, size_t before)
{
	const struct word *words = reading->words.list;
	const struct command_def *def;
	size_t named;

	if (before == 0 || (before == 1 && name_continues(words[0].text))) {
		complete_name_of_command(asking, words, before);
		return;
	}
	def = find_named(words, before, &named);
	if (def && reading->rest)
		asking->found->hint = mem_string(def->arguments);
	else if (def)
		complete_arguments(asking, def, words + named, before - named);
}

void
complete(struct completion *completion, const char *line, const struct vocabulary *vocabulary)
{
	struct reading reading = {.line = line};
	struct asking asking = {
	    .found = completion,
	    .vocabulary = vocabulary ? vocabulary : &(struct vocabulary){0},
	    .prefix = "",
	};

	memset(completion, 0, sizeof(*completion));
	completion->start = strlen(line);
	if (last_command(&reading)) {
		size_t before = reading.words.count;
		const struct word *last = before ? &reading.words.list[before - 1] : NULL;

		if (last && last->end == completion->start) {
			completion->start = last->start;
			asking.prefix = last->quoted ? NULL : last->text;
			before--;
		}
		complete_word(&asking, &reading, before);
	}
	sort(completion);
	if (!completion->hint)
		completion->hint = mem_string("");
	words_free(&reading.words);
}

void
completion_free(struct completion *completion)
{
	for (size_t i = 0; i < completion->count; i++)
		free(completion->words[i]);
	free(completion->words);
	free(completion->hint);
	memset(completion, 0, sizeof(*completion));
}
