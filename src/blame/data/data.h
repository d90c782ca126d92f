/*
 * What lies at an address of a target's memory: whose word it is, and so why it was written.
 * Decided by the memory itself and its mappings, never by a guess from a name; what is only
 * plausible is CAUSE_UNKNOWN.
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
	/* the object's type ("dict"), the symbol, the kind of chunk; "" if unknown */
	char object[BLAME_NAME_MAX];
};

struct data *data_new(void);
void data_free(struct data *data); /* NULL does nothing */

/*
 * Finds what lies at the address in this process. What was learned about a program (runtime,
 * layout, sizes) is kept for the processes that were forked from one another.
 *
 * before: a relative of the same fork, whose memory still holds what was there before the write,
 * such as the process that it was forked from; NULL: none. Some causes show only in the difference
 * (Ruby's marks). If the process has ended, that relative is passed as the suspect.
 */
void data_find(struct data *data, struct suspect *suspect, struct suspect *before, uint64_t address,
    struct data_found *found);

/*
 * If the memory doesn't tell, the code that wrote does if it is an allocator's: by its module, as
 * code_place() names it ("libjemalloc.so.2"). Changes nothing else.
 */
void data_written_by(const char *module, struct data_found *found);

#endif
