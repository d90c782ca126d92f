/*
 * Terminals that can do more than TERM says: Debian's xterm sets TERM=xterm, with 8 colours, and
 * has 256.
 */
#ifndef TUI_RICHER_H
#define TUI_RICHER_H

#include <stddef.h>

/* What was typed while the terminal was asked, and is still to be read. */
struct richer_typed {
	char bytes[128];
	size_t length;
};

/* The type to use for `term`, which is known: itself, or that with 256 colours where COLORTERM
 * tells of more or the terminal answers that it has them. Static storage. Before ncurses takes the
 * terminal; waits for an answer a fifth of a second at most. */
const char *richer_term(const char *term, struct richer_typed *typed);

#endif
