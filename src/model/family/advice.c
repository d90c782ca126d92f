/* What is said about a cause, and what helps against it: one table. */
#include "config.h"
#include "model/family/blame.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/i18n.h"

/* One cause in one runtime: what was written, which continues "98 % of what was copied (95M): ...";
 * and what helps, if a test measures that it does. */
static const struct advice {
	enum cause cause;
	enum runtime runtime;
	const char *what, *advice; /* advice NULL: none */
} advices[] = {
    {CAUSE_GC_MARK, RUNTIME_CPYTHON, N_("marks of Python's garbage collector"),
	N_("gc.freeze() before the fork keeps them shared.")},
    {CAUSE_REFCOUNT, RUNTIME_CPYTHON, N_("reference counts of Python objects that were used"),
	N_("Reading an object writes its count, and nothing turns that off: what shall stay shared goes into arrays, bytes, NumPy or a mapped file.")},
    {CAUSE_GC_MARK, RUNTIME_RUBY, N_("marks of Ruby's garbage collector"),
	N_("GC.start several times before the fork leaves less to be copied.")},
};

static const struct advice *
advice_find(enum cause cause, enum runtime runtime)
{
	for (size_t i = 0; i < sizeof(advices) / sizeof(advices[0]); i++)
		if (advices[i].cause == cause && advices[i].runtime == runtime)
			return &advices[i];
	return NULL;
}

const char *
blame_advice(enum cause cause, enum runtime runtime)
{
	const struct advice *found = advice_find(cause, runtime);

	return found && found->advice ? _(found->advice) : NULL;
}

static void
advice_size(char *out, size_t room, uint64_t kib)
{
	if (kib < 10240)
		snprintf(out, room, "%lluK", (unsigned long long)kib);
	else if (kib < 10240 * UINT64_C(1024))
		snprintf(out, room, "%lluM", (unsigned long long)((kib + 512) / 1024));
	else
		snprintf(out, room, "%.1fG", (double)kib / 1048576);
}

static void
add_sentence(struct buf *out, const struct blame *blame, const struct blame_cause *cause)
{
	const struct advice *found = advice_find(cause->cause, cause->runtime);
	const char *what = found ? _(found->what) : cause_meaning(cause->cause);
	uint64_t all = blame->copies > blame->attributed ? blame->copies : blame->attributed;
	char size[24];

	advice_size(size, sizeof(size), blame_kib(blame, cause->pages));
	buf_addf(out, _("%1$u %% of what was copied: %2$s, %3$s."),
	    blame_percent(cause->pages, all), what, size);
	if (found && found->advice)
		buf_addf(out, " %s", _(found->advice));
}

char *
blame_sentence(const struct blame *blame, const struct blame_cause *cause)
{
	struct buf out = BUF_INIT;

	add_sentence(&out, blame, cause);
	return buf_take(&out);
}

/* The largest known cause: an unknown one is no reason to act. */
char *
blame_head(const struct blame *blame)
{
	const struct blame_cause *most = NULL;
	struct buf out = BUF_INIT;

	for (size_t i = 0; i < blame->cause_count && !most; i++)
		if (blame->causes[i].cause != CAUSE_UNKNOWN)
			most = &blame->causes[i];
	if (most)
		add_sentence(&out, blame, most);
	else if (blame->copies)
		buf_addf(&out,
		    NP_("%llu page was copied, and nobody could tell why.",
			"%llu pages were copied, and nobody could tell why.", blame->copies),
		    (unsigned long long)blame->copies);
	else
		buf_add(&out, _("Nothing was copied since watching began."));
	return buf_take(&out);
}
