#include "config.h"
#include "model/words.h"

#include <string.h>

#include "base/list.h"
#include "base/i18n.h"

static const char *const state_words[] = {FAMILY_PAGE_STATES(WORD_OF)};

static const char *const state_meanings[] = {FAMILY_PAGE_STATES(MEANING_OF)};

static const char *const kind_words[] = {KINDS(WORD_OF)};

static const char *const kind_meanings[] = {KINDS(MEANING_OF)};

static int
words_find(const char *const *words, int count, const char *word)
{
	for (int i = 0; i < count; i++)
		if (strcmp(words[i], word) == 0)
			return i;
	return -1;
}

const char *
page_state_word(enum page_state state)
{
	return state_words[state];
}

const char *
page_state_meaning(enum page_state state)
{
	return _(state_meanings[state]);
}

int
page_state_from_word(const char *word)
{
	return words_find(state_words, PAGE_STATE_COUNT, word);
}

int
lab_state_from_word(const char *word)
{
	return words_find(state_words, PAGE_PARTED, word);
}

const char *
kind_word(enum kind kind)
{
	return kind_words[kind];
}

const char *
kind_meaning(enum kind kind)
{
	return _(kind_meanings[kind]);
}

int
kind_from_word(const char *word)
{
	return words_find(kind_words, KIND_COUNT, word);
}

bool
kind_has_file(enum kind kind)
{
	return kind == KIND_PRIVATE_FILE || kind == KIND_SHARED_FILE || kind == KIND_POSIX_SHM;
}

bool
kind_has_disk(enum kind kind)
{
	return kind == KIND_PRIVATE_FILE || kind == KIND_SHARED_FILE;
}

bool
kind_is_shared(enum kind kind)
{
	return kind == KIND_SHARED_FILE || kind == KIND_SHARED_ANON || kind == KIND_POSIX_SHM;
}

bool
kind_is_anonymous(enum kind kind)
{
	return kind == KIND_PRIVATE_ANON || kind == KIND_SHARED_ANON;
}
