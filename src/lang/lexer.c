#include "config.h"
#include "base/buf.h"
#include "base/i18n.h"
#include "base/mem.h"
#include "lang/lexer.h"
#include "lang/word_lists.h"

#include <stdlib.h>
#include <string.h>

static bool
lexer_is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

static bool
ends_command(char c)
{
	return c == '\0' || c == ';' || c == '\n';
}

void
lex_blanks(const char *line, size_t *at)
{
	while (lexer_is_blank(line[*at]))
		++*at;
}

static void
skip_comment(const char *line, size_t *at)
{
	if (line[*at] == '#')
		*at += strcspn(line + *at, "\n");
}

bool
lex_begin(const char *line, size_t *at)
{
	for (;;) {
		lex_blanks(line, at);
		if (line[*at] == '\0' || (line[*at] == '#' && !strchr(line + *at, '\n')))
			return false;
		skip_comment(line, at);
		if (!ends_command(line[*at]))
			return true;
		++*at;
	}
}

void
lex_end(const char *line, size_t *at)
{
	lex_blanks(line, at);
	skip_comment(line, at);
	if (line[*at] == ';' || line[*at] == '\n')
		++*at;
}

static int
lexer_hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

/* *at is after the backslash. */
static int
lexer_escape(const char *line, size_t *at, struct buf *out, struct err *err)
{
	static const char from[] = "\"\\nt", to[] = "\"\\\n\t";
	const char *found = line[*at] ? strchr(from, line[*at]) : NULL;
	char room[QUOTED_MAX];

	if (found) {
		buf_add_char(out, to[found - from]);
		++*at;
		return 0;
	}
	if (line[*at] == 'x' && lexer_hex_digit(line[*at + 1]) >= 0 &&
	    lexer_hex_digit(line[*at + 2]) >= 0) {
		buf_add_char(out,
		    (char)(lexer_hex_digit(line[*at + 1]) * 16 + lexer_hex_digit(line[*at + 2])));
		*at += 3;
		return 0;
	}
	return err_set(err, ERR_USAGE,
	    _("\\%s is not an escape: inside quotes there are \\\" \\\\ \\n \\t and \\xHH with two hexadecimal digits"),
	    line[*at] ? quoted_n(room, line + *at, strcspn(line + *at, " \"")) : "");
}

/* *at is after the opening quote. */
static int
quotes(const char *line, size_t *at, struct buf *out, bool *open, struct err *err)
{
	size_t start = *at - 1;
	struct err ignored;
	char room[QUOTED_MAX];
	int result = 0;

	while (line[*at] && line[*at] != '"') {
		if (line[*at] != '\\') {
			buf_add_char(out, line[(*at)++]);
			continue;
		}
		++*at;
		if (lexer_escape(line, at, out, result ? &ignored : err) == -1) {
			result = -1;
			*at += line[*at] != '\0';
		}
	}
	*open = line[*at] == '\0';
	*at += !*open;
	if (*open)
		result = err_set(err, ERR_USAGE,
		    _("the quote that begins at %s is never closed: end it with \""),
		    quoted(room, line + start));
	return result;
}

bool
lex_in_quotes(const char *line, size_t at)
{
	bool in_quotes = false, in_word = false;

	for (size_t i = 0; i < at && line[i]; i++)
		if (in_quotes && line[i] == '\\') {
			i++;
		} else if (line[i] == '"') {
			in_quotes = !in_quotes;
			in_word = true;
		} else if (!in_quotes && line[i] == '#' && !in_word) {
			i += strcspn(line + i, "\n");
			if (!line[i])
				return false;
		} else {
			in_word = !lexer_is_blank(line[i]) && !ends_command(line[i]);
		}
	return in_quotes;
}

static struct word *
new_word(struct words *words)
{
	if (words->count == words->room) {
		words->room = words->room ? words->room * 2 : 8;
		words->list = mem_resize(words->list, words->room, sizeof(*words->list));
	}
	return memset(&words->list[words->count++], 0, sizeof(*words->list));
}

int
lex_word(const char *line, size_t *at, struct words *words, struct err *err)
{
	struct buf text = BUF_INIT;
	struct err ignored;
	struct word *word;
	int result = 1;

	lex_blanks(line, at);
	if (ends_command(line[*at]) || line[*at] == '#')
		return 0;
	word = new_word(words);
	word->start = *at;
	while (!lexer_is_blank(line[*at]) && !ends_command(line[*at])) {
		if (line[*at] != '"') {
			buf_add_char(&text, line[(*at)++]);
			continue;
		}
		++*at;
		word->quoted = true;
		if (quotes(line, at, &text, &word->open, err) == -1) {
			result = -1;
			err = &ignored;
		}
	}
	word->end = *at;
	word->length = text.length;
	word->text = buf_take(&text);
	return result;
}

void
words_free(struct words *words)
{
	for (size_t i = 0; i < words->count; i++)
		free(words->list[i].text);
	free(words->list);
	memset(words, 0, sizeof(*words));
}
