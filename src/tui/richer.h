/*
 * Terminals that can do more than TERM says: Debian's xterm sets TERM=xterm, with 8 colours, but
 * has 256.
 */
#ifndef TUI_RICHER_H
#define TUI_RICHER_H

#include <stddef.h>

/* What was typed while the terminal was asked, still to be read. */
struct richer_typed {
	char bytes[128];
	size_t length;
};

/* The type to use for `term`, a known one: itself, or its variant with 256 colours if COLORTERM
 * says so or the terminal answers that it has them. Static storage. Call it before ncurses takes
 * the terminal; it waits at most a fifth of a second for an answer. */
const char *richer_term(const char *term, struct richer_typed *typed);

#endif
