/*
 * The lessons on this machine: where they are, and one of them opened.
 *
 * A word with a / or with .md at its end is a file. Any other is a name: NAME.md is looked for
 * among one's own lessons, $XDG_DATA_HOME/cowscope/lessons, and then among the bundled ones: the
 * directory in COWSCOPE_LESSONS, if it is set; else PART_LESSONS of base/parts.h.
 */
#ifndef APP_TEACH_LESSONS_H
#define APP_TEACH_LESSONS_H

#include <stdbool.h>

#include "base/buf.h"
#include "base/err.h"
#include "lang/teach/lesson.h"

bool lesson_is_file(const char *word);

/* Opens the lesson of a name or file; *path is where it was found, both to be freed. -1: there is
 * none, it cannot be read, or something is wrong in it: file, line and reason. */
int lesson_open(struct lesson *lesson, char **path, const char *word, struct err *err);

/* A line each, one's own first and marked: name and title. */
void lessons_list(struct buf *out);

/* Appends "FILE:LINE: REASON" for each fault in each file (or lesson of that name). Returns the
 * exit status. */
int lessons_check(struct buf *out, const char *const *words, size_t count);

#endif
