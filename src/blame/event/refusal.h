/*
 * Why fault events are refused, and what would help: one sentence.
 */
#ifndef BLAME_EVENT_REFUSAL_H
#define BLAME_EVENT_REFUSAL_H

#include <sys/types.h>

#include "base/err.h"

/* Of what perf_event_open(2) said. Always -1, ERR_MACHINE. */
int refusal_of(int errnum, pid_t pid, struct err *err);

/* kernel.perf_event_paranoid; -2: unreadable. */
int refusal_paranoid(void);

#endif
