/*
 * Signals as events that can be waited for, and restoring the terminal when the program crashes.
 *
 * Only for the process that called signals_open(): in a child that has not reset the handlers yet,
 * a signal has its default effect.
 */
#ifndef TUI_SIGNALS_H
#define TUI_SIGNALS_H

#include <stddef.h>
#include <termios.h>

#include "base/err.h"

/* What a crash does to the terminal: writes bytes, sets the modes. */
struct rescue {
	int fd;
	struct termios cooked;
	char bytes[256];
	size_t length;
};

/* Takes over WINCH, TSTP, CONT, whatever else would end the program unless it is ignored, and SEGV,
 * BUS, ABRT, FPE, ILL. PIPE and XFSZ are ignored: the write that failed says so. */
int signals_open(struct err *err);
void signals_close(void); /* every signal as it was before */

int signals_fd(void); /* readable: signals_take() has something */
/* the most urgent signal that came, or 0; several of one kind count as one */
int signals_take(void);

/* Stops this process as SIGTSTP does by default; returns when it is continued. */
void signals_stop(void);

/* From now on a crash does this; NULL: nothing. Copied. */
void signals_rescue(const struct rescue *rescue);

#endif
