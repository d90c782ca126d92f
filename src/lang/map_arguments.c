#include "config.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "lang/grammar.h"
#include "lang/word_lists.h"

#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#define BYTES_MAX (1ULL << 60)

static int
protection_part(int *bits, const char *where, const char *part, bool alone, struct err *err)
{
	int one;

	if (!list_value(&protection_list, part, &one))
		return list_error(&protection_list, where, part, err);
	if (one == PROT_NONE && !alone)
		return err_set(err, ERR_USAGE,
		    _("%1$s: none cannot be combined: write none alone, or leave it out"), where);
	*bits |= one;
	return 0;
}

static int
map_protection_of(int *bits, const char *where, const char *at, struct err *err)
{
	bool alone = !strchr(at, '+');

	*bits = PROT_NONE;
	for (;; at++) {
		size_t length = strcspn(at, "+");
		char *part = mem_string_n(at, length);
		int result = protection_part(bits, where, part, alone, err);

		free(part);
		if (result == -1)
			return PARSE_BAD;
		at += length;
		if (*at == '\0')
			return 1;
	}
}

int
parse_protection(struct command *command, const struct word *words, size_t count, struct err *err)
{
	(void)count;
	return map_protection_of(&command->choice, command->def->name, words[0].text, err);
}

static int
twice(const char *name, struct err *err)
{
	return err_set(err, ERR_USAGE, _("%s is given twice: once is enough"), name);
}

static int
set_bytes(uint64_t *into, bool *has, const char *name, const char *digits, struct err *err)
{
	size_t length = strspn(digits, "0123456789");
	char room[QUOTED_MAX];
	uint64_t sum = 0;

	if (*has)
		return twice(name, err);
	for (size_t i = 0; i < length && sum <= BYTES_MAX; i++)
		sum = sum * 10 + (uint64_t)(digits[i] - '0');
	if (length == 0 || digits[length] || sum > BYTES_MAX)
		return err_set(err, ERR_USAGE,
		    _("invalid value %2$s for %1$s: expected a number of bytes, 0 to %3$llu"), name,
		    quoted(room, digits), BYTES_MAX);
	*into = sum;
	*has = true;
	return 1;
}

static int
set_sharing(struct mapping_wish *wish, const char *word, struct err *err)
{
	int sharing = strcmp(word, "shared") == 0 ? MAP_SHARED : MAP_PRIVATE;

	if (wish->sharing == sharing)
		return twice(word, err);
	if (wish->sharing)
		return err_set(err, ERR_USAGE, _("a mapping is private or shared, not both"));
	wish->sharing = sharing;
	return 1;
}

static int
set_protection(struct mapping_wish *wish, const char *where, const char *word, struct err *err)
{
	if (wish->has_protection)
		return err_set(err, ERR_USAGE,
		    _("%s takes one protection: join the words of it, as in read+write"), where);
	wish->has_protection = true;
	return map_protection_of(&wish->protection, where, word, err);
}

static int
set_how(struct mapping_wish *wish, bool fixed, const char *word, struct err *err)
{
	if (wish->has_how && wish->fixed == fixed)
		return twice(word, err);
	if (wish->has_how)
		return err_set(err, ERR_USAGE, _("a mapping is fixed or noreplace, not both"));
	wish->has_how = true;
	wish->fixed = fixed;
	return 1;
}

static int
set_of(struct mapping_wish *wish, const char *where, const char *word, struct err *err)
{
	int of;

	if (!list_value(&of_list, word, &of))
		return list_error(&of_list, where, word, err);
	if (wish->of)
		return twice("of=", err);
	wish->of = (enum map_of)of;
	return 1;
}

int
parse_mapping(struct command *command, const struct word *words, size_t count, struct err *err)
{
	struct mapping_wish *wish = &command->mapping;
	const char *where = command->def->name, *word = words[0].text;
	int ignored;

	(void)count;
	if (strncmp(word, "offset=", 7) == 0)
		return set_bytes(&wish->offset, &wish->has_offset, "offset=", word + 7, err);
	if (strncmp(word, "length=", 7) == 0)
		return set_bytes(&wish->length, &wish->has_length, "length=", word + 7, err);
	if (strcmp(word, "private") == 0 || strcmp(word, "shared") == 0)
		return set_sharing(wish, word, err);
	if (strcmp(word, "fixed") == 0 || strcmp(word, "noreplace") == 0)
		return set_how(wish, word[0] == 'f', word, err);
	if (strncmp(word, "of=", 3) == 0)
		return set_of(wish, where, word + 3, err);
	if (strchr(word, '+') || list_value(&protection_list, word, &ignored))
		return set_protection(wish, where, word, err);
	return list_error(&mapping_list, where, word, err);
}
