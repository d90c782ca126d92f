#include "config.h"
#include "lang/word_lists.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define LONGEST 32

static bool
same(char one, char other)
{
	return tolower((unsigned char)one) == tolower((unsigned char)other);
}

static size_t
nearest_least(size_t one, size_t two, size_t three)
{
	size_t less = one < two ? one : two;

	return less < three ? less : three;
}

/* Insertions, deletions, replacements and swaps of neighbours that turn one into the other. */
static size_t
nearest_distance(const char *one, size_t length, const char *other, size_t other_length)
{
	size_t rows[LONGEST + 1][LONGEST + 1];

	for (size_t i = 0; i <= length; i++)
		rows[i][0] = i;
	for (size_t j = 0; j <= other_length; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= length; i++)
		for (size_t j = 1; j <= other_length; j++) {
			bool alike = same(one[i - 1], other[j - 1]);

			rows[i][j] = nearest_least(
			    rows[i - 1][j] + 1, rows[i][j - 1] + 1, rows[i - 1][j - 1] + !alike);
			if (i > 1 && j > 1 && same(one[i - 1], other[j - 2]) &&
			    same(one[i - 2], other[j - 1]) && rows[i - 2][j - 2] + 1 < rows[i][j])
				rows[i][j] = rows[i - 2][j - 2] + 1;
		}
	return rows[length][other_length];
}

static const char *
only_continuation(const char *const *words, const char *word, size_t length)
{
	const char *found = NULL;

	for (size_t i = 0; words[i]; i++)
		if (strncasecmp(words[i], word, length) == 0) {
			if (found)
				return NULL;
			found = words[i];
		}
	return found;
}

const char *
nearest(const char *const *words, const char *word)
{
	size_t length = strlen(word);
	size_t best = length < 6 ? 2 : (length + 2) / 4 + 1;
	const char *found = NULL;

	if (length < 2 || length > LONGEST)
		return NULL;
	for (size_t i = 0; words[i]; i++) {
		size_t other = strlen(words[i]), apart;

		if (other > LONGEST)
			continue;
		apart = nearest_distance(word, length, words[i], other);
		if (apart < best) {
			best = apart;
			found = words[i];
		}
	}
	return found ? found : only_continuation(words, word, length);
}
