/*
 * Targets: PROCESS[:PAGES].
 */
#ifndef LANG_TARGET_H
#define LANG_TARGET_H

#include "lang/command.h"

/* file_too: may it be the file? Ranges come out ascending and disjoint. */
int target_parse(struct target *target, const char *text, bool file_too, struct err *err);
int pages_parse(struct target *target, const char *text, struct err *err);

bool target_is_one_process(const struct target *target);
bool target_is_one_page(const struct target *target);

/* 'a' to 'i', alone; else 0. */
char process_letter(const char *text);

#endif
