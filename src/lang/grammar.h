/*
 * Arguments: the strings of commands.def as slots, the types that fill them, and the walk of words
 * through the slots. One table says what parses a word of a type and what completes it.
 */
#ifndef LANG_GRAMMAR_H
#define LANG_GRAMMAR_H

#include <stdbool.h>
#include <stddef.h>

#include "lang/command.h"
#include "lang/lexer.h"
#include "lang/word_lists.h"

#define PARSE_BAD (-1)
#define PARSE_SHORT 0 /* right so far, but more words are needed */

/* What completion knows; what it finds goes to offer(). */
struct asking {
	struct completion *found;
	const struct vocabulary *vocabulary;
	const struct command *command; /* what stands before */
	const struct word *before;     /* the words before that belong to the same argument */
	size_t before_count;
	/* what has been typed of the word; NULL: it has quotes, nothing fits */
	const char *prefix;
};

/* One command's words. */
struct reading {
	const char *line;
	size_t at; /* how far it is read */
	struct words words;
	/* of the line, for a command that takes it verbatim; NULL: it doesn't */
	const char *rest;
};

/* Reads from at to the end of the command, even after an error. -1: the first error. */
int read_words(struct reading *reading, struct err *err);

struct argument_type {
	const char *name;
	/* the error if it is missing; %s is the command. NULL: never required */
	const char *missing;
	const struct word_list *list; /* of its words; NULL: none */
	/* of a number, if there is neither a list nor a parse function */
	uint32_t least, most;
	int unset;                      /* of command.choice if the argument isn't given */
	bool any_bytes;                 /* may hold NUL */
	bool (*fits)(const char *word); /* could the word be meant for this? NULL: always */

	/* Words taken (at least 1), PARSE_SHORT or PARSE_BAD; both of the latter fill in err. NULL:
	 * a word of the list, into command.choice, or a number from least to most, into
	 * command.count. */
	int (*parse)(
	    struct command *command, const struct word *words, size_t count, struct err *err);
	void (*complete)(struct asking *asking); /* NULL: the words of the list, if any */
};

const struct argument_type *argument_type(const char *name, size_t length);

int parse_plain(struct command *command, const struct argument_type *type, const struct word *word,
    struct err *err);

#define SLOTS_MAX 4

struct slot {
	const struct argument_type *type;
	bool optional, repeats;
	const char *text; /* in the def's arguments: what is still expected begins here */
};

/* A walk through the slots of a command. */
struct walk {
	struct slot slots[SLOTS_MAX];
	size_t count;
	size_t at;   /* the slot that the next word is for */
	bool enough; /* the slot repeats and already has one */
};

void walk_begin(struct walk *walk, struct command *command);

/* Takes words; *taken says how many. 0; -1 if a word is wrong; in PARSE_SHORT's case 0 with words
 * left over. */
int walk_words(struct walk *walk, struct command *command, const struct word *words, size_t count,
    size_t *taken, struct err *err);

/* -1 if something is missing. */
int walk_end(const struct walk *walk, const struct command *command, struct err *err);

/* Does the command take the rest of its line verbatim, after how many other arguments? -1: it
 * doesn't. */
int takes_line_behind(const struct command_def *def);

/* Could a second word complete a command's name? "file" */
bool name_continues(const char *first);

/* Reports that no command begins with these words. Returns -1. */
int unknown_command(const struct word *words, size_t count, struct err *err);

/* The def of the first words, the longest name first; *taken: how many words it took. NULL: there
 * is none. */
const struct command_def *find_named(const struct word *words, size_t count, size_t *taken);

void offer(struct asking *asking, const char *word);
void offer_words(struct asking *asking, const char *const *words);
void offer_names(struct asking *asking); /* of commands, after the words before */

/* suggest.c */
void complete_target(struct asking *asking);
void complete_process(struct asking *asking);
void complete_name(struct asking *asking);
void complete_pages(struct asking *asking);
void complete_protection(struct asking *asking);
void complete_mapping(struct asking *asking);
void complete_signal(struct asking *asking);
void complete_what(struct asking *asking);
void complete_fact(struct asking *asking);
void complete_place(struct asking *asking);

/* map_arguments.c */
int parse_protection(
    struct command *command, const struct word *words, size_t count, struct err *err);
int parse_mapping(struct command *command, const struct word *words, size_t count, struct err *err);

/* fact.c */
int parse_fact(struct command *command, const struct word *words, size_t count, struct err *err);

#endif
