/*
 * The cursor follows the commands, so that the panels show where they act at any size.
 */
#ifndef APP_LAB_FOLLOW_H
#define APP_LAB_FOLLOW_H

#include "app/lab/session.h"

/* Moves to the first of the acts, unless it is on one of them. No act: no change. */
void cursor_follow(struct cursor *cursor, const struct act *acts, size_t count);

/* Moves to the first page that the command names, unless it is on one of them. false: the command
 * names none, or one that doesn't exist. */
bool cursor_aim(struct session *session, const struct command *command);

#endif
