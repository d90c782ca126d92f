#include "config.h"
#include "base/i18n.h"
#include "lang/grammar.h"
#include "lang/word_lists.h"
#include "model/lab/snapshot.h"

#include <string.h>

enum value_rule { VALUE_NEVER, VALUE_MAY, VALUE_MUST, VALUE_NUMBER, VALUE_BYTES };

static const struct fact_def {
	const char *name;
	enum fact_type type;
	int value;
	enum value_rule rule;
} fact_defs[] = {
#define X(constant, word, meaning) {word, FACT_STATE, PAGE_##constant, VALUE_NEVER},
    PAGE_STATES(X)
#undef X
#define FACT(constant, name, rule) {name, FACT_##constant, 0, VALUE_##rule},
#include "lang/facts.def"
#undef FACT
};

const char *
fact_name(enum fact_type type)
{
	static const char *const names[FACT_COUNT] = {
#define FACT(constant, name, rule) [FACT_##constant] = (name),
#include "lang/facts.def"
#undef FACT
	};

	return names[type];
}

/* Where a name ends and "=", ">=" or "<=" begins. */
#define RELATION "=<>"

/* The same name may be a state and a number. */
static const struct fact_def *
fact_def_of(const char *word, size_t length, bool of_memory)
{
	const struct fact_def *found = NULL;

	for (size_t i = 0; i < sizeof(fact_defs) / sizeof(fact_defs[0]); i++) {
		const struct fact_def *def = &fact_defs[i];

		if ((def->type >= FACT_USED && !of_memory) || strlen(def->name) != length ||
		    memcmp(def->name, word, length) != 0)
			continue;
		if ((def->rule >= VALUE_NUMBER) == (word[length] != '\0'))
			return def;
		found = def;
	}
	return found;
}

static int
unknown_fact(const struct command *command, const char *word, struct err *err)
{
	size_t name = strcspn(word, RELATION);
	char start[64];

	if (!word[name] || name + 2 > sizeof(start))
		return list_error(&fact_list, command->def->name, word, err);
	memcpy(start, word, name);
	start[name] = '=';
	start[name + 1] = '\0';
	return list_error(&fact_list, command->def->name, start, err);
}

static int
number_value(struct fact *fact, const char *value, struct err *err)
{
	uint32_t number;
	char room[QUOTED_MAX];

	if (!number_of(value, strlen(value), &number) || number > PROCESSES_MAX)
		return err_set(err, ERR_USAGE,
		    _("invalid value %1$s for mapped_by=: expected a number of processes, 0 to %2$d"),
		    quoted(room, value), PROCESSES_MAX);
	fact->value = (int)number;
	return 0;
}

static int
text_value(struct fact *fact, const char *value, size_t most, struct err *err)
{
	size_t length = strlen(value);
	char room[QUOTED_MAX];

	if (length < 1 || length > most)
		return err_set(err, ERR_USAGE,
		    fact->type == FACT_CODE
			? _("invalid value %1$s for code=: expected a word such as MAPERR, ACCERR or ADRERR, of at most %2$zu bytes")
			: fact->type == FACT_FRAME
			? _("invalid value %1$s for frame=: expected a name such as F2 or a2, of at most %2$zu bytes")
			: _("invalid value %1$s for content=: expected the page's first bytes, 1 to %2$zu of them"),
		    quoted(room, value), most);
	memcpy(fact->text, value, length + 1);
	return 0;
}

static int
signal_value(struct fact *fact, const char *value, struct err *err)
{
	char room[QUOTED_MAX];

	fact->value = signal_of(value);
	if (fact->value == -1)
		return err_set(err, ERR_USAGE,
		    _("invalid value %s for faulted=: expected a signal such as SIGBUS or SIGSEGV"),
		    quoted(room, value));
	return 0;
}

static int
errno_value(struct fact *fact, const char *value, struct err *err)
{
	char room[QUOTED_MAX];

	fact->value = errno_number(value);
	if (fact->value == -1)
		return err_set(err, ERR_USAGE,
		    _("invalid value %s for errno=: expected a name such as EINVAL or EEXIST, or 0 for none"),
		    quoted(room, value));
	return 0;
}

/* "=", ">=" or "<=". Returns its length; 0: none of them. */
static size_t
relation_of(const char *word, enum compare *compare)
{
	*compare = word[0] == '>' ? COMPARE_AT_LEAST
	    : word[0] == '<'      ? COMPARE_AT_MOST
				  : COMPARE_EQUAL;
	if (word[0] == '=')
		return 1;
	return word[0] && word[1] == '=' ? 2 : 0;
}

static bool
unit_of(const char *text, struct fact *fact)
{
	static const char units[] = "KMG";
	const char *unit = *text ? strchr(units, *text) : NULL;

	if (*text && text[1])
		return false;
	fact->in_pages = *text == 'p';
	if (unit)
		fact->number <<= 10 * (unit - units + 1);
	return unit || fact->in_pages || *text == '\0';
}

static int
bad_number(const char *name, const char *word, bool bytes, struct err *err)
{
	char room[QUOTED_MAX];

	quoted(room, word);
	if (bytes)
		return err_set(err, ERR_USAGE,
		    _("invalid fact %1$s: expected a size such as %2$s=12K or %2$s>=200M, or in pages %2$s=3p"),
		    room, name);
	return err_set(err, ERR_USAGE,
	    _("invalid fact %1$s: expected a number, as in %2$s=1 or %2$s>=1"), room, name);
}

/* name=3, name>=3, name<=12K, name=2p */
static int
compared_value(struct fact *fact, const struct fact_def *def, const char *word, struct err *err)
{
	bool bytes = def->rule == VALUE_BYTES;
	const char *value = word + strlen(def->name);
	size_t relation = relation_of(value, &fact->compare), digits;
	uint32_t number;

	value += relation;
	fact->below_zero = def->type >= FACT_USED && *value == '-';
	value += fact->below_zero;
	digits = strspn(value, "0123456789");
	if (!relation || !number_of(value, digits, &number))
		return bad_number(def->name, word, bytes, err);
	fact->number = number;
	if (bytes ? !unit_of(value + digits, fact) : value[digits] != '\0')
		return bad_number(def->name, word, bytes, err);
	return 0;
}

static int
fact_value(struct fact *fact, const char *value, struct err *err)
{
	switch (fact->type) {
	case FACT_MAPPED_BY:
		return number_value(fact, value, err);
	case FACT_FRAME:
		return text_value(fact, value, FRAME_NAME_MAX - 1, err);
	case FACT_CONTENT:
		return text_value(fact, value, CONTENT_MAX, err);
	case FACT_FAULTED:
		return signal_value(fact, value, err);
	case FACT_CODE:
		return text_value(fact, value, sizeof(fact->text) - 1, err);
	case FACT_ERRNO:
		return errno_value(fact, value, err);
	default:
		return 0;
	}
}

static int
one_fact(struct command *command, const char *word, bool negated, struct err *err)
{
	size_t length = strcspn(word, RELATION);
	const struct fact_def *def = fact_def_of(word, length, command->target.who == WHO_MEMORY);
	struct fact *fact;

	if (!def)
		return unknown_fact(command, word, err);
	if (def->rule == VALUE_NEVER && word[length])
		return err_set(
		    err, ERR_USAGE, _("the fact %1$s takes no value: write %1$s alone"), def->name);
	if (def->rule == VALUE_MUST && word[length] != '=')
		return err_set(err, ERR_USAGE,
		    _("the fact %1$s needs a value: mapped_by=2, frame=F2 or content=\"hello\""),
		    def->name);
	if (command->fact_count == FACTS_MAX)
		return err_set(err, ERR_USAGE,
		    _("%1$s takes at most %2$d facts: use %1$s again for more"), command->def->name,
		    FACTS_MAX);
	fact = &command->facts[command->fact_count++];
	fact->type = def->type;
	fact->value = def->value;
	fact->negated = negated;
	if (def->rule >= VALUE_NUMBER)
		return compared_value(fact, def, word, err);
	return word[length] == '=' ? fact_value(fact, word + length + 1, err) : 0;
}

int
parse_fact(struct command *command, const struct word *words, size_t count, struct err *err)
{
	bool negated = strcmp(words[0].text, "not") == 0;

	if (negated && count < 2) {
		err_set(err, ERR_USAGE, _("not comes before a fact, as in not dirty"));
		return PARSE_SHORT;
	}
	if (one_fact(command, words[negated].text, negated, err) == -1)
		return PARSE_BAD;
	return negated ? 2 : 1;
}
