/*
 * The terms of proc(5), mmap(2) and this program, from the table in glossary.def.
 */
#ifndef LANG_GLOSSARY_H
#define LANG_GLOSSARY_H

#include <stddef.h>

#include "base/buf.h"

struct term {
	const char *name; /* "page cache" */
	const char *text; /* one or two sentences, untranslated: print _(text) */
};

extern const struct term terms[];
extern const size_t term_count;

const struct term *term_find(const char *name); /* Ignores case; NULL: there is none */

/* What `glossary` prints: the terms with their explanations, or only one (unless NULL). */
void glossary_text(struct buf *out, const struct term *one);

#endif
