#include "config.h"
#include "lang/glossary.h"
#include "base/i18n.h"

#include <strings.h>

const struct term terms[] = {
#define TERM(name, text) {name, text},
#include "lang/glossary.def"
#undef TERM
};

const size_t term_count = sizeof(terms) / sizeof(terms[0]);

const struct term *
term_find(const char *name)
{
	for (size_t i = 0; i < term_count; i++)
		if (strcasecmp(terms[i].name, name) == 0)
			return &terms[i];
	return NULL;
}

void
glossary_text(struct buf *out, const struct term *one)
{
	for (size_t i = 0; i < term_count; i++)
		if (!one || one == &terms[i])
			buf_addf(out, "%s\n    %s\n", terms[i].name, _(terms[i].text));
}
