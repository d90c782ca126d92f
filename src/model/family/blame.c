#include "config.h"
#include "model/family/blame.h"

#include <string.h>

#include "base/i18n.h"

const char *
cause_word(enum cause cause)
{
#define X(constant, word, meaning) word,
	static const char *const words[] = {CAUSES(X)};
#undef X

	return words[cause];
}

const char *
cause_meaning(enum cause cause)
{
#define X(constant, word, meaning) meaning,
	static const char *const meanings[] = {CAUSES(X)};
#undef X

	return _(meanings[cause]);
}

const char *
runtime_word(enum runtime runtime)
{
#define X(constant, word) word,
	static const char *const words[] = {RUNTIMES(X)};
#undef X

	return words[runtime];
}

int
cause_from_word(const char *word)
{
	for (int i = 0; i < CAUSE_COUNT; i++)
		if (strcmp(cause_word((enum cause)i), word) == 0)
			return i;
	return -1;
}
