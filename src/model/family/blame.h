/*
 * Blame: what fault events told of a family's copies, in one value. Which process and thread wrote,
 * by which code, and what lay at the written address.
 *
 * Made by src/blame and from then on never changed; cumulative since since_ns. It stands beside the
 * struct family of the same moment. Held by as many as keep it: blame_hold(), blame_free().
 *
 * Units: pages where no unit is named; times are CLOCK_REALTIME in nanoseconds. COUNT_UNKNOWN:
 * nobody could tell. Text from outside (types, functions, files) went through utf8_clean().
 * Contents of a target's memory are never in it, only names.
 */
#ifndef MODEL_FAMILY_BLAME_H
#define MODEL_FAMILY_BLAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "model/words.h"

#define BLAME_NAME_MAX 128

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

/* Whose objects they are: constant, word. */
#define RUNTIMES(X) \
	X(NONE, "") \
	X(CPYTHON, "cpython") \
	X(RUBY, "ruby") \
	X(GLIBC, "glibc") \
	X(JEMALLOC, "jemalloc")

#define X(constant, word) RUNTIME_##constant,
enum runtime { RUNTIMES(X) RUNTIME_COUNT };
#undef X

/* Static, never NULL. */
const char *cause_word(enum cause cause);
const char *cause_meaning(enum cause cause); /* translated */
const char *runtime_word(enum runtime runtime);
int cause_from_word(const char *word); /* -1: no such word */

#endif
