/*
 * Blame: what fault events told about a family's copies, in one value. Which process and thread
 * wrote, which code did it, and what lay at the written address.
 *
 * Made by src/blame and never changed after that; cumulative since since_ns. It accompanies the
 * struct family of the same moment. Reference counted: blame_hold(), blame_free().
 *
 * Units: pages unless a unit is named; times are CLOCK_REALTIME in nanoseconds. COUNT_UNKNOWN:
 * unknown. Text from outside (types, functions, files) went through utf8_clean(). Never contains
 * the contents of a target's memory, only names.
 */
#ifndef MODEL_FAMILY_BLAME_H
#define MODEL_FAMILY_BLAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "model/words.h"

#define BLAME_NAME_MAX 128
#define BLAME_WRITERS_MOST 8192 /* rows; further copies count in rows that name less */

/* Why a page was copied, by what lies at the written address: constant, word, meaning. */
#define CAUSES(X) \
	X(REFCOUNT, "refcount", N_("the reference count of an object")) \
	X(GC_MARK, "gc-mark", N_("a mark of the garbage collector")) \
	X(ALLOCATOR, "allocator", N_("words of the allocator itself")) \
	X(OBJECT, "object", N_("the contents of an object")) \
	X(STACK, "stack", N_("a stack")) \
	X(RELOCATION, "relocation", N_("addresses that the dynamic linker fills in")) \
	X(DATA, "data", N_("static data of a program or library")) \
	X(KERNEL, "kernel", N_("the kernel wrote for the process, as read(2) does")) \
	X(UNKNOWN, "unknown", N_("nobody could tell"))

#define X(constant, word, meaning) CAUSE_##constant,
enum cause { CAUSES(X) CAUSE_COUNT };
#undef X

/* The owner of the objects: constant, word. */
#define RUNTIMES(X) \
	X(NONE, "") \
	X(CPYTHON, "cpython") \
	X(RUBY, "ruby") \
	X(GLIBC, "glibc") \
	X(JEMALLOC, "jemalloc")

#define X(constant, word) RUNTIME_##constant,
enum runtime { RUNTIMES(X) RUNTIME_COUNT };
#undef X

/* Pages of one cause; text, for a person: what they are, and what would help. */
struct blame_cause {
	enum cause cause;
	enum runtime runtime;
	uint64_t pages;
};

/* Who wrote: every copy by its instruction. "": unknown. */
struct blame_writer {
	const char *process; /* of the family; "": several, too many for a row each */
	pid_t pid;
	enum cause cause;
	enum runtime runtime;
	const char *object, *module, *function, *mapping;
	uint64_t offset; /* in its module; COUNT_UNKNOWN: unknown */
	uint64_t pages;
};

/* A line of code, over the copies whose stack was taken. */
struct blame_code {
	const char *language, *function, *source;
	const char *command; /* the command being served; NULL */
	uint64_t samples;
};

/* Copies by their whole stack: "outermost;...;innermost". */
struct blame_stack {
	const char *process;
	enum cause cause;
	const char *frames;
	uint64_t samples;
};

struct blame {
	struct blame *self; /* counts its holders */
	unsigned holders;
	uint32_t page_size;
	uint64_t since_ns;
	uint64_t faults;     /* that were told */
	uint64_t copies;     /* counted by joining samples */
	uint64_t attributed; /* those with a known event */
	uint64_t lost;       /* events for which the rings had no room */
	uint64_t left_out;   /* events that came too fast to be explained */
	bool kernel_writes;  /* the kernel's own writes for a process are reported */
	unsigned stack_every;
	uint64_t samples; /* copies whose stack was taken */
	/* children that came and went between samples; COUNT_UNKNOWN */
	uint64_t unseen, unseen_pages;
	struct blame_cause *causes; /* most pages first, as in all lists */
	size_t cause_count;
	struct blame_writer *writers;
	size_t writer_count, writer_room;
	struct blame_code *code;
	size_t code_count, code_room;
	struct blame_stack *stacks;
	size_t stack_count, stack_room;
	char **texts; /* all texts that the rows borrow */
	size_t text_count, text_room;
};

/* For building, also in tests. Texts are copied. */
struct blame *blame_new(void); /* one holder, page size 4096 */
struct blame_writer *blame_add_writer(struct blame *blame, const struct blame_writer *writer);
struct blame_code *blame_add_code(struct blame *blame, const struct blame_code *code);
void blame_add_stack(struct blame *blame, const struct blame_stack *stack);
void blame_finish(struct blame *blame); /* the causes, and the order of rows */

const struct blame *blame_hold(const struct blame *blame); /* NULL: NULL */
void blame_free(const struct blame *blame);                /* NULL does nothing */

/* Looking. */
uint64_t blame_kib(const struct blame *blame, uint64_t pages); /* COUNT_UNKNOWN is kept */
/* A share in percent; 100 only for everything. */
unsigned blame_percent(uint64_t part, uint64_t whole);

/* A whole sentence on what this cause writes, with its share of `of` pages and its size; then what
 * would help, or that nothing does. The caller frees it. */
char *blame_sentence(const struct blame *blame, const struct blame_cause *cause);

/* The one sentence on what was copied for a person who acts on it. The caller frees it. */
char *blame_head(const struct blame *blame);

/* What helps against this cause, in whole sentences, translated; NULL: nothing known. */
const char *blame_advice(enum cause cause, enum runtime runtime);

/* The title of the section of cowscope-blame(7) on this cause. Static, never NULL. */
const char *blame_section(enum cause cause, enum runtime runtime);

/* Where the manual explains what blame_head() says, in a sentence; NULL: no cause is known. The
 * caller frees it. */
char *blame_head_more(const struct blame *blame);

/* Static, never NULL. */
const char *cause_word(enum cause cause);
const char *cause_meaning(enum cause cause); /* translated */
const char *runtime_word(enum runtime runtime);
int cause_from_word(const char *word);   /* -1: no such word */
int runtime_from_word(const char *word); /* -1: no such word */

#endif
