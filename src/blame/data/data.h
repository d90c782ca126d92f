/*
 * What lies at an address of a target's memory: whose word it is, and so why it was written.
 * Decided by the memory itself and its mappings, never by a guess at a name; what is only plausible
 * is CAUSE_UNKNOWN.
 *
 * A decoder knows one runtime: decoder.h. HACKING has the steps to add one.
 */
#ifndef BLAME_DATA_DATA_H
#define BLAME_DATA_DATA_H

#include "blame/suspect.h"
#include "model/family/blame.h"

struct data;

struct data_found {
	enum cause cause;
	enum runtime runtime;
	/* the object's type ("dict"), the symbol, the kind of chunk; "" where not known */
	char object[BLAME_NAME_MAX];
};

struct data *data_new(void);
void data_free(struct data *data); /* NULL does nothing */

/*
 * What lies at the address in this process. What was learned of a program (which runtime, which
 * layout, which sizes) is kept for the processes that were forked from one another.
 *
 * before: a relative of one fork, in whose memory still stands what lay there before the write, as
 * the process that it was forked from; NULL: none. Some causes only the difference tells (Ruby's
 * marks). Where the process has gone, that relative is asked as the suspect.
 */
void data_find(struct data *data, struct suspect *suspect, struct suspect *before, uint64_t address,
    struct data_found *found);

/*
 * What the memory does not tell, the code that wrote does where it is an allocator's alone: its
 * module, as code_place() names it ("libjemalloc.so.2"). Nothing else is changed.
 */
void data_written_by(const char *module, struct data_found *found);

#endif
