/*
 * Tables of an X-macro list LIST(X) with lines X(constant, word[, meaning]): {LIST(WORD_OF)} is the
 * table of words.
 */
#ifndef BASE_LIST_H
#define BASE_LIST_H

#define WORD_OF(constant, word, ...) word,
#define MEANING_OF(constant, word, meaning) meaning,

#endif
