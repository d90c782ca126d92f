/*
 * An inquest: why a family's pages are copied, from the moment it is opened. Fault events are taken
 * and explained in a thread of its own, as they come; each sample of the family says which of them
 * made a copy.
 */
#ifndef BLAME_JOIN_INQUEST_H
#define BLAME_JOIN_INQUEST_H

#include "base/err.h"
#include "blame/event/perf_record.h"
#include "model/family/blame.h"
#include "model/family/family.h"
#include "model/family/partings.h"

#define INQUEST_STACK_EVERY 10

struct inquest;

/* NULL: fault events are refused (ERR_MACHINE). */
struct inquest *inquest_open(
    const pid_t *pids, size_t count, unsigned stack_every, struct err *err);
void inquest_close(struct inquest *inquest); /* NULL does nothing */

/* Records besides those of the rings, in one piece; what they borrow is copied. For tests. */
void inquest_take(struct inquest *inquest, const struct perf_record *records, size_t count);

/*
 * Takes a sample begun after the inquest was opened: the first says what was copied before, each
 * further one what was copied since. Returns what is known by now; free it with blame_free().
 */
const struct blame *inquest_settle(struct inquest *inquest, const struct family *family);

/* What that sample's events told about its parted pages. Borrowed until the next one is settled. */
const struct partings_told *inquest_partings(const struct inquest *inquest);

#endif
