#include "config.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "lang/grammar.h"

#include <stdlib.h>
#include <string.h>

#define UPPER "ABCDEFGHIJKLMNOPQRSTUVWXYZ"

/* One argument at *text, "TARGET", "[TEXT]", "FACT..." or "[SETTING]...", and moves *text to the
 * next. */
static struct slot
grammar_next_slot(const char **text)
{
	const char *name = *text + (**text == '[');
	size_t length = strspn(name, UPPER);
	struct slot slot = {
	    .type = argument_type(name, length),
	    .text = *text,
	    .optional = **text == '[',
	};
	const char *behind = name + length + (name[length] == ']');

	slot.repeats = strncmp(behind, "...", 3) == 0;
	behind += slot.repeats ? 3 : 0;
	*text = behind + strspn(behind, " ");
	return slot;
}

static size_t
slots_of(const struct command_def *def, struct slot slots[SLOTS_MAX])
{
	const char *text = def->arguments;
	size_t count = 0;

	while (*text && count < SLOTS_MAX) {
		slots[count] = grammar_next_slot(&text);
		if (!slots[count++].type)
			abort(); /* commands.def names a type that doesn't exist */
	}
	return count;
}

int
takes_line_behind(const struct command_def *def)
{
	struct slot slots[SLOTS_MAX];
	size_t count = slots_of(def, slots);

	return count && slots[count - 1].repeats && slots[count - 1].type->any_bytes
	    ? (int)count - 1
	    : -1;
}

void
walk_begin(struct walk *walk, struct command *command)
{
	memset(walk, 0, sizeof(*walk));
	walk->count = slots_of(command->def, walk->slots);
	for (size_t i = 0; i < walk->count; i++)
		if (walk->slots[i].type->unset)
			command->choice = walk->slots[i].type->unset;
}

static bool
slot_is_for(const struct slot *slot, const char *word)
{
	return !slot->optional || !slot->type->fits || slot->type->fits(word);
}

static int
too_many(const struct command *command, const struct word *word, struct err *err)
{
	const char *name = command->def->name;
	char room[QUOTED_MAX];

	quoted_n(room, word->text, word->length);
	if (command->def->arguments[0] == '\0')
		return err_set(err, ERR_USAGE,
		    _("%1$s takes no arguments: %2$s is one word too many"), name, room);
	if (command->text)
		return err_set(err, ERR_USAGE,
		    _("%1$s takes %2$s: %3$s is one word too many, put quotes around several words"),
		    name, command->def->arguments, room);
	return err_set(err, ERR_USAGE, _("%1$s takes %2$s: %3$s is one word too many"), name,
	    command->def->arguments, room);
}

static int
grammar_take(const struct argument_type *type, struct command *command, const struct word *words,
    size_t count, struct err *err)
{
	if (!type->any_bytes && strlen(words[0].text) != words[0].length)
		return err_set(err, ERR_USAGE, _("%s: only a TEXT can hold the byte \\x00"),
		    command->def->name);
	return type->parse ? type->parse(command, words, count, err)
			   : parse_plain(command, type, words, err);
}

int
walk_words(struct walk *walk, struct command *command, const struct word *words, size_t count,
    size_t *taken, struct err *err)
{
	for (*taken = 0; *taken < count;) {
		const struct word *word = &words[*taken];
		const struct slot *slot;
		int result;

		while (walk->at < walk->count && !slot_is_for(&walk->slots[walk->at], word->text))
			walk->at++;
		if (walk->at == walk->count)
			return too_many(command, word, err);
		slot = &walk->slots[walk->at];
		result = grammar_take(slot->type, command, word, count - *taken, err);
		if (result <= 0)
			return result == PARSE_SHORT ? 0 : -1;
		*taken += (size_t)result;
		walk->enough = slot->repeats;
		walk->at += !slot->repeats;
	}
	return 0;
}

int
walk_end(const struct walk *walk, const struct command *command, struct err *err)
{
	for (size_t i = walk->at + walk->enough; i < walk->count; i++)
		if (!walk->slots[i].optional)
			return err_set(
			    err, ERR_USAGE, _(walk->slots[i].type->missing), command->def->name);
	return 0;
}

bool
name_continues(const char *first)
{
	size_t length = strlen(first);

	for (size_t i = 0; i < VERB_COUNT; i++)
		if (strncmp(command_defs[i].name, first, length) == 0 &&
		    command_defs[i].name[length] == ' ')
			return true;
	return false;
}

static void
grammar_join(struct buf *out, const struct word *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (i)
			buf_add_char(out, ' ');
		buf_add_n(out, words[i].text, words[i].length);
	}
}

static const struct command_def *
def_of(const struct word *words, size_t count)
{
	struct buf name = BUF_INIT;
	const struct command_def *def = NULL;

	grammar_join(&name, words, count);
	if (strlen(buf_text(&name)) == name.length)
		def = command_find(buf_text(&name));
	buf_free(&name);
	return def;
}

const struct command_def *
find_named(const struct word *words, size_t count, size_t *taken)
{
	for (*taken = count < 2 ? count : 2; *taken > 0; --*taken) {
		const struct command_def *def = def_of(words, *taken);

		if (def)
			return def;
	}
	return NULL;
}

int
unknown_command(const struct word *words, size_t count, struct err *err)
{
	struct buf name = BUF_INIT;

	grammar_join(&name, words, count > 1 && name_continues(words[0].text) ? 2 : 1);
	command_error(buf_text(&name), err);
	buf_free(&name);
	return -1;
}
