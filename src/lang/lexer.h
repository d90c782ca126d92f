/*
 * Text to words: blanks, "quotes", escapes, # comments, ; and newlines between commands.
 *
 * A position is a byte of the line. A word owns its text.
 */
#ifndef LANG_LEXER_H
#define LANG_LEXER_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

struct word {
	size_t start, end; /* bytes [start, end) of the line */
	char *text;        /* without its quotes; terminated, may hold any byte */
	size_t length;
	bool quoted; /* has quotes somewhere */
	bool open;   /* the closing quote is missing */
};

struct words {
	struct word *list;
	size_t count, room;
};

/* Moves *at past blanks, comments and empty commands. false: nothing follows; *at is the end, or
 * the # of a comment that no newline ends. */
bool lex_begin(const char *line, size_t *at);

/* Adds the next word of the command. 1: added; 0: the command ends here; -1: added, but wrong. */
int lex_word(const char *line, size_t *at, struct words *words, struct err *err);

/* Moves *at after the end of the command: its comment, its ';' or newline. */
void lex_end(const char *line, size_t *at);

/* Is the byte inside quotes that are still open before it? */
bool lex_in_quotes(const char *line, size_t at);

void lex_blanks(const char *line, size_t *at);
void words_free(struct words *words);

#endif
