/*
 * Messages for people: _() around every whole sentence, NP_() around one with a plural; N_() and
 * NN_() for sentences in tables, which _() or NP_() then prints. Positional arguments ("%1$s") if
 * there are two or more.
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
#define NN_(one, many) one, many

#endif
