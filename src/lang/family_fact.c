#include "config.h"
#include "lang/family_fact.h"

#include <stdlib.h>
#include <string.h>

#include "base/i18n.h"
#include "base/mem.h"
#include "lang/word_lists.h"

enum family_value { FAMILY_BYTES, FAMILY_NUMBER };
enum family_of { FAMILY_OF_MEMBER = 1, FAMILY_OF_FAMILY = 2, FAMILY_OF_BOTH = 3 };

static const struct {
	const char *name;
	enum family_value value;
	enum family_of of;
} family_facts[FAMILY_FACT_COUNT] = {
#define FAMILY_FACT(constant, name, value, of) {name, FAMILY_##value, FAMILY_OF_##of},
#include "lang/family_facts.def"
#undef FAMILY_FACT
};

const char *
family_fact_name(enum family_fact_type type)
{
	return family_facts[type].name;
}

bool
family_fact_is_size(enum family_fact_type type)
{
	return family_facts[type].value == FAMILY_BYTES;
}

static int
family_fact_unknown(const char *word, struct err *err)
{
	struct buf names = BUF_INIT;
	char room[QUOTED_MAX];

	for (int i = 0; i < FAMILY_FACT_COUNT; i++)
		buf_addf(&names, "%s%s", i ? ", " : "", family_facts[i].name);
	err_set(err, ERR_USAGE, _("%1$s is not a fact of a program: it is one of %2$s"),
	    quoted(room, word), buf_text(&names));
	buf_free(&names);
	return -1;
}

static int
family_fact_bad(enum family_fact_type type, const char *word, struct err *err)
{
	char room[QUOTED_MAX];
	const char *name = family_facts[type].name;

	if (family_fact_is_size(type))
		return err_set(err, ERR_USAGE,
		    _("invalid fact %1$s: expected a size such as %2$s>=500K or %2$s<=40M"),
		    quoted(room, word), name);
	return err_set(err, ERR_USAGE,
	    _("invalid fact %1$s: expected a number, as in %2$s=1 or %2$s>=1"), quoted(room, word),
	    name);
}

static bool
family_fact_number(struct family_fact *fact, const char *text)
{
	static const char units[] = "KMG";
	size_t digits = strspn(text, "0123456789");
	const char *unit = text[digits] ? strchr(units, text[digits]) : NULL;
	uint32_t number;

	if (!digits || !number_of(text, digits, &number))
		return false;
	fact->number = number;
	if (!text[digits])
		return true;
	if (!unit || text[digits + 1] || !family_fact_is_size(fact->type))
		return false;
	fact->number <<= 10 * (unit - units + 1);
	return true;
}

static int
family_fact_type_of(const char *word, size_t length)
{
	for (int i = 0; i < FAMILY_FACT_COUNT; i++)
		if (strlen(family_facts[i].name) == length &&
		    memcmp(family_facts[i].name, word, length) == 0)
			return i;
	return -1;
}

static int
family_fact_parse(struct family_check *check, const char *word, struct err *err)
{
	size_t length = strcspn(word, "=<>");
	const char *value = word + length;
	struct family_fact *fact = &check->facts[check->fact_count];
	int type = family_fact_type_of(word, length);

	if (type < 0)
		return family_fact_unknown(word, err);
	if (check->fact_count == FACTS_MAX)
		return err_set(
		    err, ERR_USAGE, _("at most %d facts a line: use a second one"), FACTS_MAX);
	if (!(family_facts[type].of & (*check->target ? FAMILY_OF_MEMBER : FAMILY_OF_FAMILY)))
		return err_set(err, ERR_USAGE,
		    *check->target ? _("%s is a fact of the family: expect family ...")
				   : _("%s is a fact of a process: expect a ..."),
		    family_facts[type].name);
	fact->type = (enum family_fact_type)type;
	fact->compare = *value == '>' ? COMPARE_AT_LEAST
	    : *value == '<'           ? COMPARE_AT_MOST
				      : COMPARE_EQUAL;
	value += *value && *value != '=';
	if (*value != '=' || !family_fact_number(fact, value + 1))
		return family_fact_bad(fact->type, word, err);
	check->fact_count++;
	return 0;
}

static int
family_target_parse(struct family_check *check, const char *word, struct err *err)
{
	char room[QUOTED_MAX];
	size_t length = word ? strlen(word) : 0;

	if (word && strcmp(word, "family") == 0)
		return 0;
	if (!length || length >= 4 || strspn(word, "abcdefghijklmnopqrstuvwxyz") != length)
		return err_set(err, ERR_USAGE,
		    _("%s is not a process: processes of a program are a to z, aa ..., or family"),
		    quoted(room, word ? word : ""));
	memcpy(check->target, word, length + 1);
	return 0;
}

static int
family_words_parse(struct family_check *check, char *line, struct err *err)
{
	char *rest, *word = strtok_r(line, " \t", &rest);
	char room[QUOTED_MAX];

	if (!word)
		return 0;
	check->awaits = strcmp(word, "await") == 0;
	if (!check->awaits && strcmp(word, "expect") != 0)
		return err_set(err, ERR_USAGE,
		    _("%s is no command here: a program's check has expect and await"),
		    quoted(room, word));
	if (family_target_parse(check, strtok_r(NULL, " \t", &rest), err) < 0)
		return -1;
	while ((word = strtok_r(NULL, " \t", &rest)))
		if (family_fact_parse(check, word, err) < 0)
			return -1;
	if (!check->fact_count)
		return err_set(err, ERR_USAGE,
		    _("there is no fact: write one such as copied<=500K behind the process"));
	return 1;
}

int
family_check_parse(struct family_check *check, const char *line, struct err *err)
{
	char *copy = mem_string_n(line, strcspn(line, "#"));
	int result;

	*check = (struct family_check){0};
	result = family_words_parse(check, copy, err);
	free(copy);
	return result;
}
