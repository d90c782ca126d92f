/*
 * How much memory the weigh commands of a block will take, computed before they run. Pure.
 */
#ifndef APP_LAB_BURDEN_H
#define APP_LAB_BURDEN_H

#include <stdint.h>

#include "lang/command.h"
#include "lang/teach/lesson.h"

#define BURDEN_USUAL (UINT64_C(256) << 20) /* bytes; weigh without a SIZE */

/* Bytes of memory that weigh takes at once, twice its SIZE for a private file mapping; 0: another
 * command, which weighs nothing. */
uint64_t burden_of_command(const struct command *command);

/* The largest among the block's commands, including those within a loop; each ends before the next
 * begins. 0: the block weighs nothing. */
uint64_t burden_of_block(const struct lesson_part *block);

#endif
