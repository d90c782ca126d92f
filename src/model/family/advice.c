/* What is said about a cause, and what helps against it: one table. */
#include "config.h"
#include "model/family/blame.h"

#include <stdio.h>

#include "base/buf.h"
#include "base/i18n.h"

/* One cause in one runtime: what was written, which continues "98 % of what was copied (95M): ...";
 * what helps, if a test measures that it does; and the section of cowscope-blame(7) on both. */
static const struct advice {
	enum cause cause;
	enum runtime runtime;
	const char *section;
	const char *what, *advice; /* advice NULL: none */
} advices[] = {
    {CAUSE_GC_MARK, RUNTIME_CPYTHON, "Marks of Python's garbage collector",
	N_("marks of Python's garbage collector"),
	N_("gc.freeze() before the fork keeps them shared.")},
    {CAUSE_REFCOUNT, RUNTIME_CPYTHON, "Reference counts in Python",
	N_("reference counts of Python objects that were used"),
	N_("Reading an object writes its count, and nothing turns that off: what shall stay shared goes into arrays, bytes, NumPy or a mapped file.")},
    {CAUSE_GC_MARK, RUNTIME_RUBY, "Marks of Ruby's garbage collector",
	N_("marks of Ruby's garbage collector"),
	N_("GC.start several times before the fork leaves less to be copied.")},
};

/* What else is said about a cause, whatever the runtime. */
static const char *const cause_sections[CAUSE_COUNT] = {
    [CAUSE_REFCOUNT] = "Reference counts in Python",
    [CAUSE_GC_MARK] = "Marks of Python's garbage collector",
    [CAUSE_ALLOCATOR] = "The allocator's own words",
    [CAUSE_OBJECT] = "Contents of objects",
    [CAUSE_STACK] = "Stacks",
    [CAUSE_RELOCATION] = "Relocations",
    [CAUSE_DATA] = "Static data",
    [CAUSE_KERNEL] = "Writes by the kernel",
    [CAUSE_UNKNOWN] = "Unknown causes",
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

const char *
blame_section(enum cause cause, enum runtime runtime)
{
	const struct advice *found = advice_find(cause, runtime);

	return found ? found->section : cause_sections[cause];
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

/* The largest known cause, NULL: none; an unknown one is no reason to act. */
static const struct blame_cause *
head_cause(const struct blame *blame)
{
	for (size_t i = 0; i < blame->cause_count; i++)
		if (blame->causes[i].cause != CAUSE_UNKNOWN)
			return &blame->causes[i];
	return NULL;
}

char *
blame_head_more(const struct blame *blame)
{
	const struct blame_cause *most = head_cause(blame);
	struct buf out = BUF_INIT;

	if (!most)
		return NULL;
	/* Translators: the manual is in English; so is the title of its section. */
	buf_addf(&out, _("More: man cowscope-blame, \"%s\"."),
	    blame_section(most->cause, most->runtime));
	return buf_take(&out);
}

char *
blame_head(const struct blame *blame)
{
	const struct blame_cause *most = head_cause(blame);
	struct buf out = BUF_INIT;

	if (most)
		add_sentence(&out, blame, most);
	else if (blame->copies)
		buf_addf(&out,
		    NP_("%llu page was copied, and nobody could tell why.",
			"%llu pages were copied, and nobody could tell why.", blame->copies),
		    (unsigned long long)blame->copies);
	else if (blame->unseen && blame->unseen_pages)
		buf_add(&out, _("No sample saw a copy."));
	else
		buf_add(&out, _("Nothing was copied since watching began."));
	return buf_take(&out);
}
