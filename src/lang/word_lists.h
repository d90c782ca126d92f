/*
 * The word lists of arguments, strict numbers, and the nearest word for error messages.
 */
#ifndef LANG_WORD_LISTS_H
#define LANG_WORD_LISTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/err.h"

struct word_list {
	const char *const *words; /* NULL-terminated */
	const int *values;        /* NULL: a word's value is its index */
	/* %1$s where, %2$s the wrong word, %3$s the near one, or all of them */
	const char *near, *far;
};

extern const struct word_list how_list, anyway_list, sync_list, advice_list, protection_list,
    mapping_list, signal_list, kind_list, setting_list, pace_list, of_list, what_list, scope_list,
    fact_list, place_list, view_list, zoom_list, order_list, filter_list, term_list, command_list;

/* Reports that no command has this name. Returns -1. */
int command_error(const char *name, struct err *err);

int word_index(const char *const *words, const char *word); /* -1: not among them */
bool list_value(const struct word_list *list, const char *word, int *value);

/* ERR_USAGE with the near word, or with all of them. Returns -1. */
int list_error(const struct word_list *list, const char *where, const char *word, struct err *err);

/* The word that was probably meant; NULL if none is near. */
const char *nearest(const char *const *words, const char *word);

/* "a, b, c" */
void join_words(struct buf *out, const char *const *words);

/* Decimal digits and nothing else; too large ones become UINT32_MAX. */
bool number_of(const char *text, size_t length, uint32_t *value);

/* Seconds such as 2 or 0.25, 0.001 to 3600, in milliseconds. */
bool seconds_of(const char *text, uint32_t *ms);

/* The signal of a name (with or without SIG) or number; -1: neither. */
int signal_of(const char *word);

/* Quotes input in an error: one line of UTF-8, at most 40 bytes of it and "..." */
#define QUOTED_MAX 136
const char *quoted_n(char room[QUOTED_MAX], const char *text, size_t length);
const char *quoted(char room[QUOTED_MAX], const char *text);

#endif
