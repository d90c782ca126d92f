/*
 * Tables of a list that stands in a macro, LIST(X), with a line X(constant, word[, meaning]) each:
 * {LIST(WORD_OF)} is the table of its words.
 */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#define WORD_OF(constant, word, ...) word,
#define MEANING_OF(constant, word, meaning) meaning,

#endif
