/*
 * cowscope quiz --batch: questions out, answers in, no terminal.
 */
#ifndef APP_BATCH_BATCH_QUIZ_H
#define APP_BATCH_BATCH_QUIZ_H

#include "app/lab/session.h"
#include "lang/options/options.h"

/* Prints each question, reads an answer (a line: the choice's number, or empty to skip), prints
 * what happened. In JSON a line is read before each question too: it asks for it. Ends with the
 * answers, or after options->questions. Returns the exit status. */
int quiz_batch_run(struct session *session, const struct options *options);

#endif
