/*
 * What a check says of a program's family: `expect b copied>=500K`, `await family processes>=4`,
 * one a line. Pure.
 */
#ifndef LANG_FAMILY_FACT_H
#define LANG_FAMILY_FACT_H

#include "lang/command.h"

enum family_fact_type {
#define FAMILY_FACT(constant, name, value, of) FAMILY_FACT_##constant,
#include "lang/family_facts.def"
#undef FAMILY_FACT
	FAMILY_FACT_COUNT
};

const char *family_fact_name(enum family_fact_type type);
bool family_fact_is_size(enum family_fact_type type);

struct family_fact {
	enum family_fact_type type;
	enum compare compare;
	uint64_t number; /* bytes of a size */
};

#define FAMILY_TARGET_MAX 8

struct family_check {
	bool awaits;
	char target[FAMILY_TARGET_MAX]; /* "b"; "": the family */
	struct family_fact facts[FACTS_MAX];
	size_t fact_count;
};

/* 1: *check filled; 0: only blanks and a comment; -1: one line says what is wrong. */
int family_check_parse(struct family_check *check, const char *line, struct err *err);

#endif
