/*
 * The cursor goes where commands act, so that the panels show it at any size.
 */
#ifndef APP_LAB_FOLLOW_H
#define APP_LAB_FOLLOW_H

#include "app/lab/session.h"

/* To the first of the acts; it stays where one of them was. No act: no change. */
void cursor_follow(struct cursor *cursor, const struct act *acts, size_t count);

/* To the first page that the command names: it stays if it is there already. false: the command
 * names none, or one that is not there. */
bool cursor_aim(struct session *session, const struct command *command);

#endif
