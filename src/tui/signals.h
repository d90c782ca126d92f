/*
 * Signals as events that can be waited for, and restoring the terminal when the program crashes.
 *
 * Only for the process that called signals_open(): in a child that hasn't reset the handlers yet, a
 * signal has its default effect.
 */
#ifndef TUI_SIGNALS_H
#define TUI_SIGNALS_H

#include <stddef.h>
#include <termios.h>

#include "base/err.h"

/* What a crash does to the terminal: writes these bytes, sets these modes. */
struct rescue {
	int fd;
	struct termios cooked;
	char bytes[256];
	size_t length;
};

/* Handles WINCH, TSTP, CONT, everything else that would end the program unless it is ignored, and
 * SEGV, BUS, ABRT, FPE, ILL. PIPE and XFSZ are ignored: the failed write tells. */
int signals_open(struct err *err);
void signals_close(void); /* restores every signal */

int signals_fd(void); /* readable: signals_take() has one */
/* the most urgent signal received, or 0; several of one kind count once */
int signals_take(void);

/* Stops this process as SIGTSTP does by default; returns when it is continued. */
void signals_stop(void);

/* What a crash does from now on; NULL: nothing. Copied. */
void signals_rescue(const struct rescue *rescue);

#endif
