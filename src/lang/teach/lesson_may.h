/*
 * What a lesson may do: a list of what is let in. A lesson comes from strangers, and whoever plays
 * it does not read it first.
 *
 * It acts on the lab's processes and the lab's own file, within bounds, and looks at them. It
 * reads, writes and names no file of anybody, ends nothing but the lab's processes, takes no memory
 * that is not available, and does not lead the screen away. A new command is refused until it is
 * let in here.
 */
#ifndef LANG_TEACH_LESSON_MAY_H
#define LANG_TEACH_LESSON_MAY_H

#include "base/err.h"
#include "lang/command.h"

#define LESSON_WEIGH_MAX (UINT64_C(1) << 30) /* bytes that weigh may take */

/* May it stand in a lesson, with these arguments? The commands of a loop are looked at too. -1: a
 * sentence says why not. */
int lesson_may(const struct command *command, struct err *err);

#endif
