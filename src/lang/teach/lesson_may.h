/*
 * What a lesson may do: an allowlist. Lessons come from strangers, and people play them without
 * reading them first.
 *
 * It acts on the lab's processes and the lab's own file, within bounds, and looks at them. It
 * doesn't read, write or name other files, kills only the lab's processes, takes no memory that
 * isn't available, and doesn't control the screen. A new command is refused until it is allowed
 * here.
 */
#ifndef LANG_TEACH_LESSON_MAY_H
#define LANG_TEACH_LESSON_MAY_H

#include "base/err.h"
#include "lang/command.h"

#define LESSON_WEIGH_MAX (UINT64_C(1) << 30) /* bytes that weigh may take */

/* May it occur in a lesson, with these arguments? Includes the commands of a loop. -1: a sentence
 * says why not. */
int lesson_may(const struct command *command, struct err *err);

/* The same for a file that is graded, which keeps the lab that it was given: neither a new one, nor
 * the memory of the system. */
int student_may(const struct command *command, struct err *err);

#endif
