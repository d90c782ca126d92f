/*
 * Messages for people: _() around every whole sentence, N_() where a table
 * holds it and _() prints it, positional arguments ("%1$s") where there are two or more.
 */
#ifndef BASE_I18N_H
#define BASE_I18N_H

#ifdef ENABLE_NLS
#include <libintl.h>
#define _(text) gettext(text)
#define NP_(one, many, n) ngettext(one, many, n)
#else
#define _(text) (text)
#define NP_(one, many, n) ((n) == 1 ? (one) : (many))
#endif
#define N_(text) text

#endif
