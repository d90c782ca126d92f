/*
 * Expectations: whether the facts of an expect command hold in a snapshot: yes, no, or not known on
 * this machine.
 */
#ifndef APP_LAB_EXPECT_H
#define APP_LAB_EXPECT_H

#include "base/buf.h"
#include "lab/lab.h"
#include "lang/command.h"
#include "model/lab/snapshot.h"

/* By how much the system's memory changed, in KiB. */
struct memory_change {
	/* anon: INT64_MIN where it is not known */
	int64_t used, cache, shared, available, dirty, anon;
};

/* What was measured beside the snapshots. */
struct measured {
	const struct memory_change *weighed; /* by the last weigh; NULL: none */
};

/*
 * Every fact on every page of every process named (of the file for WHO_FILE). TRI_NO: one is false;
 * TRI_UNKNOWN: none is, but of one the kernel does not tell whether it holds. Adds to why which
 * that is, the first one. A fact that cannot be asked there, such as what an absent page holds, is
 * false, negated or not.
 */
enum tri expect_holds(const struct snapshot *now, const struct measured *measured,
    const struct command *command, uint16_t processes, const struct page_range *ranges,
    size_t range_count, struct buf *why);

#endif
